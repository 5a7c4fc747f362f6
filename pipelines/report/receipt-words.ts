/** The words of a receipt, for text and page alike. */

import type { QuarantineRow } from '../../schemas/outputs/quarantine.ts';
import type { Receipt, ReceiptFile } from '../../schemas/outputs/receipt.ts';
import type { RecordKind } from '../../schemas/records.ts';
import { minute, number } from './labels.ts';
import { placeOf, placeText } from './place-of.ts';

export const OUTCOME: Readonly<Record<Receipt['outcome'], string>> = {
  taken: '已採用',
  'partly-taken': '部分採用',
  waiting: '已收到，尚未列入名冊：學校代碼不在學校清單中',
  held: '已收到，異動超過單日上限，暫停寫入，待教育局核定',
  'same-as-before': '與前次相同，沒有異動',
  'old-file': '舊檔案，未採用',
  refused: '未採用',
  'read-again': '系統已重新讀取先前的檔案',
};
const KIND: Readonly<Record<RecordKind, string>> = {
  staff: '教師名冊',
  account: '業務帳號',
  institution: '機構資料',
  course: '研習課程',
};
const FORMAT: Readonly<Record<string, string>> = {
  csv: 'CSV',
  xlsx: 'Excel（.xlsx）',
  ods: 'ODF（.ods）',
  xls: 'Excel（.xls）',
};

export const sender = (r: Receipt): string =>
  r.institution === null ? r.source : [r.institution.code, r.institution.name ?? '（不在學校清單中）'].join(' ');

export const takenFor = (r: Receipt, file: ReceiptFile): string =>
  `${KIND[r.kind]}（${file.complete ? '完整' : '異動'}）`;

/** How the file was read: format, encoding, sheet, where its titles stand. */
export const readAs = (file: ReceiptFile): string =>
  [
    file.format === null ? null : (FORMAT[file.format] ?? file.format.toUpperCase()),
    file.encoding === null ? null : `編碼 ${file.encoding.toUpperCase()}`,
    file.sheet === null ? null : `工作表「${file.sheet}」`,
    file.headerRow === null ? null : `欄名在第 ${file.headerRow} 列`,
  ]
    .filter((part) => part !== null)
    .join('，');

const WHY_ASIDE: Readonly<Record<string, string>> = {
  'newer-complete-list': '同一次執行另有較新的完整清單，以較新者為準',
  'delivery-older-than-landed': '比先前已採用的資料舊',
};

/** Why a file was left out: `name: code`. */
export const setAside = (entry: string): string =>
  entry.replace(/: ([a-z-]+)$/, (_, code: string) => `（${WHY_ASIDE[code] ?? '無法讀取，或不是名冊可用的格式'}）`);

export const columnsFound = (file: ReceiptFile): string =>
  file.columns.map(({ title, column }) => (title === column ? title : `${title}→${column}`)).join('、');

export const COUNTS = [
  ['收到', 'read'],
  ['採用', 'accepted'],
  ['未變', 'unchanged'],
  ['未採用', 'quarantined'],
  ['待審', 'excluded'],
  ['重複', 'duplicate'],
  ['未列', 'missing'],
  ['待確認', 'waiting'],
] as const;

/** Why a row was not taken: what stands in the way first, doubts left to the list of warnings. */
export const reasons = (row: QuarantineRow): string[] =>
  row.issues
    .filter((issue) => issue.severity !== 'doubt')
    .map((issue) =>
      [issue.title ? `「${issue.title}」${issue.value === null ? '' : ` ${issue.value}`}：` : '', issue.text.zh].join(
        '',
      ),
    );

export const effect = (row: QuarantineRow): string =>
  row.severity === 'row'
    ? `整列未採用${row.lastGoodKept ? '，沿用前次' : ''}`
    : `此欄未採用${row.lastGoodKept ? '，沿用前次' : ''}`;

export const deadline = (r: Receipt): string =>
  r.dueBy === null ? '' : `請於 ${minute(r.dueBy.at)} 前完成（${r.dueBy.campaign}的基準時間）。`;

export const help = (r: Receipt): string =>
  r.contacts === null ? '' : `電話 ${r.contacts.phone}，電子郵件 ${r.contacts.email}`;

export { minute, number, placeOf, placeText };
