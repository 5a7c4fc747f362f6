/**
 * How one school sends its files: format, order and spelling of the columns, ways of writing. The same school sends the same
 * way every time, so a profile depends on the seed and the school's code only.
 */
import { type Random, random } from '../world/random.ts';
import { ACCOUNT_ALIASES, type AccountColumn, type ExtraColumn, ROSTER_ALIASES, type RosterColumn } from './aliases.ts';
import type { DateStyle } from './dates.ts';

export const FILE_FORMATS = ['csv-utf8', 'csv-utf8-bom', 'csv-big5', 'xlsx', 'ods'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export interface ColumnUse<C extends string> {
  column: C;
  header: string;
}

export interface Profile {
  code: string;
  format: FileFormat;
  newline: '\n' | '\r\n';
  quoteAll: boolean;
  /** What a Big5 exporter writes for a character it lacks. */
  lostGlyph: 'question' | 'entity';
  layout: 'folder' | 'flat';
  letterhead: 0 | 1 | 2 | 3;
  /** Says 名冊別：完整名冊 above the header of a complete roster. */
  saysComplete: boolean;
  /** Only the hashed identifier (身分證編碼) leaves this school. */
  hashed: boolean;
  dates: DateStyle;
  otherDates: DateStyle;
  sexAsDigit: boolean;
  kindAsLabel: boolean;
  separator: '、' | ';' | '/';
  momentStyle: 'roc' | 'iso';
  /** The school code became a number in the spreadsheet: its leading zero is gone. */
  losesZero: boolean;
  /** Numbers were written through a data frame: `64350.0`. */
  floats: boolean;
  marksHires: boolean;
  /** A file whose rows need a column beyond these (學制, 主聘, 異動別 …) carries it at the end. */
  columns: ColumnUse<RosterColumn | ExtraColumn>[];
  accountColumns: ColumnUse<AccountColumn>[];
}

const CSV_DATES: DateStyle[] = [
  'roc-words',
  'roc-slash',
  'roc-slash',
  'roc-dash',
  'roc-compact',
  'roc-short',
  'roc-dots',
  'roc-full-words',
  'western',
];
const SHEET_DATES: DateStyle[] = [...CSV_DATES, 'serial', 'serial-formatted', 'serial-formatted'];

function pickFormat(rng: Random): FileFormat {
  const roll = rng.next();
  if (roll < 0.3) return 'csv-utf8';
  if (roll < 0.55) return 'csv-utf8-bom';
  return roll < 0.7 ? 'csv-big5' : roll < 0.9 ? 'xlsx' : 'ods';
}

const header = <C extends string>(rng: Random, column: C, titles: readonly string[]): ColumnUse<C> => ({
  column,
  header: rng.chance(0.5) ? (titles[0] ?? column) : rng.pick(titles),
});

function rosterColumns(rng: Random, hashed: boolean): Profile['columns'] {
  const roster = (column: RosterColumn): ColumnUse<RosterColumn> => header(rng, column, ROSTER_ALIASES[column]);
  const extra = (column: ExtraColumn): ColumnUse<ExtraColumn> => ({ column, header: column });
  const code = roster('學校代碼');
  const section = rng.chance(0.4) ? [roster('學制')] : [];
  const core = [roster(hashed ? '身分證編碼' : '身分證字號'), roster('姓名'), roster('職稱'), roster('任教科目')];
  const optional: [RosterColumn, boolean][] = [
    ['性別', rng.chance(0.9)],
    ['出生日期', rng.chance(0.94)],
    ['職別', rng.chance(0.5)],
    ['主聘', rng.chance(0.3)],
    ['電子郵件', rng.chance(0.5)],
    ['聯絡電話', rng.chance(0.4)],
    ['教師證字號', rng.chance(0.3)],
    ['登錄時間', rng.chance(0.05)],
  ];
  const more = optional.filter(([, used]) => used).map(([column]) => roster(column));
  const changes = rng.chance(0.4) ? [roster('異動別'), roster('異動日期')] : [];
  const body = rng.chance(0.3)
    ? rng.shuffled([code, ...section, ...core, ...more])
    : [code, ...section, ...core, ...more];
  const remarks = rng.chance(0.12) ? [extra('備註')] : [];
  const schoolName = rng.chance(0.1) ? [extra('學校名稱')] : [];
  return [...(rng.chance(0.2) ? [extra('序號')] : []), ...schoolName, ...body, ...changes, ...remarks];
}

function accountColumns(rng: Random, hashed: boolean): Profile['accountColumns'] {
  const use = (column: AccountColumn): ColumnUse<AccountColumn> => header(rng, column, ACCOUNT_ALIASES[column]);
  const id = use(hashed ? '身分證編碼' : '身分證字號');
  const all = [
    use('學校代碼'),
    use('帳號'),
    use('帳號類別'),
    id,
    use('姓名'),
    use('狀態'),
    use('啟用日期'),
    use('最後登入'),
  ];
  return rng.chance(0.2) ? rng.shuffled(all) : all;
}

export function makeProfile(seed: string, code: string): Profile {
  const rng = random(`${seed}/profile/${code}`);
  const format = pickFormat(rng);
  const sheet = format === 'xlsx' || format === 'ods';
  const hashed = rng.chance(0.12);
  const numeric = /^\d{6}$/.test(code);
  const dates = rng.pick(sheet ? SHEET_DATES : CSV_DATES);
  return {
    code,
    format,
    newline: rng.chance(0.5) ? '\r\n' : '\n',
    quoteAll: rng.chance(0.15),
    lostGlyph: rng.chance(0.5) ? 'question' : 'entity',
    layout: rng.chance(0.5) ? 'folder' : 'flat',
    letterhead: rng.pick([0, 0, 0, 1, 2, 3] as const),
    saysComplete: rng.chance(0.25),
    hashed,
    dates,
    otherDates: rng.pick(CSV_DATES),
    sexAsDigit: rng.chance(0.25),
    kindAsLabel: rng.chance(0.5),
    separator: rng.pick(['、', '、', ';', '/'] as const),
    momentStyle: rng.chance(0.5) ? 'roc' : 'iso',
    losesZero: sheet && numeric && code.startsWith('0') && rng.chance(0.4),
    floats: !sheet && numeric && rng.chance(0.03),
    marksHires: rng.chance(0.6),
    columns: rosterColumns(rng, hashed),
    accountColumns: accountColumns(rng, hashed),
  };
}
