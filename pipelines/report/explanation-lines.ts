/** Where a value came from, in lines for a terminal of 100 columns. */
import type { ExplainedValue, Lineage } from '../../schemas/outputs/explanation.ts';
import { wrap } from './display-width.ts';
import { minute } from './labels.ts';
import { placeText } from './place-of.ts';

const WIDTH = 100;

const original = ({ object, row, objectRemovedAt }: Lineage): string =>
  `${placeText(object ?? '（檔案已不存）', row)}${objectRemovedAt ? `（原檔已依保存期限於 ${objectRemovedAt.slice(0, 10)} 刪除）` : ''}`;
const source = (from: Lineage): string =>
  from.manual === null ? bySource(from) : `${hand(from.manual)}；原依 ${bySource(from)}`;
const hand = ({ number, by, reason, setAt, until }: NonNullable<Lineage['manual']>): string =>
  `人工指定第 ${number} 號（${by} 於 ${minute(setAt)}，${until === null ? '未定期限' : `至 ${until}`}；${reason}）`;
const bySource = (from: Lineage): string =>
  `${from.source}，${original(from)}；第 ${from.run} 次執行；規則 ${from.rule}（${from.reason}）${judged(from)}`;
const judged = ({ judgement: j }: Lineage): string =>
  j === null ? '' : `；依第 ${j.number} 號裁定（${j.by} 於 ${minute(j.decidedAt)}：${j.reason}）`;
const times = (from: Lineage): string => `來源登錄 ${minute(from.registeredAt)}，本系統記錄 ${minute(from.recordedAt)}`;

export const under = (text: string, indent: number): string[] =>
  wrap(text, WIDTH - indent).map((line) => ' '.repeat(indent) + line);

export const beforeLines = (before: ExplainedValue['before'], indent: number): string[] =>
  before.flatMap((old) => under(`原為「${old.value ?? '（無）'}」：${source(old.from)}`, indent));

export const lineageLines = (from: Lineage, before: ExplainedValue['before'], indent: number): string[] => [
  ...under(source(from), indent),
  ...under(times(from), indent),
  ...beforeLines(before, indent),
];
