/** Cells to the bytes of one format. The same cells give the same bytes on every machine and at every time. */
import * as XLSX from '@e965/xlsx';
import { writeXlsx } from 'hucre/xlsx';
import iconv from 'iconv-lite';
import type { Profile } from './profile.ts';
import type { Cell } from './table.ts';

const asText = (cell: Cell): string => (typeof cell === 'string' ? cell : String(cell.number));

function csvText(cells: readonly Cell[][], profile: Profile): string {
  const field = (cell: Cell): string => {
    const text = asText(cell);
    return profile.quoteAll || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return cells.map((row) => row.map(field).join(',') + profile.newline).join('');
}

/** Fixed: a workbook would otherwise carry the moment of its writing. */
const WRITTEN = new Date('2024-07-01T00:00:00Z');

async function xlsx(cells: readonly Cell[][]): Promise<Buffer> {
  const formatted = new Map<string, { value: number; style: { numFmt: string } }>();
  const rows = cells.map((row, r) =>
    row.map((cell, c) => {
      if (typeof cell === 'string') return cell;
      if (cell.format) formatted.set(`${r},${c}`, { value: cell.number, style: { numFmt: cell.format } });
      return cell.number;
    }),
  );
  const properties = { created: WRITTEN, modified: WRITTEN };
  return Buffer.from(await writeXlsx({ sheets: [{ name: '名冊', rows, cells: formatted }], properties }));
}

function ods(cells: readonly Cell[][]): Buffer {
  const rows = cells.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : cell.number)));
  const book = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet(rows), '名冊');
  return XLSX.write(book, { bookType: 'ods', type: 'buffer', compression: true }) as Buffer;
}

export async function encode(cells: readonly Cell[][], profile: Profile): Promise<Buffer> {
  switch (profile.format) {
    case 'csv-utf8':
      return Buffer.from(csvText(cells, profile), 'utf8');
    case 'csv-utf8-bom':
      return Buffer.from(`\uFEFF${csvText(cells, profile)}`, 'utf8');
    case 'csv-big5':
      return iconv.encode(csvText(cells, profile), 'cp950');
    case 'xlsx':
      return xlsx(cells);
    case 'ods':
      return ods(cells);
  }
}

export const extensionOf = (profile: Profile): string =>
  profile.format === 'xlsx' || profile.format === 'ods' ? profile.format : 'csv';
