/** What LibreOffice makes of the workbooks of a report: opened and saved by it, they say what they said. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { read, utils, type WorkBook } from '@e965/xlsx';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderOds } from '../../../pipelines/report/render-ods.ts';
import { renderXlsx } from '../../../pipelines/report/render-xlsx.ts';
import { reportTables } from '../../../pipelines/report/report-tables.ts';
import { type LibreOffice, startLibreOffice } from '../../support/libreoffice.ts';
import { fullReport } from './full-report.ts';

const report = fullReport();
let office: LibreOffice;
let folder: string;
beforeAll(async () => {
  office = await startLibreOffice();
  folder = await mkdtemp(path.join(tmpdir(), 'mingce-report-'));
});
afterAll(async () => {
  await office?.close();
  await rm(folder, { recursive: true });
});

/** LibreOffice keeps 15 digits of a number, and writes a space at the end of a text in a way that SheetJS does not read. */
const kept = (cell: unknown): unknown =>
  typeof cell === 'string' ? cell.trimEnd() : typeof cell === 'number' ? Number(cell.toPrecision(14)) : cell;

const cellsOf = (book: WorkBook) =>
  book.SheetNames.map((name) => {
    const rows = utils.sheet_to_json<unknown[]>(book.Sheets[name]!, { header: 1, raw: true, defval: null });
    return { name, rows: rows.map((row) => row.map(kept)) };
  });

async function savedBy(name: string, bytes: Uint8Array): Promise<Buffer> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  await office.save(file);
  return readFile(file);
}

it.each([
  ['xlsx', renderXlsx],
  ['ods', async (r: typeof report) => renderOds(r)],
] as const)('an %s is opened whole and saved as it was', async (ending, render) => {
  const bytes = await render(report);
  const saved = await savedBy(`report.${ending}`, bytes);
  const before = cellsOf(read(bytes));
  expect(before.map(({ name }) => name)).toEqual(reportTables(report).map(({ name }) => name));
  expect(cellsOf(read(saved))).toEqual(before);
});
