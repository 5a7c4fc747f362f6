/**
 * A file of one kind in the inbox of another. The kinds share titles (學校代碼, 姓名, 身分證字號), so a list of accounts would pass for a complete roster
 * and everybody who holds no account for missing. What tells is the titles that only one of the two kinds has.
 */
import type { Column } from '../../schemas/columns.ts';
import { REQUIRED_COLUMNS } from '../../schemas/contracts.ts';
import type { RecordKind } from '../../schemas/records.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { COLUMN_ALIASES } from './column-aliases.ts';
import { type TitleIndex, titleIndex } from './title-index.ts';

/** Kinds of files that schools hand in, and what says that a file is of one. */
const KINDS = {
  staff: 'file-is-roster',
  account: 'file-is-accounts',
  course: 'file-is-courses',
} as const satisfies Partial<Record<RecordKind, string>>;
type FileKind = keyof typeof KINDS;

/** One foreign title may be a remark of the school; two of them and none of the wanted kind's own are another list. */
const FROM_TITLES = 2;

const INDEXES = new Map(
  (Object.keys(KINDS) as FileKind[]).map((kind): [FileKind, TitleIndex] => [kind, titleIndex(kind)]),
);

const columnOf = (index: TitleIndex, title: string): Column | null => index(title)?.column ?? null;

/** Columns that the titles have as a file of `kind` and that a file of the other index does not know. */
function ownColumns(titles: readonly string[], index: TitleIndex, other: TitleIndex): Column[] {
  const own = titles.filter((title) => columnOf(other, title) === null).map((title) => columnOf(index, title));
  return [...new Set(own)].filter((column) => column !== null);
}

/**
 * @param cells a row that may be the titles
 * @param titles what titles mean in files of the wanted kind, as configured
 * @returns what the file is, as an error that names its columns; null where nothing says that it is of another kind
 */
export function otherKind(
  cells: readonly string[],
  wanted: RecordKind,
  titles: TitleIndex,
  file: string,
): SourceError | null {
  if (!(wanted in KINDS)) return null;
  const named = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  for (const [kind, index] of INDEXES) {
    if (kind === wanted) continue;
    const ours = ownColumns(named, titles, index).length;
    const columns = ownColumns(named, index, titles);
    // A list of accounts may say 職稱 of their holders: what has all that the other kind needs, and more of its own than of ours, is of that kind.
    const whole = REQUIRED_COLUMNS[kind].every((column) => named.some((title) => columnOf(index, title) === column));
    if (columns.length < FROM_TITLES || (ours > 0 && !(whole && columns.length > ours))) continue;
    // By the common title, never as it stands there: a title may carry a remark.
    const found = columns.map((column) => COLUMN_ALIASES[kind][column]![0]!).join('、');
    return new SourceError(KINDS[kind], { file, found });
  }
  return null;
}

/** Whether an error says that a table is of another kind: another sheet of the workbook may be of the right one. */
export const isOtherKind = (error: unknown): error is SourceError =>
  error instanceof SourceError && Object.values<string>(KINDS).includes(error.code);
