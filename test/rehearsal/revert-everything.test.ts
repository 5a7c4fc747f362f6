/** Undone are identifiers, accounts and institutions too, and a cut-off that knows of it sees none of what was undone. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashAsOf } from '../../pipelines/hash.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { visible } from '../../warehouse/views/snapshot-visible.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

const STAFF = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,任教科目,異動別,異動日期';
const ACCOUNTS = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態,啟用日期';
const MING = '王小明,男,70/05/06,教師,國語文';
const SOUTH = '064603,市立南陽國小,國小,公立,豐原區';
const NOW = '2026-01-01T00:00:00+08:00';
/** Everything here is small: an institution more is many. */
const FREE = { percent: 10_000, people: 1 };
const guards = { lost: FREE, changed: FREE, added: FREE, city: { ...FREE, institutions: 1 } };

let small: SmallInstallation;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mingce-revert-'));
  const list = { type: 'institution-list', name: 'schools', path: path.join(folder, 'schools.csv'), layout: 'schools' };
  const files = [
    { type: 'roster-files', name: 'roster', inbox: 'inbox' },
    { type: 'account-files', name: 'accounts', inbox: 'accounts' },
  ];
  await schools('064601,市立豐原國小,國小,公立,豐原區', SOUTH);
  small = await openSmallInstallation(1, { only: [list, ...files], config: { guards } });
  await addBureau(small.db, ['lin']);
});
afterAll(async () => {
  await small.close();
  await rm(folder, { recursive: true });
});

const schools = (...lines: string[]) =>
  writeFile(path.join(folder, 'schools.csv'), ['code,name,section,ownership,district', ...lines].join('\n'));
const hash = (): Promise<string> => warehouseHash(small.db, small.ctx.keyring);
const roster = (on: string, school: string, ...rows: string[]) =>
  small.send(`${school}.csv`, `${on}T10:00:00+08:00`, [STAFF, ...rows.map((row) => `${school},${row}`)]);
const accounts = (on: string, ...rows: string[]) =>
  small.send('064601.csv', `${on}T10:00:00+08:00`, [ACCOUNTS, ...rows.map((row) => `064601,${row}`)], 'accounts');
const peopleBy = async (table: 'person_identifier' | 'past_identifier'): Promise<number> =>
  Number((await small.db(`warehouse.${table}`).count('* as n').first())?.n);

/** How many of each kind a cut-off of the end of 2024 sees, as recorded through a moment. */
async function seen(through: string): Promise<Record<string, number>> {
  const moments = { through, cutOff: '2024-12-31T17:00:00+08:00', day: '2024-12-31' };
  const counts = ['institution', 'assignment', 'account'] as const;
  const { rows } = await small.db.raw(
    `SELECT ${counts.map((e) => `(SELECT count(*) FROM warehouse.${e}_version v WHERE ${visible('v', e)})::int AS ${e}`).join(', ')}`,
    moments,
  );
  return rows[0];
}

let before: string;
let after: string;
let wrong: string;

it('a night of a corrected identifier, accounts, a new school and a new name of another is undone whole', async () => {
  await roster('2024-08-01', '064601', `A123456789,${MING},新進,113/08/01`);
  await accounts('2024-08-01', 'head01,研習承辦人,A123456789,王小明,啟用,113/08/01');
  await small.night('2024-08-02T02:00:00+08:00');
  before = await hash();
  await schools('064601,市立豐原實驗國小,國小,公立,豐原區', SOUTH, '064602,市立瑞穗國小,國小,公立,豐原區');
  await roster(
    '2024-08-02',
    '064601',
    `B123456780,${MING},,`,
    'F229999995,林淑芬,女,75/01/02,導師,數學,新進,113/08/02',
  );
  await accounts(
    '2024-08-02',
    'head01,研習承辦人,A123456789,王小明,停用,113/08/01',
    'head02,研習承辦人,F229999995,林淑芬,啟用,113/08/02',
  );
  const night = await small.night('2024-08-03T02:00:00+08:00');
  expect(night.status).toBe('complete');
  wrong = night.run;
  after = await hash();
  const revert = await small.revert('2024-08-03T09:00:00+08:00', wrong, LIN);
  expect(revert).toMatchObject({ status: 'complete', held: [], revert: { conflicts: [] } });
  expect(await hash()).toBe(before);
  expect([await peopleBy('person_identifier'), await peopleBy('past_identifier')]).toEqual([2, 1]);
  await small.night('2024-08-04T02:00:00+08:00');
  expect(await hash()).toBe(before);
});

it('what was known in between stays known of that time', async () => {
  const asOf = (moment: string) => hashAsOf(small.db, small.ctx.keyring, moment, NOW);
  expect(await asOf('2024-08-03T01:00:00+08:00')).toBe(before);
  expect(await asOf('2024-08-03T08:00:00+08:00')).toBe(after);
  expect(await asOf('2024-08-03T10:00:00+08:00')).toBe(before);
});

it('a cut-off that knows of it sees none of it, one that does not sees it as it was', async () => {
  expect(await seen('2024-08-02T12:00:00+08:00')).toEqual({ institution: 2, assignment: 1, account: 1 });
  expect(await seen('2024-08-03T08:00:00+08:00')).toEqual({ institution: 3, assignment: 2, account: 2 });
  expect(await seen('2024-08-05T08:00:00+08:00')).toEqual({ institution: 2, assignment: 1, account: 1 });
});

it('an identifier that was given back to nobody is free for whose it is', async () => {
  await roster('2024-08-04', '064603', 'B123456780,陳大同,男,60/01/01,教師,數學,新進,113/08/04');
  await small.night('2024-08-05T02:00:00+08:00');
  const { rows } = await small.db.raw(
    `SELECT v.name, count(i.hmac)::int AS identifiers FROM warehouse.person_version v LEFT JOIN warehouse.person_identifier i ON i.person_id = v.person_id
     WHERE v.recorded_to = 'infinity' AND v.valid_to = 'infinity' GROUP BY v.person_id, v.name ORDER BY 1`,
  );
  expect(rows).toEqual([
    { name: '王小明', identifiers: 1 },
    { name: '陳大同', identifiers: 1 },
  ]);
});

it('a school and an account that were taken back come in anew when their list says something else', async () => {
  await schools('064601,市立豐原實驗國小,國小,公立,豐原區', SOUTH, '064602,市立瑞穗實驗國小,國小,公立,豐原區');
  await accounts(
    '2024-08-05',
    'head01,研習承辦人,A123456789,王小明,停用,113/08/01',
    'head02,研習承辦人,F229999995,林淑芬,停用,113/08/02',
  );
  const night = await small.night('2024-08-06T02:00:00+08:00');
  expect(night.changes).toMatchObject({ institutions: { added: 1, changed: 0 }, accounts: { added: 1, changed: 0 } });
  const { rows } = await small.db.raw(
    `SELECT name FROM warehouse.institution_version WHERE recorded_to = 'infinity' AND valid_to = 'infinity' ORDER BY 1`,
  );
  expect(rows.map(({ name }: { name: string }) => name)).toEqual(['市立南陽國小', '市立瑞穗實驗國小', '市立豐原國小']);
});
