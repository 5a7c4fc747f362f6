/**
 * The roster of `roster-file.ts` as a workbook, in a process of its own: writing one takes more memory than reading it may.
 * Usage: node bench/workbook-file.ts CSV WORKBOOK (its ending says the format)
 */
import { readFile, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import * as sheetjs from '@e965/xlsx';
import { writeXlsx } from 'hucre/xlsx';
import Papa from 'papaparse';

const BOOK_TYPES: Readonly<Record<string, sheetjs.BookType>> = { '.ods': 'ods', '.xls': 'biff8' };

async function main([csv = '', workbook = '']: string[]): Promise<void> {
  const rows = Papa.parse<string[]>((await readFile(csv, 'utf8')).trim()).data;
  const bookType = BOOK_TYPES[extname(workbook)];
  if (bookType === undefined) {
    await writeFile(workbook, await writeXlsx({ sheets: [{ name: '教師名冊', rows }] }));
    return;
  }
  const Sheets = { 教師名冊: sheetjs.utils.aoa_to_sheet(rows) };
  const book = { SheetNames: Object.keys(Sheets), Sheets };
  await writeFile(workbook, sheetjs.write(book, { type: 'buffer', bookType, compression: true }) as Buffer);
}

await main(process.argv.slice(2));
