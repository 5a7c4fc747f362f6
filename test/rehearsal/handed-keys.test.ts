/** A number of a member of staff that names somebody else by now: nobody becomes another person by it, and nobody is lost. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

const HEAD = '學校代碼,人員編號,身分證字號,姓名,性別,出生日期,職稱,異動別,異動日期';
const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];
const nameOf = (n: number): string => `${'王李陳林張黃吳劉蔡楊'[n]}小明`;
interface Told {
  id?: string;
  title?: string;
  change?: string;
}
const row = (
  n: number,
  key: number | string,
  { id = nationalId(n), title = '教師', change = ',' }: Told = {},
): string => `064601,${key},${id},${nameOf(n)},男,70/05/${n + 10},${title},${change}`;

let small: SmallInstallation;
let nights: number;
beforeEach(async () => {
  nights = 0;
  small = await openSmallInstallation(1, { roster: { columns: { 人員編號: 'staffId' } } });
  await addBureau(small.db, ['lin']);
});
afterEach(() => small.close());

const day = (n: number): string => `2024-07-${String(n + 1).padStart(2, '0')}`;
async function told(...lines: string[]) {
  await small.send(`064601-${day(nights)}.csv`, `${day(nights)}T10:00:00+08:00`, lines);
  nights += 1;
  return small.night(`${day(nights)}T02:00:00+08:00`);
}
const list = (rows: readonly string[]) => told(HEAD, ...rows);
const changes = (rows: readonly string[]) => told('名冊別：異動', HEAD, ...rows);
/** Who stands in the roster, by the number that we gave them: name, birth date and how many identifiers. */
async function people(): Promise<Map<number, string>> {
  const { rows } = await small.db.raw(
    `SELECT p.person_id AS id, concat_ws(' ', p.name, p.birth_date, v.title, v.end_reason, (SELECT count(*) FROM warehouse.person_identifier i WHERE i.person_id = p.person_id),
            CASE WHEN r.missing_since IS NOT NULL THEN '未列' END) AS line
     FROM warehouse.person_version p JOIN warehouse.assignment a ON a.person_id = p.person_id
     JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity'
     JOIN landing.staff_record r ON r.source = a.source AND r.key = a.source_key
     WHERE p.recorded_to = 'infinity' AND p.valid_to = 'infinity' ORDER BY 1`,
  );
  return new Map(rows.map(({ id, line }: { id: number; line: string }) => [id, line]));
}
const open = async (): Promise<string[]> =>
  (await small.db('review.exception').where({ closed_at: null }).orderBy('code')).map(
    ({ code, params }) => `${code} ${params.people ?? params.rows ?? ''}`,
  );
const NOTHING = Array(4).fill({ added: 0, changed: 0, ended: 0 });

it('a number that is given to a newcomer makes a person of their own; whoever had it is missing, and who they were', async () => {
  await list(EIGHT.map((n) => row(n, n + 1)));
  const before = await people();
  const result = await list(EIGHT.map((n) => (n === 0 ? row(8, 1) : row(n, n + 1))));
  expect(result.changes.persons).toEqual({ added: 1, changed: 0, ended: 0 });
  const after = await people();
  for (const [id, line] of before) expect(after.get(id)).toBe(line.startsWith('王') ? `${line} 未列` : line);
  expect([...after.values()].filter((line) => line.startsWith('蔡'))).toEqual(['蔡小明 1981-05-18 教師 1']);
  expect(await open()).toEqual(['missing-from-roster 1']);
  const next = await list(EIGHT.map((n) => (n === 0 ? row(8, 1, { title: '組長' }) : row(n, n + 1))));
  expect(next.changes.assignments).toEqual({ added: 0, changed: 1, ended: 0 });
});

it.each([
  ['with identifiers', undefined],
  ['without', ''],
])('two numbers that are mixed up mix up no two people, %s', async (_, id) => {
  const told = id === undefined ? {} : { id };
  await list(EIGHT.map((n) => row(n, n + 1, told)));
  const before = await people();
  const result = await list(EIGHT.map((n) => row(n, n < 2 ? 2 - n : n + 1, told)));
  expect(Object.values(result.changes)).toEqual(NOTHING);
  expect(await people()).toEqual(before);
  expect((await open()).filter((line) => !line.startsWith('weak'))).toEqual([]);
  const back = await list(EIGHT.map((n) => row(n, n + 1, { ...told, title: n === 0 ? '組長' : '教師' })));
  expect(back.changes.assignments).toEqual({ added: 0, changed: 1, ended: 0 });
  expect([...(await people()).values()].filter((line) => line.includes('組長'))).toEqual([
    expect.stringContaining('王小明'),
  ]);
});

