/** A school changes its system, and every record comes under another key: the people and their service go on, and the run says so. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,人員編號,身分證字號,姓名,性別,出生日期,職稱,異動別,異動日期';
const HASHED = '學校代碼,人員編號,身分證編碼,姓名,性別,出生日期,職稱,異動別,異動日期';
const nameOf = (n: number): string => `${'王李陳林張黃吳劉蔡楊'[n]}小明`;
const birthOf = (n: number): string => `70/05/${String(n + 10)}`;
const digest = (n: number): string => createHash('sha256').update(nationalId(n)).digest('hex');
const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];

let small: SmallInstallation;
beforeEach(async () => {
  small = await openSmallInstallation(1, { roster: { columns: { 人員編號: 'staffId' } } });
  await list(
    '2024-07-01',
    HEAD,
    EIGHT.map((n) => `${n + 1},${nationalId(n)},${nameOf(n)},男,${birthOf(n)},教師,新進,112/08/01`),
  );
  expect((await night('2024-07-02')).status).toBe('complete');
});
afterEach(() => small.close());

const list = (day: string, head: string, rows: readonly string[]) =>
  small.send(`064601-${day}.csv`, `${day}T10:00:00+08:00`, [head, ...rows.map((row) => `064601,${row}`)]);
const night = (day: string) => small.night(`${day}T02:00:00+08:00`);
/** Everybody's spells with the person's number, by name. */
async function spells(): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT a.person_id || ' ' || p.name || ' ' || v.valid_from || ' ' || v.title || coalesce(' ' || v.end_reason, '') AS line
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity'
     JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity' AND p.valid_to = 'infinity' ORDER BY p.name, 1`,
  );
  return rows.map(({ line }: { line: string }) => line);
}
async function told(): Promise<Record<string, number> | undefined> {
  const found = await small.db('review.exception').where({ code: 'record-keys-changed', closed_at: null });
  expect(found.length).toBeLessThan(2);
  if (found[0]) expect(found[0].institution_key).toBe('schools:064601:國小');
  return found[0]?.params;
}
const QUIET = Array(4).fill({ added: 0, changed: 0, ended: 0 });

it('with other keys and only the digests of identifiers, everybody goes on: nobody is new, missing or held', async () => {
  const before = await spells();
  await list(
    '2024-07-10',
    HASHED,
    EIGHT.map((n) => `T-${n * 7},${digest(n)},${nameOf(n)},男,${birthOf(n)},教師,,`),
  );
  const result = await night('2024-07-11');
  expect(result).toMatchObject({ status: 'complete', held: [] });
  expect(Object.values(result.changes)).toEqual(QUIET);
  expect(result.sources.find(({ source }) => source === 'roster')).toMatchObject({ missing: 0 });
  expect(await spells()).toEqual(before);
  expect(await told()).toEqual({ known: 8, matched: 8, lost: 0, added: 0 });
  await list(
    '2024-07-12',
    HASHED,
    EIGHT.map((n) => `T-${n * 7},${digest(n)},${nameOf(n)},男,${birthOf(n)},${n === 3 ? '組長' : '教師'},,`),
  );
  const next = await night('2024-07-13');
  expect(next.changes.assignments).toEqual({ added: 0, changed: 1, ended: 0 });
  expect(await told()).toBeUndefined();
});

it('without identifiers they are found by name and birth date; who is not is asked about, and told in figures', async () => {
  const before = await spells();
  const rows = EIGHT.map((n) => `T${n},,${n === 7 ? '趙大同' : nameOf(n)},男,${birthOf(n)},教師,,`);
  await list('2024-07-10', HEAD, rows);
  const result = await night('2024-07-11');
  expect(result).toMatchObject({ status: 'complete', held: [] });
  expect(result.changes.persons).toMatchObject({ added: 1, ended: 0 });
  expect(result.sources.find(({ source }) => source === 'roster')).toMatchObject({ missing: 1 });
  const after = await spells();
  expect(after.filter((line) => !line.includes('趙大同'))).toEqual(before);
  expect(await told()).toEqual({ known: 8, matched: 7, lost: 1, added: 1 });
});

