/** An independent reader of the sample's files, simpler than the product's connector: it only counts and compares. */
import { readFileSync } from 'node:fs';
import * as XLSX from '@e965/xlsx';
import Papa from 'papaparse';
import { ROSTER_ALIASES } from '../../../samples/inbox/aliases.ts';

export interface Sheet {
  /** All rows as text, from the first of the file. */
  rows: string[][];
  /** Place of the title row. */
  titles: number;
  changes: boolean;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('big5').decode(bytes);
  }
}

export function readSheet(file: string): Sheet {
  const bytes = readFileSync(file);
  let rows: string[][];
  if (file.endsWith('.csv')) {
    rows = Papa.parse<string[]>(decode(bytes), { delimiter: ',' }).data;
    if (rows.at(-1)?.join('') === '') rows.pop();
  } else {
    const book = XLSX.read(bytes, { raw: true });
    const sheet = book.Sheets[book.SheetNames[0] ?? ''];
    if (!sheet) throw new Error(`${file} has no sheet`);
    rows = XLSX.utils
      .sheet_to_json<unknown[]>(sheet, { header: 1, raw: true, defval: '', blankrows: true })
      .map((row) => row.map((cell) => String(cell ?? '')));
  }
  const names: readonly string[] = [...ROSTER_ALIASES.姓名, '使用者姓名', '持有人'];
  const titles = rows.findIndex((row) => row.some((cell) => names.includes(cell)));
  if (titles < 0) throw new Error(`${file} has no title row`);
  return { rows, titles, changes: rows.slice(0, titles).some((row) => row[0] === '名冊別：異動') };
}

/** Rows below the titles as canonical title → text. */
export function records(sheet: Sheet, aliases: Readonly<Record<string, readonly string[]>>): Record<string, string>[] {
  const header = (sheet.rows[sheet.titles] ?? []).map(
    (title) => Object.keys(aliases).find((column) => aliases[column]?.includes(title)) ?? title,
  );
  return sheet.rows
    .slice(sheet.titles + 1)
    .map((row) => Object.fromEntries(header.map((column, i) => [column, row[i] ?? ''])));
}
