/** `mingce roster`: who served on a day, as recorded before a moment. Whatever came to be known later, what was answered stays answered. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Asked, explainPerson } from '../../pipelines/explain.ts';
import { explainAccount, explainInstitution } from '../../pipelines/explain-thing.ts';
import { renderRoster } from '../../pipelines/report/render-roster.ts';
import { runBefore } from '../../pipelines/report.ts';
import { institutionsOf, rosterOf } from '../../pipelines/roster.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { until } from '../support/until.ts';

const STAFF = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,任教科目,異動別,異動日期,登錄時間';
const ACCOUNTS = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態,啟用日期';
const NOW = '2030-01-01T00:00:00+08:00';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation(1);
});
afterAll(() => small.close());

const then = (asOf: string | null, on: string | null = null): Asked => ({ asOf, on, now: NOW });
const on064601 = async (moments: Asked): Promise<string[]> =>
  (await rosterOf(small.db, '064601', moments)).people.map((p) =>
    [p.name, p.title, p.primary ? '專' : '兼', p.since, p.until ?? ''].join(' ').trim(),
  );

const NIGHTS: readonly [clock: string, lines: readonly string[]][] = [
  [
    '2024-07-02T02:00:00+08:00',
    [
      '064601,A123456789,王小明,男,70/05/06,教師,國語文,新進,112/08/01,2024-07-01T09:00:00+08:00',
      '064601,F229999995,林淑芬,女,75/01/02,導師,數學,新進,112/08/01,2024-07-01T09:00:00+08:00',
    ],
  ],
  // Another title, from a day to come; and a leave that is told late.
  [
    '2024-07-20T02:00:00+08:00',
    [
      '064601,A123456789,王小明,男,70/05/06,組長,國語文,,,2024-07-19T09:00:00+08:00',
      '064601,F229999995,林淑芬,女,75/01/02,導師,數學,離職,113/07/10,2024-07-19T09:00:00+08:00',
    ],
  ],
  // A late arrival: registered long before, recorded now.
  [
    '2024-08-10T02:00:00+08:00',
    [
      '064601,A123456789,王小明,男,70/05/06,組長,國語文,,,2024-07-19T09:00:00+08:00',
      '064601,F229999995,林淑芬,女,75/01/02,導師,數學,離職,113/07/10,2024-07-19T09:00:00+08:00',
      '064601,B123456780,陳大文,男,72/03/04,教師,自然,新進,113/02/01,2024-07-05T09:00:00+08:00',
    ],
  ],
];

it('each night and day has its roster, and a later night changes no earlier answer', async () => {
  const answers: { moments: Asked; said: string }[] = [];
  const ask = async (moments: Asked): Promise<string> =>
    JSON.stringify([
      await rosterOf(small.db, '064601', moments),
      await institutionsOf(small.db, moments),
      await explainInstitution(small.db, '064601', moments),
      await explainPerson(small.db, 1, moments),
      await explainAccount(small.db, '064601/head01', moments),
    ]);
  for (const [clock, lines] of NIGHTS) {
    const arrived = new Date(Date.parse(clock) - 8 * 3_600_000).toISOString();
    await small.send(`064601-${clock.slice(0, 10)}.csv`, arrived, [STAFF, ...lines]);
    if (clock === NIGHTS[0]?.[0]) {
      const account = '064601,head01,總負責人,A123456789,王小明,啟用,112/08/01';
      await small.send('064601-k.csv', arrived, [ACCOUNTS, account], 'accounts');
    }
    expect((await small.night(clock)).status).toBe('complete');
    for (const { moments, said } of answers) expect(await ask(moments), JSON.stringify(moments)).toBe(said);
    const after = new Date(Date.parse(clock) + 60_000).toISOString();
    for (const day of ['2024-07-01', '2024-07-15', '2024-08-01']) {
      const moments = then(after, day);
      answers.push({ moments, said: await ask(moments) });
    }
  }
  expect(answers).toHaveLength(9);
});

it('knows before each night what was known then, and of each day who served', async () => {
  const [first, second, third] = NIGHTS.map(([clock]) => clock) as [string, string, string];
  await expect(rosterOf(small.db, '064601', then(first, '2024-07-01'))).rejects.toThrow('was no institution');
  expect(await on064601(then(second, '2024-07-15'))).toEqual([
    '林淑芬 導師 專 2023-08-01',
    '王小明 教師 專 2023-08-01',
  ]);
  // Recorded in the second night: she had left on the tenth.
  expect(await on064601(then(third, '2024-07-09'))).toEqual([
    '林淑芬 導師 專 2023-08-01 2024-07-10',
    '王小明 教師 專 2023-08-01',
  ]);
  expect(await on064601(then(third, '2024-07-10'))).toEqual(['王小明 教師 專 2023-08-01']);
  expect(await on064601(then(third, '2024-08-01'))).toEqual(['王小明 組長 專 2023-08-01']);
  expect(await on064601(then(null, '2024-08-01'))).toEqual(['王小明 組長 專 2023-08-01', '陳大文 教師 專 2024-02-01']);
  expect((await rosterOf(small.db, '064601', then(null))).on).toBe('2024-08-10');
  expect((await rosterOf(small.db, '064601', then(third))).on).toBe('2024-08-10');
});

it('explains a person as of a day, and says where there was nobody', async () => {
  const { people } = await rosterOf(small.db, '064601', then(null));
  const wang = people.find(({ name }) => name === '王小明')?.person as number;
  const title = async (day: string) =>
    (await explainPerson(small.db, wang, then(null, day))).spells.map((s) => s.title);
  expect([await title('2024-07-10'), await title('2024-08-01')]).toEqual([['教師'], ['組長']]);
  await expect(explainPerson(small.db, wang, then(null, '2020-01-01'))).rejects.toThrow('on record on 2020-01-01');
});

it('the report as of a moment is that of the newest run before it', async () => {
  const [first, , third] = NIGHTS.map(([clock]) => clock) as [string, string, string];
  expect(await runBefore(small.db, third, NOW)).toBe(2);
  await expect(runBefore(small.db, first, NOW)).rejects.toThrow('no run was recorded before');
  await expect(runBefore(small.db, '2031-01-01T00:00:00+08:00', NOW)).rejects.toThrow('has not come');
});

it('a moment that has not come is refused by every reader', async () => {
  const tomorrow = then('2031-01-01T00:00:00+08:00');
  await expect(rosterOf(small.db, '064601', tomorrow)).rejects.toThrow('has not come');
  await expect(institutionsOf(small.db, tomorrow)).rejects.toThrow('has not come');
  await expect(explainPerson(small.db, 1, tomorrow)).rejects.toThrow('has not come');
  await expect(explainInstitution(small.db, '064601', tomorrow)).rejects.toThrow('has not come');
});

it('of now nobody waits for an apply in flight; of a moment that it may still take they do', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let locked: () => void = () => undefined;
  const isLocked = new Promise<void>((resolve) => {
    locked = resolve;
  });
  const apply = small.db.transaction(async (trx) => {
    await trx.raw('UPDATE ops.recorded_clock SET at = at');
    locked();
    await held;
  });
  await isLocked;
  expect((await rosterOf(small.db, '064601', then(null))).people).toHaveLength(2);
  const asked = { answered: false };
  const answer = rosterOf(small.db, '064601', then(NIGHTS[2]?.[0] as string, '2024-08-01')).then((found) => {
    asked.answered = true;
    return found;
  });
  await rosterOf(small.db, '064601', then(null));
  expect(asked.answered).toBe(false);
  release();
  await apply;
  expect((await answer).people).toHaveLength(1);
});

it('is printed for a terminal', async () => {
  expect(renderRoster(await rosterOf(small.db, '064601', then(null, '2024-08-01')))).toMatchInlineSnapshot(`
    "【064601 市立豐原國小（國小）2024-08-01 名冊】2 人，其中服務單位在此 2 人
    2024-08-01 當日在冊，依目前紀錄 · 2 people, 2 of them with their service unit here
    公立　豐原區　營業中

    編號  姓名    職稱  任教科目  關係  到職日      備註
    ────  ──────  ────  ────────  ────  ──────────  ────
       2  王小明  組長  國語文    專任  2023-08-01  －
       3  陳大文  教師  自然科學  專任  2024-02-01  －

    業務帳號  類別      持有人  狀態  開通日
    ────────  ────────  ──────  ────  ──────────
    head01    總負責人  王小明  啟用  2023-08-01"
  `);
});

/** The table that each reads late: what it has read before is there when the apply commits. */
const LATE: readonly [table: string, what: string, ask: () => Promise<object>][] = [
  ['warehouse.account_version', 'roster', () => rosterOf(small.db, '064601', then(null))],
  ['warehouse.assignment_version', 'person', () => explainPerson(small.db, 1, then(null))],
  ['review.manual_value', 'institution', () => explainInstitution(small.db, '064601', then(null))],
  ['review.manual_value', 'account', () => explainAccount(small.db, '064601/head01', then(null))],
];
it.each(
  LATE,
)('an answer of now is of one state, though an apply commits before it reads %s (%s)', async (table, what, ask) => {
  const before = await ask();
  const apply = await small.db.transaction();
  let answer: Promise<object> | undefined;
  try {
    await apply.raw(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    answer = ask();
    await until('the reader waits for the apply', async () => {
      const waiting = 'SELECT 1 FROM pg_locks WHERE NOT granted AND relation = ?::regclass';
      return (await small.db.raw(waiting, [table])).rows.length > 0;
    });
    await apply.raw(`UPDATE warehouse.account_version SET holder_name = '${what}'; UPDATE warehouse.assignment_version SET title = '${what}';
      UPDATE warehouse.institution_version SET name = '${what}'`);
    await apply.commit();
  } finally {
    if (!apply.isCompleted()) await apply.rollback();
  }
  expect(await answer).toEqual(before);
  expect(await ask()).not.toEqual(before);
});
