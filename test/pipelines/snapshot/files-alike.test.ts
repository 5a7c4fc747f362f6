/** Every file of a snapshot holds the same rows, as readers that are not ours find them. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanKind } from '../../../schemas/campaign.ts';
import { makeSmallCity, NAMES, type SmallCity } from './city.ts';

let city: SmallCity;
let instance: DuckDBInstance;
let duck: DuckDBConnection;
beforeAll(async () => {
  city = await makeSmallCity();
  instance = await DuckDBInstance.create(':memory:');
  duck = await instance.connect();
});
afterAll(async () => {
  duck.closeSync();
  instance.closeSync();
  await city.close();
});

const fileOf = (kind: PlanKind, ending: string): string => path.join(city.folders[kind], `${kind}.${ending}`);
const ask = async (sql: string) => (await duck.runAndReadAll(sql)).getRowObjectsJson();

const FIELDS: Readonly<Record<PlanKind, readonly (readonly [title: string, name: string])[]>> = {
  'teacher-plan': [
    ['身分證編碼', 'id_digest'],
    ['姓名', 'name'],
    ['學校代碼', 'institution_code'],
    ['教育部代碼', 'moe_kindergarten_code'],
    ['學制', 'section'],
    ['機構名稱', 'institution_name'],
    ['職稱', 'title'],
    ['職別', 'title_kind'],
    ['任教科目', 'subjects'],
  ],
  'school-plan': [
    ['學校代碼', 'institution_code'],
    ['教育部代碼', 'moe_kindergarten_code'],
    ['學制', 'section'],
    ['機構名稱', 'institution_name'],
    ['公私立', 'ownership'],
    ['行政區', 'district'],
    ['教師人數', 'teachers'],
    ['總負責人帳號', 'lead_accounts'],
    ['總負責人姓名', 'lead_names'],
  ],
};
const LISTS: ReadonlySet<string> = new Set(['subjects', 'lead_accounts', 'lead_names']);
const NUMBERS: ReadonlySet<string> = new Set(['title_kind', 'teachers']);

/** A row of a CSV as a typed file has it. A holder without a name is one all the same: names go with accounts. */
function typed(kind: PlanKind, cells: readonly string[]): Record<string, unknown> {
  const accounts = cells[7];
  return Object.fromEntries(
    FIELDS[kind].map(([, name], i) => {
      const cell = cells[i] as string;
      if (LISTS.has(name)) return [name, (name === 'lead_names' ? accounts : cell) === '' ? [] : cell.split(';')];
      return [name, cell === '' ? null : NUMBERS.has(name) ? Number(cell) : cell];
    }),
  );
}

async function csvRows(kind: PlanKind, ending = 'csv'): Promise<string[][]> {
  const text = await readFile(fileOf(kind, ending), 'utf8');
  const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { newline: '\r\n', skipEmptyLines: true });
  expect(data[0]).toEqual(FIELDS[kind].map(([title]) => title));
  return data.slice(1);
}

describe.each([['teacher-plan', NAMES.length * 5] as const, ['school-plan', 5] as const])('%s', (kind, rows) => {
  it('is a table of all people or institutions', async () => {
    expect(await csvRows(kind)).toHaveLength(rows);
  });

  it('has the same rows in JSON Lines, in the same order, with nulls and lists', async () => {
    const lines = (await readFile(fileOf(kind, 'jsonl'), 'utf8')).split('\n');
    expect(lines.pop()).toBe('');
    const records = lines.map((line) => JSON.parse(line));
    expect(records).toEqual((await csvRows(kind)).map((cells) => typed(kind, cells)));
    for (const record of records) expect(Object.keys(record)).toEqual(FIELDS[kind].map(([, name]) => name));
  });

  it('has the same rows for a spreadsheet, with a mark in front and no formula', async () => {
    const bytes = await readFile(fileOf(kind, 'bom.csv'));
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const guarded = (await csvRows(kind)).map((cells) =>
      cells.map((cell) => (cell.startsWith('=') ? `'${cell}` : cell)),
    );
    expect(await csvRows(kind, 'bom.csv')).toEqual(guarded);
    if (kind === 'school-plan') expect(bytes.subarray(3).equals(await readFile(fileOf(kind, 'csv')))).toBe(true);
  });

  it('is read by DuckDB from Parquet, with the types that the manifest says', async () => {
    const said = await ask(`DESCRIBE SELECT * FROM read_parquet('${fileOf(kind, 'parquet')}')`);
    expect(said.map((column) => [column.column_name, column.column_type])).toEqual(
      FIELDS[kind].map(([, name]) => [name, LISTS.has(name) ? 'VARCHAR[]' : NUMBERS.has(name) ? 'INTEGER' : 'VARCHAR']),
    );
    expect(await ask(`SELECT * FROM read_parquet('${fileOf(kind, 'parquet')}')`)).toEqual(
      (await csvRows(kind)).map((cells) => typed(kind, cells)),
    );
  });

  it('is read by DuckDB from CSV and JSON Lines, and its Parquet has no row more or less', async () => {
    const flat = FIELDS[kind].filter(([, name]) => !LISTS.has(name));
    const ofCsv = `SELECT ${flat.map(([title, name]) => `CAST("${title}" AS VARCHAR) AS ${name}`).join(', ')} FROM read_csv('${fileOf(kind, 'csv')}', header = true, all_varchar = true)`;
    const names = flat.map(([, name]) => `CAST(${name} AS VARCHAR) AS ${name}`).join(', ');
    const ofParquet = `SELECT ${names} FROM read_parquet('${fileOf(kind, 'parquet')}')`;
    const ofLines = `SELECT ${names} FROM read_json('${fileOf(kind, 'jsonl')}', format = 'newline_delimited')`;
    for (const [one, other] of [
      [ofCsv, ofParquet],
      [ofParquet, ofCsv],
      [ofParquet, ofLines],
      [ofLines, ofParquet],
    ])
      expect(await ask(`SELECT count(*)::INTEGER AS n FROM ((${one}) EXCEPT ALL (${other}))`)).toEqual([{ n: 0 }]);
    expect(await ask(`SELECT count(*)::INTEGER AS n FROM (${ofCsv})`)).toEqual([{ n: rows }]);
  });
});
