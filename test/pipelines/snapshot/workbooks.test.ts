import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { read, utils } from '@e965/xlsx';
import Papa from 'papaparse';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportWorkbooks } from '../../../pipelines/snapshot.ts';
import { makeSmallCity, NAMES, type SmallCity } from './city.ts';

const ID = '113-teacher-plan-v1';
let city: SmallCity;
let base: string;
let out: string;
beforeAll(async () => {
  city = await makeSmallCity();
});
afterAll(() => city.close());
beforeEach(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'mingce-workbooks-'));
  out = path.join(base, 'out');
});
afterEach(() => rm(base, { recursive: true }));

const ask = (given: Partial<Parameters<typeof exportWorkbooks>[1]> = {}) =>
  exportWorkbooks(city.world.ctx, { id: ID, dir: out, format: 'xlsx', institution: null, ...given });
const sheetsOf = async (file: string) => {
  const book = read(await readFile(path.join(out, file)));
  return book.SheetNames.map((name) => ({
    name,
    rows: utils.sheet_to_json<unknown[]>(book.Sheets[name]!, { header: 1, raw: true, defval: '' }),
    sheet: book.Sheets[name]!,
  }));
};
const csvOf = async (code: string, section: string): Promise<string[][]> => {
  const text = await readFile(path.join(city.folders['teacher-plan'], 'teacher-plan.csv'), 'utf8');
  const { data } = Papa.parse<string[]>(text, { newline: '\r\n', skipEmptyLines: true });
  return data.filter((cells, i) => i === 0 || (cells[2] === code && cells[4] === section));
};

describe.each(['xlsx', 'ods'] as const)('workbooks as %s', (format) => {
  it('are one for every institution of the plan, also for one that nobody is at', async () => {
    const exported = await ask({ format });
    const names = ['0942800021-幼兒園', '064301-國中', '064301-高中', '064601-國小', '064602-國小', '064603-國小'];
    expect((await readdir(out)).sort()).toEqual(names.map((name) => `${name}.${format}`).sort());
    expect(exported.files.map((file) => file.path).sort()).toEqual((await readdir(out)).sort());
    for (const file of exported.files) {
      const bytes = await readFile(path.join(out, file.path));
      expect([bytes.length, `sha256:${createHash('sha256').update(bytes).digest('hex')}`]).toEqual([
        file.bytes,
        file.sha256,
      ]);
      expect((await stat(path.join(out, file.path))).mode & 0o777).toBe(0o600);
    }
    const [empty] = await sheetsOf(`064603-國小.${format}`);
    expect(empty!.rows).toHaveLength(1);
    expect(await readdir(base)).toEqual(['out']);
  });

  it('hold exactly the stored rows, as text where they are text', async () => {
    await ask({ format, institution: { code: '064301', section: '國中' } });
    expect(await readdir(out)).toEqual([`064301-國中.${format}`]);
    const [people] = await sheetsOf(`064301-國中.${format}`);
    const expected = await csvOf('064301', '國中');
    expect(people!.rows.map((row) => row.map(String))).toEqual(expected);
    expect(people!.rows).toHaveLength(NAMES.length + 1);
    const cells = Object.entries(people!.sheet).filter(([place]) => !place.startsWith('!'));
    expect(cells.filter(([, cell]) => cell.f !== undefined)).toEqual([]);
    expect(people!.rows.flat()).toContain('=HYPERLINK("x"),y');
  });

  it('say on a sheet of their own which snapshot they are of', async () => {
    await ask({ format, institution: { code: '064601', section: null } });
    const [, about] = await sheetsOf(`064601-國小.${format}`);
    const manifest = JSON.parse(await readFile(path.join(city.folders['teacher-plan'], 'datapackage.json'), 'utf8'));
    expect(about!.name).toBe('快照說明');
    const said = Object.fromEntries(about!.rows.map(([what, value]) => [what, value]));
    expect(said).toMatchObject({
      快照編號: ID,
      機構: '064601 國小 臺中國小',
      本機構列數: NAMES.length,
      資料檔雜湊: manifest.resources[0].hash,
      快照指紋: manifest.mingce.fingerprint,
    });
  });

  it('have the same bytes each time', async () => {
    const first = await ask({ format });
    const again = await ask({ format, dir: path.join(base, 'again') });
    expect(again.files).toEqual(first.files);
  });
});

it('of both sections of one code come with the code alone', async () => {
  await ask({ institution: { code: '064301', section: null } });
  expect((await readdir(out)).sort()).toEqual(['064301-國中.xlsx', '064301-高中.xlsx'].sort());
});

it('of the school plan have one row', async () => {
  await exportWorkbooks(city.world.ctx, {
    id: '113-school-plan-v1',
    dir: out,
    format: 'xlsx',
    institution: { code: '064601', section: null },
  });
  const [school] = await sheetsOf('064601-國小.xlsx');
  expect(school!.name).toBe('機構');
  expect(school!.rows[1]!.slice(0, 4)).toEqual(['064601', '', '國小', '臺中國小']);
});

it('write over nothing, and stand beside others', async () => {
  await mkdir(out);
  await writeFile(path.join(out, 'mine.txt'), 'mine');
  await ask({ institution: { code: '064601', section: null } });
  await expect(ask()).rejects.toThrow('holds 064601-國小.xlsx already');
  expect((await readdir(out)).sort()).toEqual(['064601-國小.xlsx', 'mine.txt']);
});

it('are refused for an institution that is not in the plan, and for no snapshot', async () => {
  await expect(ask({ institution: { code: '064601', section: '國中' } })).rejects.toMatchObject({
    code: 'unknown-institution',
  });
  await expect(ask({ id: '113-teacher-plan-v9' })).rejects.toMatchObject({ code: 'unknown-snapshot' });
  expect(await readdir(base)).toEqual([]);
});

it('are not there at all when the export was interrupted', async () => {
  const abort = new AbortController();
  const ctx = { ...city.world.ctx, signal: abort.signal, progress: () => abort.abort(new Error('interrupted')) };
  await expect(exportWorkbooks(ctx, { id: ID, dir: out, format: 'ods', institution: null })).rejects.toThrow(
    'interrupted',
  );
  expect(await readdir(base)).toEqual([]);
});
