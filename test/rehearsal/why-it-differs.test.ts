/** Two snapshots differ, and each difference says why: by real nights of small stories, and what the bureau decides between them. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { setManualValue } from '../../pipelines/manual-values.ts';
import { joinPersons, undoJudgement } from '../../pipelines/review.ts';
import { diffSnapshots } from '../../pipelines/snapshot/difference/diff-snapshots.ts';
import { createSnapshot } from '../../pipelines/snapshot.ts';
import type { Campaign, PlanKind } from '../../schemas/campaign.ts';
import type { RowDifference } from '../../schemas/snapshot-delta.ts';
import { findSnapshot } from '../../warehouse/snapshots.ts';
import { CAMPAIGN } from '../pipelines/snapshot/campaign.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,任教科目,異動別,異動日期,登錄時間';
const WANG = (title = '教師', registered = '2024-08-01 08:00', name = '王小明', id = 'A123456789') =>
  `${id},${name},男,70/05/06,${title},國語,,,${registered}`;
const LI = (title = '教師', registered = '2024-08-01 08:00') =>
  `B123456780,李大華,男,68/01/02,${title},數學,,,${registered}`;

let small: SmallInstallation;
let campaign: Campaign;
afterEach(() => small.close());
async function open(): Promise<void> {
  campaign = CAMPAIGN;
  small = await openSmallInstallation();
  await addBureau(small.db, ['lin']);
}
const list = (school: string, day: string, ...people: string[]) =>
  small.send(`${school}-${day}.csv`, `${day}T10:00:00+08:00`, [HEAD, ...people.map((p) => `${school},${p}`)]);
const night = (day: string) => small.night(`${day}T23:00:00+08:00`);
/** What was recorded by now, and registered before. */
async function taken(kind: PlanKind = 'teacher-plan'): Promise<string> {
  const ctx = { ...small.ctx, campaigns: [campaign] };
  const { rows } = await small.db.raw('SELECT max(recorded_at) AS at FROM ops.run');
  const asOf: string = rows[0].at;
  const { snapshot } = await createSnapshot(ctx, { campaignId: '113', kind, asOf, correction: null });
  return snapshot.id;
}
const words = ({ op, before, after, changed, why }: RowDifference): string =>
  [
    op,
    (after ?? before)?.name ?? (after ?? before)?.institution_code,
    ...Object.entries(changed).map(([column, causes]) => `${column}=${causes.join('+')}`),
    ...(op === 'update' ? [] : why),
  ].join(' ');
const differs = async (older: string, newer: string): Promise<string[]> =>
  (await diffSnapshots(small.ctx, older, newer)).rows.map(words);

it('a change that was registered after the older cut-off is a real one, for each column by itself', async () => {
  await open();
  await list('064603', '2024-08-01', WANG(), LI());
  await night('2024-08-01');
  const first = await taken();
  await list('064603', '2024-08-03', WANG('導師', '2024-08-02 09:00'), LI());
  await night('2024-08-03');
  const second = await taken();
  expect(await differs(first, second)).toEqual(['update 王小明 title=change title_kind=change']);
  await list(
    '064603',
    '2024-08-05',
    WANG('導師', '2024-08-02 09:00'),
    `B123456780,李大華,男,68/01/02,教師,數學,離職,113/08/05,2024-08-05 09:00`,
    `C123456781,陳新進,女,75/01/02,教師,英語,新進,113/08/04,2024-08-04 09:00`,
  );
  await night('2024-08-05');
  const third = await taken();
  expect(await differs(second, third)).toEqual(['delete 李大華 change', 'insert 陳新進 change']);
  const { rows, counts, from, to } = await diffSnapshots(small.ctx, second, third);
  expect(counts).toEqual({ inserted: 1, updated: 0, deleted: 1 });
  expect([from.id, to.id, from.rows, to.rows]).toEqual([second, third, 2, 2]);
  expect(rows[0]?.evidence).toMatchObject([
    { cause: 'change', reason: '離職', run: '3', registeredAt: '2024-08-05T09:00:00+08:00' },
  ]);
  // Backwards it is the same, the other way round.
  expect(await differs(third, second)).toEqual(['delete 陳新進 change', 'insert 李大華 change']);
});

it('what was registered in time and came late is told as late, and what the school corrected as a correction', async () => {
  await open();
  await list('064603', '2024-08-01', WANG());
  await night('2024-08-01');
  const first = await taken();
  await list('064603', '2024-08-04', WANG('教師', '2024-08-03 08:00', '王曉明'), LI('教師', '2024-07-31 08:00'));
  await night('2024-08-04');
  expect(await differs(first, await taken())).toEqual(['insert 李大華 late', 'update 王曉明 name=correction']);
});

it('a corrected identifier is a correction of the digest and of nothing else', async () => {
  await open();
  await list('064603', '2024-08-01', WANG(), LI());
  await night('2024-08-01');
  const first = await taken();
  await list('064603', '2024-08-04', WANG('教師', '2024-08-03 08:00', '王小明', 'A223456781'), LI());
  await night('2024-08-04');
  const found = await differs(first, await taken());
  expect(found).toEqual(['update 王小明 id_digest=correction']);
});

