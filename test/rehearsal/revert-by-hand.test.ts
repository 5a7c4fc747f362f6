/** A run undone beside what people decided: neither takes the other back in silence. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { decide } from '../../pipelines/decide.ts';
import { expireManualValue, setManualValue, type ValueToSet } from '../../pipelines/manual-values.ts';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { renderText } from '../../pipelines/report/render-text.ts';
import { decideReview, undoJudgement } from '../../pipelines/review.ts';
import { waitingMatters } from '../../pipelines/review-matters.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,電子郵件,異動別,異動日期';
interface Told {
  school?: string;
  name?: string;
  title?: string;
  email?: string;
  change?: string;
}
const teacher = (n: number, { school = '064601', name, title = '教師', email = '', change = ',' }: Told = {}): string =>
  `${school},${nationalId(n)},${name ?? `王小${'一二三四五六七八九十'[n % 10]}`},70/05/06,${title},${email},${change}`;
const NEW = { name: '趙大同', change: '新進,113/10/01' };

let small: SmallInstallation;
beforeEach(async () => {
  small = await openSmallInstallation(1);
  await addBureau(small.db, ['lin', 'chen']);
  await school('2024-09-30');
  await small.send('064602.csv', at('2024-09-30', '10'), [
    HEAD,
    ...Array.from({ length: 10 }, (_, i) =>
      teacher(100 + i, { school: '064602', name: `林大${'甲乙丙丁戊己庚辛壬癸'[i]}` }),
    ),
  ]);
  await night('2024-10-01');
});
afterEach(() => small.close());

const at = (day: string, hour: string): string => `${day}T${hour}:00:00+08:00`;
/** The whole list of 064601, with other rows for some, or more. */
const school = (day: string, other: Record<number, string> = {}): Promise<void> => {
  const rows = Array.from({ length: 10 }, (_, n) => other[n] ?? teacher(n));
  const more = Object.entries(other).flatMap(([n, line]) => (Number(n) < 10 ? [] : [line]));
  return small.send('064601.csv', at(day, '10'), [HEAD, ...rows, ...more]);
};
const night = (day: string): Promise<SyncResult> => small.night(at(day, '02'));
const undo = (day: string, run: string): Promise<SyncResult> => small.revert(at(day, '09'), run, LIN);
async function personId(name: string): Promise<number> {
  return (await small.db('warehouse.person_version').where({ name }).first()).person_id;
}
const set = async (day: string, field: string, value: string, more: Partial<ValueToSet> = {}) =>
  setManualValue(small.db, {
    entity: 'person',
    id: String(await personId('王小一')),
    field,
    value,
    at: null,
    reason: '更正',
    until: null,
    by: LIN,
    when: at(day, '08'),
    ...more,
  });
