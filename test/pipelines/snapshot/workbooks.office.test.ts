/** What LibreOffice makes of the workbooks of a snapshot and of the CSV for spreadsheets: opened and saved by it, they say what they said. */
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { read, utils, type WorkBook } from '@e965/xlsx';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportWorkbooks } from '../../../pipelines/snapshot.ts';
import { type LibreOffice, startLibreOffice } from '../../support/libreoffice.ts';
import { makeSmallCity, NAMES, type SmallCity } from './city.ts';

let city: SmallCity;
let office: LibreOffice;
let folder: string;
beforeAll(async () => {
  office = await startLibreOffice();
  city = await makeSmallCity();
  folder = await mkdtemp(path.join(tmpdir(), 'mingce-office-snapshot-'));
});
afterAll(async () => {
  await office?.close();
  await city?.close();
  await rm(folder, { recursive: true });
});

/** LibreOffice keeps 15 digits of a number. */
const kept = (cell: unknown): unknown => (typeof cell === 'number' ? Number(cell.toPrecision(14)) : cell);
const cellsOf = (book: WorkBook) =>
  book.SheetNames.map((name) => ({
    name,
    rows: utils
      .sheet_to_json<unknown[]>(book.Sheets[name]!, { header: 1, raw: true, defval: null })
      .map((row) => row.map(kept)),
  }));

it.each(['xlsx', 'ods'] as const)('an %s of an institution is opened whole and saved as it was', async (format) => {
  const dir = path.join(folder, format);
  await exportWorkbooks(city.world.ctx, {
    id: '113-teacher-plan-v1',
    dir,
    format,
    institution: { code: '064601', section: null },
  });
  const [name] = await readdir(dir);
  const file = path.join(dir, name!);
  const before = cellsOf(read(await readFile(file)));
  expect(before[0]!.rows).toHaveLength(NAMES.length + 1);
  await office.save(file);
  expect(cellsOf(read(await readFile(file)))).toEqual(before);
});

it('the CSV with a byte-order mark shows every name, and calculates nothing', async () => {
  const file = path.join(folder, 'plan.csv');
  await copyFile(path.join(city.folders['teacher-plan'], 'teacher-plan.bom.csv'), file);
  await office.save(file);
  const saved = await readFile(file, 'utf8');
  for (const name of ['歐陽娜娜', '𠮷田', '撒韵‧武荖', '㑒']) expect(saved).toContain(name);
  expect(saved).toContain('HYPERLINK(""x""),y');
  expect(saved).not.toContain('#NAME');
  expect(saved).not.toMatch(/,x,|Err:/);
});
