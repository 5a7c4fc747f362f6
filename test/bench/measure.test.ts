import { execFile } from 'node:child_process';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeRosterFile } from '../../bench/roster-file.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { withClient } from '../support/test-server.ts';

const MEASURE = path.resolve('bench/measure.ts');
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'mingce-measure-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

it('the bench measures every stage of a run on a small file, and leaves a run that ended and was applied', async () => {
  const file = path.join(folder, '064601-roster.csv');
  await writeRosterFile(file, '064601', 250);
  const arrived = new Date('2024-07-29T10:00:00+08:00');
  await utimes(file, arrived, arrived);
  const { stdout } = await promisify(execFile)(process.execPath, [MEASURE, 'run', database.url, folder]);
  const { stages } = JSON.parse(stdout);
  expect(Object.keys(stages)).toEqual([
    'keep and land',
    'match',
    'reconcile',
    'apply',
    'insert',
    '1 % changed: keep raw, land and merge',
    '1 % changed: match, reconcile, apply',
    'nothing changed: keep raw, land and merge',
    'nothing changed: match, reconcile, apply',
  ]);
  const { rows } = await withClient(database.url, (client) =>
    client.query('SELECT status, recorded_at IS NOT NULL AS applied FROM ops.run'),
  );
  expect(rows).toEqual(Array(3).fill({ status: 'complete', applied: true }));
  // What is measured is a right file: rows with something wrong cost more.
  const wrong = await withClient(database.url, (client) => client.query('SELECT issues FROM landing.quarantine'));
  expect(wrong.rows).toEqual([]);
  for (const [what, name] of [
    ['copy-out', 'copy out'],
    ['snapshot-text', 'snapshot: CSV and JSON Lines'],
    ['snapshot-parquet', 'snapshot: CSV, JSON Lines and Parquet'],
    ['snapshot-all', 'snapshot: all files'],
    ['delta', 'delta of 1 %'],
  ] as const) {
    const told = await promisify(execFile)(process.execPath, [MEASURE, what, database.url, folder]);
    expect(Object.keys(JSON.parse(told.stdout).stages)).toEqual([name]);
  }
});