it('a value set by hand and a run that was undone are corrections', async () => {
  await open();
  await list('064603', '2024-08-01', WANG(), LI());
  await night('2024-08-01');
  const first = await taken();
  const { person_id: id } = await small.db('warehouse.person_version').where({ name: '王小明' }).first('person_id');
  const value = { entity: 'person' as const, id: String(id), field: 'name', value: '王大明', at: null, until: null };
  await setManualValue(small.db, { ...value, reason: '戶籍更名', by: LIN, when: '2024-08-02T09:00:00+08:00' });
  await night('2024-08-02');
  const second = await taken();
  expect(await differs(first, second)).toEqual(['update 王大明 name=correction']);
  await list('064603', '2024-08-03', WANG(), LI('主任', '2024-08-03 08:00'));
  const { run } = await night('2024-08-03');
  const third = await taken();
  expect(await differs(second, third)).toEqual(['update 李大華 title=change title_kind=change']);
  await small.revert('2024-08-04T09:00:00+08:00', run, LIN);
  expect(await differs(third, await taken())).toEqual(['update 李大華 title=correction title_kind=correction']);
});

it('two people who are one, and who part again, are told as such; who was one row is one row', async () => {
  await open();
  await list('064603', '2024-08-01', WANG());
  await night('2024-08-01');
  await list('064604', '2024-08-02', `C123456781,王小明,男,70/05/06,教師,國語,新進,113/08/02,2024-08-02 08:00`);
  await night('2024-08-02');
  const apart = await taken();
  await joinPersons(small.db, { people: [1, 2], reason: '同一人', by: LIN, when: '2024-08-03T09:00:00+08:00' });
  await night('2024-08-03');
  const joined = await taken();
  const found = await diffSnapshots(small.ctx, apart, joined);
  expect(found.rows.every(({ why }) => why.includes('identity'))).toBe(true);
  expect(found.counts).toMatchObject({ inserted: 0, deleted: 1 });
  await undoJudgement(small.db, { number: 1, reason: '並非同一人', by: LIN, when: '2024-08-04T09:00:00+08:00' });
  await night('2024-08-04');
  const parted = await diffSnapshots(small.ctx, joined, await taken());
  expect(parted.counts).toMatchObject({ inserted: 1, deleted: 0 });
  expect(parted.rows.every(({ why }) => why.includes('identity'))).toBe(true);
});

it('who is out because the planning year asks for others is told so, and a change of the same night apart from it', async () => {
  await open();
  await list('064603', '2024-08-01', WANG(), LI('導師'));
  await list('064604', '2024-08-01', `C123456781,陳小玉,女,75/01/02,教師,英語,,,2024-08-01 08:00`);
  await night('2024-08-01');
  const first = await taken();
  const schools = await taken('school-plan');
  const plans = { ...CAMPAIGN.plans, 'teacher-plan': { ...CAMPAIGN.plans['teacher-plan'], schoolTitleCodes: [7] } };
  const addressed = CAMPAIGN.addressed.map((rule) => ({ ...rule, exceptCodes: ['064604'] }));
  campaign = { ...CAMPAIGN, plans, addressed };
  await list('064603', '2024-08-03', WANG('教師', '2024-08-03 08:00', '王曉明'), LI('導師'));
  await night('2024-08-03');
  const second = await taken();
  expect(await differs(first, second)).toEqual([
    'delete 李大華 rules',
    'delete 陳小玉 rules',
    'update 王曉明 name=correction',
  ]);
  const { rows } = await diffSnapshots(small.ctx, first, second);
  const run = (await findSnapshot(small.db, second))?.manifest.mingce.run.id;
  const byRules = { cause: 'rules', reason: '113 年度第 1 版 → 113 年度第 2 版', rule: 'R04', run, registeredAt: null };
  expect(rows.map(({ evidence }) => evidence.filter(({ cause }) => cause === 'rules'))).toMatchObject([
    [byRules],
    [byRules],
    [],
  ]);
  const ofSchools = await differs(schools, await taken('school-plan'));
  expect(ofSchools.filter((line) => line.includes('064604'))).toEqual(['delete 064604 rules']);
  expect(ofSchools.filter((line) => line.includes('064603'))).toEqual(['update 064603 teachers=rules']);
});

it('a school plan says why its counts and leads differ', async () => {
  await open();
  // Whose account says no name is called as the roster calls the person.
  const account = ['學校代碼,帳號,帳號類別,身分證字號,狀態', '064603,lead01,總負責人,A123456789,啟用'];
  await list('064603', '2024-08-01', WANG());
  await night('2024-08-01');
  const first = await taken('school-plan');
  await list('064603', '2024-08-03', WANG(), LI('教師', '2024-08-01 08:00'));
  await small.send('064603.csv', '2024-08-03T10:00:00+08:00', account, 'accounts');
  await night('2024-08-03');
  const second = await taken('school-plan');
  expect(await differs(first, second)).toEqual(['update 064603 teachers=late lead_accounts=change lead_names=change']);
  await list('064603', '2024-08-06', WANG('教師', '2024-08-06 08:00', '王曉明'), LI('教師', '2024-08-01 08:00'));
  await night('2024-08-06');
  expect(await differs(second, await taken('school-plan'))).toEqual(['update 064603 lead_names=correction']);
});

