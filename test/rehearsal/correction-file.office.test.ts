/**
 * A school's workbook with ten different mistakes, end to end with the program that schools correct it in: the correction file is opened and saved
 * by LibreOffice, which must keep every cell; a script types the right values into it there; sent back, all ten close and nothing else happens.
 */
import { chmod, copyFile, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type CellObject, read, utils } from '@e965/xlsx';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceSpec } from '../../pipelines/land.ts';
import { exportCorrection } from '../../pipelines/quarantine/correction-file.ts';
import { listQuarantine } from '../../pipelines/quarantine/list-quarantine.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { type LibreOffice, startLibreOffice } from '../support/libreoffice.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { MISTAKES, RIGHT, TITLES, workbookWithMistakes } from './support/ten-mistakes.ts';

let office: LibreOffice;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mingce-corrected-'));
  office = await startLibreOffice();
});
afterAll(async () => {
  await office?.close();
  await rm(folder, { recursive: true });
});

/** Every row as text; of a workbook every cell must be text, and so must be what is typed into one that is blank. */
async function cellsOf(file: string): Promise<string[][]> {
  const bytes = await readFile(file);
  const trimEnd = (cells: string[]) => cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1);
  if (file.endsWith('.csv')) {
    return Papa.parse<string[]>(new TextDecoder().decode(bytes), { skipEmptyLines: true }).data.map(trimEnd);
  }
  const book = read(bytes, { type: 'buffer' });
  const sheet = book.Sheets[book.SheetNames[0] as string] ?? {};
  const cells = Object.entries(sheet).filter(([at]) => !at.startsWith('!')) as [string, CellObject][];
  expect(cells.filter(([, { t }]) => t !== 's')).toEqual([]);
  return utils.sheet_to_json<string[]>(sheet, { header: 1, defval: '' }).map(trimEnd);
}

it('LibreOffice changes what stands bare in a CSV and what is typed bare into it: what the apostrophes are for', async () => {
  const file = path.join(folder, 'bare.csv');
  await writeFile(file, '\uFEFF學校代號,生日,電話,字號\r\n064601,70/05/06,0912000001,0012345678901234567\r\n');
  await office.save(file, { A3: '064601', B3: '63/4/1', C3: "'0912000002" });
  expect(await cellsOf(file)).toEqual([
    ['學校代號', '生日', '電話', '字號'],
    ['64601', '1970/5/6', '912000001', '1.23456789012346E+016'],
    ['64601', '1963/4/1', '0912000002'],
  ]);
});