it('two systems that both number their staff from 1 mix nobody up', async () => {
  const before = await spells();
  const numbered = EIGHT.map((n) => `${((n + 3) % 8) + 1},${nationalId(n)},${nameOf(n)},男,${birthOf(n)},教師,,`);
  await list('2024-07-10', HEAD, numbered);
  const result = await night('2024-07-11');
  expect(result).toMatchObject({ status: 'complete', held: [] });
  expect(Object.values(result.changes)).toEqual(QUIET);
  expect(await spells()).toEqual(before);
  expect(await told()).toEqual({ known: 8, matched: 8, lost: 0, added: 0 });
  await list(
    '2024-07-12',
    HEAD,
    numbered
      .map((row) => row.replace('教師', '導師'))
      .slice(0, 3)
      .concat(numbered.slice(3)),
  );
  expect((await night('2024-07-13')).changes.assignments).toEqual({ added: 0, changed: 3, ended: 0 });
  const people = (lines: readonly string[]): string[] => lines.map((line) => line.split(' ').slice(0, 2).join(' '));
  expect(people(await spells())).toEqual(people(before));
  const { rows } = await small.db.raw('SELECT count(*)::int AS n FROM warehouse.person_identifier');
  expect(rows[0].n).toBe(8);
});

it('somebody else under a number that was another’s is not that other one', async () => {
  const rows = EIGHT.map(
    (n) =>
      `${((n + 3) % 8) + 1},${nationalId(n + 20 * Number(n === 0))},${n === 0 ? '趙大同' : nameOf(n)},男,${n === 0 ? '60/01/01' : birthOf(n)},教師,,`,
  );
  await list('2024-07-10', HEAD, rows);
  const result = await night('2024-07-11');
  expect(result.changes.persons).toMatchObject({ added: 1, changed: 0 });
  expect((await spells()).map((line) => line.split(' ')[1])).toContain('王小明');
  expect(await told()).toEqual({ known: 8, matched: 7, lost: 1, added: 1 });
  await list('2024-07-12', HEAD, rows);
  expect(Object.values((await night('2024-07-13')).changes)).toEqual(QUIET);
});

it('one corrected key is no change of system', async () => {
  await list(
    '2024-07-10',
    HEAD,
    EIGHT.map((n) => `${n === 2 ? 99 : n + 1},${nationalId(n)},${nameOf(n)},男,${birthOf(n)},教師,,`),
  );
  expect(Object.values((await night('2024-07-11')).changes)).toEqual(QUIET);
  expect(await told()).toBeUndefined();
});

it('another school’s list under the same numbers is held and mixes nobody up, also when the right one comes after it', async () => {
  const before = await spells();
  const right = EIGHT.map((n) => `${n + 1},${nationalId(n)},${nameOf(n)},男,${birthOf(n)},教師,,`);
  await list(
    '2024-07-10',
    HEAD,
    EIGHT.map((n) => `${n + 1},${nationalId(n + 20)},趙大${'一二三四五六七八'[n]},女,60/01/0${n + 1},教師,,`),
  );
  const wrong = await night('2024-07-11');
  expect(wrong).toMatchObject({ status: 'held', held: [{ institution: '064601' }] });
  expect(await spells()).toEqual(before);
  expect(await told()).toBeUndefined();
  await small.send('064601-2024-07-12.csv', '2024-07-12T10:00:00+08:00', [
    '重送,113/07/12',
    HEAD,
    ...right.map((row) => `064601,${row}`),
  ]);
  expect(await night('2024-07-13')).toMatchObject({ status: 'complete', held: [] });
  expect(await spells()).toEqual(before);
  await list(
    '2024-07-14',
    HEAD,
    right
      .map((row) => row.replace('教師', '導師'))
      .slice(0, 2)
      .concat(right.slice(2)),
  );
  const later = await night('2024-07-15');
  expect(later.changes.assignments).toEqual({ added: 0, changed: 2, ended: 0 });
  expect(later.changes.persons).toMatchObject({ added: 0 });
  expect(await told()).toBeUndefined();
});