/** Where a person serves, and what for, from when. */
async function duties(name: string): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT concat_ws(' ', left(i.source_key, 6), p.name, v.title, CASE WHEN v.is_primary THEN '主聘' ELSE '兼任' END, v.end_reason) AS line
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity'
     JOIN warehouse.institution i ON i.id = a.institution_id
     JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity' AND p.valid_to = 'infinity'
     WHERE a.person_id = ? AND NOT EXISTS (SELECT 1 FROM warehouse.assignment_version l WHERE l.assignment_id = a.id AND l.recorded_to = 'infinity' AND l.valid_to > v.valid_to)
     ORDER BY 1`,
    [await personId(name)],
  );
  return rows.map(({ line }: { line: string }) => line);
}
const QUIET = Array(4).fill({ added: 0, changed: 0, ended: 0 });
const quiet = (result: SyncResult): void => expect(Object.values(result.changes)).toEqual(QUIET);

it('what follows a value set by hand is not undone while it is in force: its number is told, and the others are undone', async () => {
  await set('2024-10-01', 'title', '組長');
  await school('2024-10-01', { 1: teacher(1, { title: '主任' }) });
  const run = await night('2024-10-02');
  const revert = await undo('2024-10-02', run.run);
  expect(revert.revert?.conflicts).toMatchObject([
    { person: await personId('王小一'), field: 'title', run: run.run, decided: { what: 'value', number: 1 } },
  ]);
  expect(renderText(await buildReport(small.db, Number(revert.run)))).toMatch(/職稱 +人工指定第 1 號有效/);
  expect([await duties('王小一'), await duties('王小二')]).toEqual([
    ['064601 王小一 組長 主聘'],
    ['064601 王小二 教師 主聘'],
  ]);
  quiet(await night('2024-10-03'));
  await expireManualValue(small.db, { id: 1, reason: '更正', by: LIN, when: at('2024-10-03', '08') });
  await night('2024-10-04');
  expect(await duties('王小一')).toEqual(['064601 王小一 教師 主聘']);
});

it('a value set by hand over what was undone ends with what stood before it', async () => {
  await school('2024-10-01', { 0: teacher(0, { title: '主任', email: 'a@example.org' }) });
  await undo('2024-10-02', (await night('2024-10-02')).run);
  await set('2024-10-03', 'title', '組長', { until: '2024-10-05' });
  await set('2024-10-03', 'name', '王曉一', { until: '2024-10-10' });
  await night('2024-10-04');
  expect(await duties('王小一')).toEqual(['064601 王曉一 組長 主聘']);
  await set('2024-10-04', 'name', '王效一', { until: '2024-10-06' });
  await night('2024-10-05');
  await night('2024-10-06');
  expect(await duties('王小一')).toEqual(['064601 王效一 教師 主聘']);
  await night('2024-10-07');
  expect(await duties('王小一')).toEqual(['064601 王小一 教師 主聘']);
  quiet(await night('2024-10-08'));
});

const ACCOUNTS = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態,啟用日期';
it('a value set by hand of an account whose word was undone is in force all the same, and ends as any', async () => {
  const account = (holder: string) => ['064601,a1,研習承辦人,,', holder, ',啟用,2024-08-01'].join('');
  const changed = async (): Promise<string[]> =>
    (
      await small
        .db('ops.plan_change')
        .where({ run_id: small.db('ops.run').max('id') })
        .orderBy('seq')
    ).map((c) => `${c.entity} ${c.reason} ${c.after.holder_name ?? c.after.phone}`);
  await small.send('064601.csv', at('2024-10-01', '10'), [ACCOUNTS, account('王小三')], 'accounts');
  await night('2024-10-02');
  await small.send('064601.csv', at('2024-10-02', '10'), [ACCOUNTS, account('王小四')], 'accounts');
  await undo('2024-10-03', (await night('2024-10-03')).run);
  await set('2024-10-04', 'holder_name', '王曉三', { entity: 'account', id: '064601:a1', until: '2024-10-04' });
  await night('2024-10-04').then(() => small.night(at('2024-10-04', '12')));
  expect(await changed()).toEqual(['account 人工指定 王曉三']);
  await night('2024-10-05');
  expect(await changed()).toEqual(['account 人工指定結束 王小三']);
  quiet(await night('2024-10-06'));
});

/** Two units register one person on one day: which has the person is decided by the bureau. */
async function conflict(): Promise<void> {
  await school('2024-10-01', { 50: teacher(50, NEW) });
  await small.send('064602-b.csv', at('2024-10-01', '10'), [
    '名冊別：異動',
    HEAD,
    teacher(50, { ...NEW, school: '064602' }),
  ]);
  await night('2024-10-02');
}
async function keep(day: string, code: string): Promise<number> {
  const [matter] = await waitingMatters(small.db);
  const line = await decideReview(small.db, {
    id: matter?.shown.id as string,
    verdict: 'keep',
    code,
    reason: '兩校確認',
    by: LIN,
    when: at(day, '08'),
  });
  return line.number;
}

it('R08: what follows a judgement is not undone while it is in force, and the person keeps a unit', async () => {
  await conflict();
  const number = await keep('2024-10-02', '064602');
  const run = await night('2024-10-03');
  const [kept, other] = ['064602 趙大同 教師 主聘', '064601 趙大同 教師 兼任'];
  expect(await duties('趙大同')).toEqual([other, kept]);
  const revert = await undo('2024-10-03', run.run);
  expect(revert.revert?.conflicts.map(({ decided }) => decided)).toEqual(Array(2).fill({ what: 'judgement', number }));
  quiet(await night('2024-10-04'));
  expect(await duties('趙大同')).toEqual([other, kept]);
  await undoJudgement(small.db, { number, reason: '有誤', by: LIN, when: at('2024-10-04', '08') });
  await night('2024-10-05');
  expect(await waitingMatters(small.db)).toHaveLength(1);
});

it('R08: a judgement on claims of which something was undone gives the person to the unit that it names', async () => {
  await conflict();
  const changed = teacher(50, { ...NEW, school: '064602', title: '組長' });
  await small.send('064602-c.csv', at('2024-10-02', '10'), ['名冊別：異動', HEAD, changed]);
  await undo('2024-10-03', (await night('2024-10-03')).run);
  await keep('2024-10-03', '064602');
  await night('2024-10-04');
  expect(await duties('趙大同')).toEqual(['064601 趙大同 教師 兼任', '064602 趙大同 教師 主聘']);
  quiet(await night('2024-10-05'));
});

it('R08: where the unit that was named claims the person no more, the other one has them', async () => {
  await conflict();
  await keep('2024-10-02', '064602');
  await night('2024-10-03');
  const secondary = [`${HEAD},主聘`, `${teacher(50, { ...NEW, school: '064602' })},否`];
  await small.send('064602-d.csv', at('2024-10-03', '10'), ['名冊別：異動', ...secondary]);
  await night('2024-10-04');
  expect(await duties('趙大同')).toEqual(['064601 趙大同 教師 主聘', '064602 趙大同 教師 兼任']);
});

it('I12: an absence that the bureau confirmed is not undone while that stands: it would end again', async () => {
  const rows = Array.from({ length: 9 }, (_, n) => teacher(n + 1));
  await small.send('064601.csv', at('2024-10-01', '10'), [HEAD, ...rows]);
  for (const day of ['2024-10-02', '2024-10-03', '2024-10-04']) await night(day);
  const [matter] = await waitingMatters(small.db, 3);
  const id = matter?.shown.id as string;
  const decision = {
    id,
    verdict: 'ended',
    code: '退休',
    nights: 3,
    reason: '人事室',
    by: LIN,
    when: at('2024-10-04', '08'),
  } as const;
  const { number } = await decideReview(small.db, decision);
  const run = await night('2024-10-05');
  const revert = await undo('2024-10-05', run.run);
  expect(revert.revert?.conflicts.map(({ decided }) => decided)).toContainEqual({ what: 'judgement', number });
  expect(await duties('王小一')).toEqual(['064601 王小一 教師 主聘 退休']);
  await undoJudgement(small.db, { number, reason: '有誤', by: LIN, when: at('2024-10-05', '10') });
  await night('2024-10-06');
  expect(await duties('王小一')).toEqual(['064601 王小一 教師 主聘']);
});

it('an undoing that was discarded is over: the school’s next word does not wait with it, and it can be asked for again', async () => {
  const many = (first: string) =>
    school(
      '2024-10-01',
      Object.fromEntries(Array.from({ length: 10 }, (_, n) => [n, teacher(n, { title: n ? '導師' : first })])),
    );
  await many('導師');
  small.ctx.guards.changed.percent = 100;
  const wrong = await night('2024-10-02');
  small.ctx.guards.changed.percent = 50;
  const held = await undo('2024-10-02', wrong.run);
  await decide(small.db, {
    planHash: held.held[0]?.planHash as string,
    verdict: 'discard',
    reason: '學校確認無誤',
    at: at('2024-10-02', '10'),
    handedInBy: new Map(),
    by: { ...LIN, name: 'chen' },
  });
  await many('主任');
  expect(await night('2024-10-03')).toMatchObject({ status: 'complete', changes: { assignments: { changed: 1 } } });
  expect(await duties('王小一')).toEqual(['064601 王小一 主任 主聘']);
  small.ctx.guards.changed.percent = 100;
  const again = await undo('2024-10-03', wrong.run);
  expect(again).toMatchObject({ status: 'complete', changes: { assignments: { changed: 9 } } });
  await expect(undo('2024-10-04', wrong.run)).rejects.toThrow(/已由第/);
});