describe.each(['.xlsx', '.ods', '.csv'])('a correction file as %s', (format) => {
  let small: SmallInstallation;
  let file: string;
  beforeAll(async () => {
    small = await openSmallInstallation();
    file = path.join(folder, `更正${format}`);
  });
  afterAll(() => small.close());

  const open = async () => (await listQuarantine(small.db, {})).list;
  const part = (night: SyncResult) => night.sources.find(({ source }) => source === 'roster')?.parts?.[0];
  const changed = (night: SyncResult) => Object.values(night.changes).flatMap((c) => [c.added, c.changed, c.ended]);
  async function arrive(name: string, arrived: string): Promise<void> {
    await chmod(small.inbox(name), 0o600);
    await utimes(small.inbox(name), new Date(arrived), new Date(arrived));
  }
  /** Of each person in service at the school, by name: the identifier and what `Mistake.roster` says. */
  async function roster(): Promise<Record<string, string>> {
    const { rows } = await small.db.raw(
      `SELECT p.name, i.hmac, i.sealed, concat_ws(' ', coalesce(p.birth_date::text, '-'), v.title, coalesce(p.email, '-'), coalesce(p.phone, '-'),
         coalesce(p.certificate_no, '-'), v.valid_from) AS line
       FROM warehouse.person_version p JOIN warehouse.assignment a USING (person_id) JOIN warehouse.assignment_version v ON v.assignment_id = a.id
       JOIN warehouse.person_identifier USING (person_id) JOIN landing.identifier i USING (hmac)
       JOIN warehouse.institution_code c ON c.institution_id = a.institution_id AND c.code = '064601'
       WHERE p.recorded_to = 'infinity' AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity'`,
    );
    return Object.fromEntries(
      rows.map(({ name, hmac, sealed, line }: { name: string; hmac: Buffer; sealed: Buffer; line: string }) => {
        const id = small.ctx.keyring.open(`landing.identifier.sealed:${hmac.toString('hex')}`, sealed);
        return [name, `${id} ${line}`];
      }),
    );
  }

  it('names the ten mistakes', async () => {
    await writeFile(small.inbox('064601 教職員名冊.xlsx'), workbookWithMistakes());
    await arrive('064601 教職員名冊.xlsx', '2024-07-29T10:00:00+08:00');
    const night = await small.night('2024-07-30T02:00:00+08:00');
    expect(part(night)).toMatchObject({ source: 'roster/064601', read: 12, accepted: 5, quarantined: 7 });
    const list = await open();
    expect(list.map(({ issues }) => issues[0]?.code).sort()).toEqual(MISTAKES.map(({ code }) => code).sort());
    const spec = (await small.sources()).specs.get('roster') as SourceSpec;
    expect(await exportCorrection(small.ctx, spec, 'roster/064601', file)).toMatchObject({ rows: 10 });
  });

  it('is kept cell by cell when LibreOffice opens and saves it', async () => {
    const before = await cellsOf(file);
    const bytes = await readFile(file);
    await office.save(file);
    expect((await readFile(file)).equals(bytes)).toBe(false);
    expect(await cellsOf(file)).toEqual(before);
    expect(before.filter((cells) => cells.length === TITLES.length + 1)).toHaveLength(1 + MISTAKES.length);
  });

  it('closes all ten when the right values are typed into it there and it is sent back', async () => {
    const before = await roster();
    const cells = await cellsOf(file);
    const titles = cells.find((row) => row.includes('姓　名')) as string[];
    const typed = MISTAKES.map((mistake) => {
      const r = cells.findIndex((row) => row.includes(mistake.cells.身份證統一編號));
      // As the head of a correction file asks those to whom it comes as a CSV.
      const text = format === '.csv' && /^\d/.test(mistake.typed) ? `'${mistake.typed}` : mistake.typed;
      return [utils.encode_cell({ r, c: titles.indexOf(mistake.at) }), text];
    });
    await office.save(file, Object.fromEntries(typed));
    await copyFile(file, small.inbox(`064601 回傳${format}`));
    await arrive(`064601 回傳${format}`, '2024-07-30T10:00:00+08:00');

    const night = await small.night('2024-07-31T02:00:00+08:00');
    expect(part(night)).toMatchObject({ status: 'fresh', read: 10, accepted: 10, quarantined: 0, missing: 0 });
    expect(night.changes).toEqual({
      institutions: { added: 0, changed: 0, ended: 0 },
      persons: { added: 7, changed: 3, ended: 0 },
      assignments: { added: 7, changed: 0, ended: 0 },
      accounts: { added: 0, changed: 0, ended: 0 },
    });
    expect(await open()).toEqual([]);
    // The one that said that rows are quarantined.
    expect(night.exceptions).toEqual({ opened: 0, closed: 1, open: 0 });
    const untouched = Object.fromEntries(RIGHT.map((cells) => [cells['姓　名'], before[cells['姓　名']]]));
    const corrected = Object.fromEntries(
      MISTAKES.map(({ cells, at, typed: text, name, roster: line }) => {
        const id = at === '身份證統一編號' ? text : cells.身份證統一編號;
        return [name, `${id} ${line}`];
      }),
    );
    expect(await roster()).toStrictEqual({ ...untouched, ...corrected });

    const quiet = await small.night('2024-08-01T02:00:00+08:00');
    expect(changed(quiet)).toEqual(changed(quiet).map(() => 0));
    expect([quiet.exceptions.open, quiet.warehouseHash, await open()]).toEqual([0, night.warehouseHash, []]);
  });
});
