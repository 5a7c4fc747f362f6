/**
 * A table for a school's clerk as XLSX, ODS or CSV. In a workbook every cell, a blank one too, is of the format "text": no program evaluates or
 * converts what stands there, nor what is typed there. In a CSV, where nothing says so, an apostrophe stands before what a spreadsheet would change.
 */
import { link, lstat, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type CellObject, utils, type WorkSheet, write as writeBook } from '@e965/xlsx';
import { ExpectedError } from '../../schemas/expected-error.ts';
import { markText, odsText, xlsxText } from '../../schemas/spreadsheet-text.ts';
import { WrongRequestError } from '../../schemas/wrong-request.ts';
import { csvLine } from '../snapshot/csv.ts';

export interface TextTable {
  sheet: string;
  rows: readonly (readonly string[])[];
}

const TEXT_FORMAT = '@';
const BOM = '\uFEFF';
const WIDEST = 60;
const NARROWEST = 8;

function widths(rows: TextTable['rows']): number[] {
  const width = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, i) => {
    // Letterhead lines stand in the first cell and run over the others: they do not make a column wide.
    const longest = Math.max(...rows.filter((row) => row.length > 1).map((row) => (row[i] ?? '').length * 2));
    return Math.min(WIDEST, Math.max(NARROWEST, longest + 2));
  });
}

/** By SheetJS: hucre has no format "text" in ODS, and makes an error of a text such as `#N/A`. */
function workbook({ sheet, rows }: TextTable, bookType: 'xlsx' | 'ods'): Uint8Array {
  const textCell = (text: string): CellObject => {
    return { t: 's', v: bookType === 'xlsx' ? xlsxText(text) : odsText(text), z: TEXT_FORMAT };
  };
  const cells: WorkSheet = utils.aoa_to_sheet(rows.map((row) => row.map(textCell)));
  cells['!cols'] = widths(rows).map((wch) => ({ wch }));
  const options = { bookType, type: 'buffer', compression: true, bookSST: true } as const;
  return writeBook(utils.book_new(cells, sheet), options) as Buffer;
}

const csv = ({ rows }: TextTable): Uint8Array =>
  Buffer.from(BOM + rows.map((row) => csvLine(row.map(markText))).join(''));

const WRITERS: Readonly<Record<string, (table: TextTable) => Uint8Array>> = {
  '.xlsx': (table) => workbook(table, 'xlsx'),
  '.ods': (table) => workbook(table, 'ods'),
  '.csv': csv,
};
const endingOf = (file: string): string => path.extname(file).toLowerCase();

export const TABLE_FORMATS = Object.keys(WRITERS);

/** Whether a spreadsheet keeps what is typed into the file as it is typed. */
export const keepsTypedText = (file: string): boolean => endingOf(file) !== '.csv';

/** What the machine is at fault for; the rest is the name that was given. */
const MACHINE: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EMFILE']);
/** File systems without hard links. */
const NO_LINKS: ReadonlySet<unknown> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Gives the file its name unless something has it: a correction file that a school is working on is never written over. */
async function publish(part: string, file: string): Promise<void> {
  try {
    await link(part, file);
  } catch (error) {
    if (!NO_LINKS.has(codeOf(error))) throw error;
    const there = await lstat(file).catch((missing: unknown) => {
      if (codeOf(missing) === 'ENOENT') return null;
      throw missing;
    });
    if (there) throw Object.assign(new Error(`${file} exists`, { cause: error }), { code: 'EEXIST' });
    await rename(part, file);
  }
}

function explain(file: string, error: unknown): Error {
  const code = codeOf(error);
  if (code === undefined) return error as Error;
  const options = { cause: error };
  if (code === 'EEXIST')
    return new WrongRequestError(
      `FILE ${file}: is there already and is not written over; expected a new name`,
      options,
    );
  if (MACHINE.has(code)) return new ExpectedError(`FILE ${file}: the disk does not take it (${code})`, options);
  return new WrongRequestError(
    `FILE ${file}: cannot be written (${code}); expected a name in a folder that is there and that this user can write`,
    options,
  );
}

/**
 * Owner only (it holds personal data); a temporary name first, so that the file is whole or not there.
 * @throws ExpectedError for an ending that we do not write and a disk that takes nothing; WrongRequestError for a name that cannot be written or is taken
 */
export async function writeTable(file: string, table: TextTable): Promise<void> {
  const write = WRITERS[endingOf(file)];
  if (!write) throw new ExpectedError(`${path.basename(file)}: expected a name ending in ${TABLE_FORMATS.join(', ')}`);
  const bytes = write(table);
  const part = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.part`);
  try {
    if (await lstat(file).catch(() => null)) throw Object.assign(new Error(`${file} exists`), { code: 'EEXIST' });
    const handle = await open(part, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await publish(part, file);
  } catch (error) {
    throw explain(file, error);
  } finally {
    await rm(part, { force: true });
  }
}
