/** Consumers and what each received, for a terminal of 100 columns. */
import type { ConsumerLine, OutdatedLine } from '../../schemas/outputs/consumers.ts';
import { minute, number } from './labels.ts';
import { type TextColumn, textTable } from './text-table.ts';

const WIDTH = 100;
type Received = ConsumerLine['received'][number];

const when = (moment: string | null): string => (moment === null ? '-' : minute(moment));

const saidOf = ({ receipt }: Received): string =>
  receipt === null
    ? '未回報'
    : `匯入 ${number(receipt.imported)}，退回 ${number(receipt.rejected)}${receipt.reasons.map(({ code, rows }) => `；${code} ${number(rows)}`).join('')}`;

export function renderConsumers(consumers: readonly ConsumerLine[]): string {
  if (consumers.length === 0) return '尚無取用系統。 No consumer yet: "mingce tokens add" makes the first.\n';
  const columns: TextColumn<ConsumerLine>[] = [
    { title: '取用系統', of: (c) => c.consumer },
    { title: '有效權杖', of: (c) => String(c.tokens), align: 'right' },
    { title: '快照', of: (c) => c.kinds.join(',') || '-' },
    { title: '最近使用', of: (c) => when(c.lastUsedAt) },
    {
      title: '已取得',
      of: (c) =>
        c.received
          .filter(({ data }) => data)
          .map(({ snapshot }) => snapshot)
          .join(' ') || '-',
      flexible: true,
    },
  ];
  return `${textTable(columns, consumers, WIDTH, 0).join('\n')}\n`;
}

export function renderConsumer({ consumer, tokens, kinds, lastUsedAt, received }: ConsumerLine): string {
  const columns: TextColumn<Received>[] = [
    { title: '快照', of: (r) => r.snapshot },
    { title: '次數', of: (r) => String(r.fetches), align: 'right' },
    { title: '首次', of: (r) => when(r.firstAt) },
    { title: '最近', of: (r) => when(r.lastAt) },
    { title: '檔案', of: (r) => r.files.join(' ') || '-', flexible: true },
    { title: '回報', of: saidOf, flexible: true },
  ];
  const head = `${consumer}：有效權杖 ${tokens}（${kinds.join(',') || '-'}），最近使用 ${when(lastUsedAt)}`;
  const body =
    received.length === 0 ? ['尚未取得任何快照。 It has fetched nothing yet.'] : textTable(columns, received, WIDTH, 0);
  return `${[head, ...body].join('\n')}\n`;
}

export function renderOutdated(lines: readonly OutdatedLine[]): string {
  if (lines.length === 0) return '沒有取用系統持有已更正的快照。 Nobody holds a snapshot that was corrected.\n';
  const columns: TextColumn<OutdatedLine>[] = [
    { title: '取用系統', of: (o) => o.consumer },
    { title: '持有', of: (o) => o.snapshot },
    { title: '取得', of: (o) => minute(o.lastAt) },
    { title: '更正為', of: (o) => o.newer },
    { title: '更正時間', of: (o) => minute(o.newerAt) },
    { title: '狀態', of: (o) => (o.fetchedNewer ? '已取得更正版' : '須通知 must be told') },
  ];
  return `${textTable(columns, lines, WIDTH, 0).join('\n')}\n`;
}