it('a school that is renamed, and one that is not addressed any more, is told by its own change, also beside others', async () => {
  const configDir = await mkdtemp(path.join(tmpdir(), 'mingce-renamed-'));
  await cp('samples/institutions', path.join(configDir, 'institutions'), { recursive: true });
  const schools = path.join(configDir, 'institutions/schools.csv');
  const rewrite = async (from: string | RegExp, to: string) =>
    writeFile(schools, (await readFile(schools, 'utf8')).replace(from, to));
  campaign = CAMPAIGN;
  small = await openSmallInstallation(1, { configDir });
  await addBureau(small.db, ['lin']);
  await list('064603', '2024-08-01', WANG(), LI());
  await night('2024-08-01');
  const first = await taken();
  await rewrite('南陽國小', '南洋國小');
  await list('064603', '2024-08-03', WANG(), LI().replace('數學', '音樂'));
  await night('2024-08-03');
  const second = await taken();
  expect((await differs(first, second)).sort()).toEqual([
    'update 李大華 institution_name=change subjects=late',
    'update 王小明 institution_name=change',
  ]);
  await rewrite(/^(.*南洋國小.*)公立/m, '$1私立');
  await list('064603', '2024-08-04', WANG().replace('國語', '音樂'), LI().replace('數學', '音樂'));
  await night('2024-08-04');
  expect((await differs(second, await taken())).sort()).toEqual(['delete 李大華 change', 'delete 王小明 change']);
  await rm(configDir, { recursive: true });
});

it('what did not bring a difference about is not blamed for it', async () => {
  await open();
  await list('064603', '2024-08-01', WANG(), LI());
  await night('2024-08-01');
  const first = await taken();
  // Late subjects of both; one then leaves, the other is called otherwise twice and in the end as in between.
  await list('064603', '2024-08-02', WANG('導師').replace('國語', '音樂'), LI().replace('數學', '音樂'));
  await night('2024-08-02');
  await list(
    '064603',
    '2024-08-03',
    WANG('主任', '2024-08-03 08:00').replace('國語', '音樂'),
    LI().replace('數學', '音樂'),
  );
  await night('2024-08-03');
  const gone = 'B123456780,李大華,男,68/01/02,教師,音樂,離職,113/08/04,2024-08-04 09:00';
  await list('064603', '2024-08-04', WANG('導師', '2024-08-04 08:00').replace('國語', '音樂'), gone);
  await night('2024-08-04');
  const last = await taken();
  expect(await differs(first, last)).toEqual([
    'delete 李大華 change',
    'update 王小明 title=change title_kind=change subjects=late',
  ]);
  const plans = { ...CAMPAIGN.plans, 'teacher-plan': { ...CAMPAIGN.plans['teacher-plan'], schoolTitleCodes: [1] } };
  campaign = { ...CAMPAIGN, plans };
  await list('064603', '2024-08-05', WANG('導師', '2024-08-04 08:00').replace('國語', '體育'));
  await night('2024-08-05');
  expect(await differs(last, await taken())).toEqual(['delete 王小明 rules']);
});

it('joined and parted again in between is nothing, and a title of one of them is its own matter', async () => {
  await open();
  await list('064603', '2024-08-01', WANG());
  await night('2024-08-01');
  await list('064604', '2024-08-02', 'C123456781,王小明,男,70/05/06,教師,國語,新進,113/08/02,2024-08-02 08:00');
  await night('2024-08-02');
  const apart = await taken();
  await joinPersons(small.db, { people: [1, 2], reason: '同一人', by: LIN, when: '2024-08-03T09:00:00+08:00' });
  await night('2024-08-03');
  const joined = await taken();
  const causes = (await diffSnapshots(small.ctx, apart, joined)).rows.flatMap(({ why }) => why);
  expect(new Set(causes)).toEqual(new Set(['identity']));
  await undoJudgement(small.db, { number: 1, reason: '並非同一人', by: LIN, when: '2024-08-04T09:00:00+08:00' });
  await list('064603', '2024-08-04', WANG('導師', '2024-08-04 08:00'));
  await night('2024-08-04');
  expect(await differs(apart, await taken())).toEqual(['update 王小明 title=change title_kind=change']);
});

it('nothing differs between a snapshot and itself, and two of another kind are not compared', async () => {
  await open();
  await list('064603', '2024-08-01', WANG());
  await night('2024-08-01');
  const [teachers, schools] = [await taken(), await taken('school-plan')];
  expect(await differs(teachers, teachers)).toEqual([]);
  await expect(diffSnapshots(small.ctx, teachers, schools)).rejects.toMatchObject({ code: 'different-kinds' });
  await expect(diffSnapshots(small.ctx, teachers, '113-teacher-plan-v9')).rejects.toMatchObject({
    code: 'unknown-snapshot',
  });
});
