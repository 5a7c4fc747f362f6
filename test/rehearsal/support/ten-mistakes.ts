/** A school's workbook in its own layout: two rows that are right, ten that are wrong in ten ways and ten columns. */
import { type CellObject, utils, write } from '@e965/xlsx';

/** As one row of the school has them, in its order and spelling. */
const BLANK = {
  備註: '',
  身份證統一編號: '',
  '姓　名': '',
  電子郵件信箱: '',
  連絡電話: '',
  生日: '',
  性別: '女',
  學校代號: '064601',
  教育階段: '國小',
  現職: '教師',
  到校日: '',
  異動情形: '',
  異動生效日期: '',
  教師證書字號: '',
};
export type Title = keyof typeof BLANK;
type Cells = Partial<Record<Title, string | CellObject>>;

export const TITLES = Object.keys(BLANK) as Title[];

/** A cell that a spreadsheet shows as a day. */
const day = (serial: number): CellObject => ({ t: 'n', v: serial, z: 'yyyy/m/d' });
const LOST_ZERO: CellObject = { t: 'n', v: 912000003 };
const FAILED_LOOKUP: CellObject = { t: 'e', v: 0x2a, f: 'VLOOKUP(1,A1:B2,2,FALSE)' };

export const RIGHT = [
  { 身份證統一編號: 'A123456789', '姓　名': '王小明', 性別: '男', 生日: day(29712), 連絡電話: '0912000000' },
  { 身份證統一編號: 'M220000009', '姓　名': '許文', 生日: '70/05/06', 電子郵件信箱: 'hsu@example.tw' },
] satisfies Cells[];

export interface Mistake {
  code: string;
  cells: Cells & { 身份證統一編號: string };
  /** The one cell that is wrong, and what a person types there instead. */
  at: Title;
  typed: string;
  name: string;
  /** What the roster says in the end: birth date, title, e-mail, telephone, certificate, in service since. */
  roster: string;
}

/** Beside what is wrong stand values that a spreadsheet likes to change. */
export const MISTAKES: readonly Mistake[] = [
  {
    code: 'id-masked',
    cells: {
      備註: '=1+1',
      身份證統一編號: 'B1234*6780',
      '姓　名': '李大華',
      生日: day(27120),
      連絡電話: '04-22289111#540',
    },
    at: '身份證統一編號',
    typed: 'B123456780',
    name: '李大華',
    roster: '1974-04-01 教師 - 04-22289111#540 - 2024-07-30',
  },
  {
    code: 'name-missing',
    cells: { 備註: '-3', 身份證統一編號: 'C123456781', 生日: '70/05/06', 教師證書字號: '0012345678901234567' },
    at: '姓　名',
    typed: '𠮷野 新',
    name: '𠮷野 新',
    roster: '1981-05-06 教師 - - 0012345678901234567 2024-07-30',
  },
  {
    code: 'code-unreadable',
    cells: {
      備註: '1/2',
      身份證統一編號: 'D120000000',
      '姓　名': '何安',
      學校代號: '06A',
      生日: '0700506',
      連絡電話: LOST_ZERO,
    },
    at: '學校代號',
    typed: '064601',
    name: '何安',
    roster: '1981-05-06 教師 - 0912000003 - 2024-07-30',
  },
  {
    code: 'kindergarten-row-in-school-file',
    cells: {
      備註: '8月1日',
      身份證統一編號: 'E120000001',
      '姓　名': '周平',
      教育階段: '幼兒園',
      連絡電話: '0912000004',
    },
    at: '教育階段',
    typed: '國小',
    name: '周平',
    roster: '- 教師 - 0912000004 - 2024-07-30',
  },
  {
    code: 'raw-cell-error',
    cells: { 身份證統一編號: 'F229999995', '姓　名': '吳立', 現職: FAILED_LOOKUP, 生日: '70.5.6', 教師證書字號: '1e5' },
    at: '現職',
    typed: '校長',
    name: '吳立',
    roster: '1981-05-06 校長 - - 1e5 2024-07-30',
  },
  {
    code: 'change-unknown',
    cells: {
      身份證統一編號: 'G120000003',
      '姓　名': '鄭好',
      生日: '1981-05-06',
      異動情形: '失蹤',
      異動生效日期: '113/07/01',
    },
    at: '異動情形',
    typed: '新進',
    name: '鄭好',
    roster: '1981-05-06 教師 - - - 2024-07-01',
  },
  {
    code: 'change-date-missing',
    cells: { 身份證統一編號: 'H220000006', '姓　名': '高山', 異動情形: '新進', 教師證書字號: 'mar1' },
    at: '異動生效日期',
    typed: '113/07/01',
    name: '高山',
    roster: '- 教師 - - mar1 2024-07-01',
  },
  {
    code: 'date-unreadable',
    cells: { 身份證統一編號: 'J120000005', '姓　名': '孫海', 生日: '六三年愚人節', 到校日: '88/08/01' },
    at: '生日',
    typed: '63/4/1',
    name: '孫海',
    roster: '1974-04-01 教師 - - - 1999-08-01',
  },
  {
    code: 'phone-unreadable',
    cells: {
      備註: '50%',
      身份證統一編號: 'K220000008',
      '姓　名': '林淑芬',
      連絡電話: '分機 12',
      生日: '民國70年5月6日',
    },
    at: '連絡電話',
    typed: '0912000009',
    name: '林淑芬',
    roster: '1981-05-06 教師 - 0912000009 - 2024-07-29',
  },
  {
    code: 'email-invalid',
    cells: {
      身份證統一編號: 'L120000006',
      '姓　名': '趙川',
      電子郵件信箱: 'chao at example',
      連絡電話: '+886912000010',
    },
    at: '電子郵件信箱',
    typed: 'chao@example.tw',
    name: '趙川',
    roster: '- 教師 chao@example.tw 0912000010 - 2024-07-29',
  },
];

export function workbookWithMistakes(): Buffer {
  const [first, last] = RIGHT;
  const people = [first, ...MISTAKES.map(({ cells }) => cells), last].map((cells) => ({ ...BLANK, ...cells }));
  const rows = people.map((cells) => TITLES.map((title) => cells[title]));
  const sheet = utils.aoa_to_sheet([['私立示範國小 113 學年度教職員名冊'], TITLES, ...rows]);
  return write(utils.book_new(sheet, '名冊'), { type: 'buffer', bookType: 'xlsx' }) as Buffer;
}
