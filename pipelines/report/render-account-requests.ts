/** The request list for 本市教師研習中心 as a table of the report's kind, and for a terminal. */
import type { AccountRequest } from '../../schemas/outputs/account-requests.ts';
import { minute, number, unitLabel } from './labels.ts';
import { institutionColumns } from './tables/institution-columns.ts';
import { moment, type ReportTable, tableOf } from './tables/table-model.ts';
import { paragraph, WIDTH } from './text-layout.ts';
import { textTable } from './text-table.ts';

export const REQUESTS_TITLE = '總負責人帳號申請清單';

export const requestsTable = (requests: readonly AccountRequest[]): ReportTable =>
  tableOf(
    REQUESTS_TITLE,
    [
      { title: '編號', of: (r) => r.number, kind: 'number' },
      { title: '申請事項', of: (r) => r.asked },
      ...institutionColumns((r: AccountRequest) => r.institution),
      { title: '帳號', of: (r) => r.account },
      { title: '持有人', of: (r) => r.holder },
      { title: '事由', of: (r) => r.reason.zh },
      { title: '自', of: (r) => moment(r.since), kind: 'moment' },
      { title: '可否辦理', of: (r) => (r.blocked === null ? '可' : '尚不可') },
      { title: '待辦', of: (r) => r.blocked?.zh ?? null },
    ],
    requests,
    { note: '總負責人帳號之開通、異動、刪除由本市教師研習中心辦理（R18）。' },
  );

export function renderRequests(requests: readonly AccountRequest[]): string {
  if (requests.length === 0) return '沒有待本市教師研習中心辦理的總負責人帳號。\nNothing is asked of 本市教師研習中心.';
  const ready = requests.filter(({ blocked }) => blocked === null).length;
  return [
    `【${REQUESTS_TITLE}】${number(requests.length)} 件，可辦理 ${number(ready)} 件`,
    `${requests.length} requests to 本市教師研習中心 (R18), ${ready} can be done`,
    '',
    ...textTable(
      [
        { title: '編號', of: (r) => String(r.number), align: 'right' },
        { title: '申請', of: (r) => r.asked },
        { title: '學校', of: (r) => unitLabel(r.institution), flexible: true },
        { title: '帳號', of: (r) => r.account ?? '（無）' },
        { title: '持有人', of: (r) => r.holder ?? '（未載）' },
        { title: '事由', of: (r) => [r.reason.zh, r.blocked?.zh].filter((part) => part).join('；'), flexible: true },
        { title: '自', of: (r) => minute(r.since).slice(0, 10) },
      ],
      requests,
      WIDTH,
      0,
    ),
    '',
    ...paragraph('辦妥後登記：npx mingce accounts done 編號 開通|異動|刪除 --reason 事由 --as 使用者', 0),
  ].join('\n');
}