it('a name and an identifier that are put right at once leave the same person, by the birth date', async () => {
  await list(EIGHT.map((n) => row(n, n + 1)));
  const corrected = row(0, 1, { id: nationalId(50) }).replace('王小明', '汪曉明');
  const result = await list([corrected, ...EIGHT.slice(1).map((n) => row(n, n + 1))]);
  expect(result.changes.persons).toEqual({ added: 0, changed: 1, ended: 0 });
});

it('one number for two people in one list is nobody’s: both rows are quarantined', async () => {
  await list(EIGHT.map((n) => row(n, n + 1)));
  const before = await people();
  await list([...EIGHT.map((n) => row(n, n + 1)), row(8, 1)]);
  expect([await people(), await open()]).toEqual([before, ['rows-quarantined 2']]);
});

const SECOND = EIGHT.map((n) => row(n, n === 7 ? 20 : ((n + 3) % 8) + 1));

it('a newcomer under a number of the first system is somebody new, and whoever it leads to no more goes on', async () => {
  await list(EIGHT.map((n) => row(n, n + 1)));
  await list(SECOND);
  const before = await people();
  const result = await list([...SECOND, row(8, 3)]);
  expect([result.changes.persons.added, await open()]).toEqual([1, []]);
  const after = await people();
  for (const [id, line] of before) expect(after.get(id)).toBe(line);
  const next = await list([
    ...SECOND.map((line) => line.replace('教師', '導師')).slice(0, 3),
    ...SECOND.slice(3),
    row(8, 3),
  ]);
  expect(next.changes.assignments).toEqual({ added: 0, changed: 3, ended: 0 });
});

it('a school that goes back to its first system finds everybody under the first numbers', async () => {
  await list(EIGHT.map((n) => row(n, n + 1)));
  await list(SECOND);
  const before = await people();
  const result = await list(EIGHT.map((n) => row(n, n + 1, { title: n === 3 ? '組長' : '教師' })));
  expect(result.changes.assignments).toEqual({ added: 0, changed: 1, ended: 0 });
  expect([[...(await people()).keys()], await open()]).toEqual([[...before.keys()], []]);
});

it('in a list of changes whoever had the number stands, and is asked about until something is said of them', async () => {
  await list(EIGHT.map((n) => row(n, n + 1)));
  await changes([row(8, 1, { change: '新進,113/07/02' })]);
  const lines = [...(await people()).values()];
  expect(lines).toEqual(expect.arrayContaining(['王小明 1981-05-10 教師 1', '蔡小明 1981-05-18 教師 1']));
  expect(await open()).toEqual(['record-key-reused 1']);
  await small.night(`${day(nights + 1)}T02:00:00+08:00`);
  expect(await open()).toEqual(['record-key-reused 1']);
  nights += 1;
  await changes([row(0, 1, { change: '離職,113/07/03' })]);
  expect([...(await people()).values()].some((line) => line.startsWith('王'))).toBe(false);
  expect(await open()).toEqual([]);
});

it('what was undone stays undone where a school changes its system and says the same', async () => {
  await list(EIGHT.map((n) => row(n, n + 1)));
  const wrong = await list(EIGHT.map((n) => row(n, n + 1, { title: n < 2 ? '主任' : '教師' })));
  await small.revert(`${day(nights)}T09:00:00+08:00`, wrong.run, LIN);
  const before = await people();
  const result = await list(EIGHT.map((n) => row(n, `T${n}`, { id: '', title: ['主任', '導師'][n] ?? '教師' })));
  expect(result.changes.assignments).toEqual({ added: 0, changed: 1, ended: 0 });
  const after = [...(await people()).values()];
  expect(after).toEqual(
    [...before.values()].map((line) => (line.startsWith('李') ? line.replace('教師', '導師') : line)),
  );
});
