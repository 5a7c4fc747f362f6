/** Open matters: listed by who must act; one that is put aside is told and not counted, stays so through runs, and comes back after its day. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { listExceptions, suppressException, unsuppressException } from '../../pipelines/exceptions.ts';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { renderExceptions } from '../../pipelines/report/render-exceptions.ts';
import { renderHtml } from '../../pipelines/report/render-html.ts';
import { renderText } from '../../pipelines/report/render-text.ts';
import type { Database } from '../../warehouse/connect.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN, OPS } from '../support/users.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱';
/** Nine teachers with an identifier, and one more. */
const roster = (last: string): string[] => [
  HEAD,
  ...Array.from({ length: 9 }, (_, i) => `064601,${nationalId(i)},王小${'一二三四五六七八九'[i]},70/05/06,教師`),
  `064601,${last},史密斯,70/05/06,教師`,
];

let small: SmallInstallation;
let db: Database;
let weak: number;
const WHY = '外籍教師，居留證辦理中';
const SUPPRESSED = { by: LIN, when: '2024-10-02T09:00:00+08:00', reason: WHY, until: '2024-10-10' };

beforeAll(async () => {
  small = await openSmallInstallation(1);
  db = small.db;
  await addBureau(db, ['lin']);
});
afterAll(() => small.close());

async function night(clock: string) {
  const result = await small.night(clock);
  const report = await buildReport(db, Number(result.run));
  const codes = (list: readonly { code: string }[]) =>
    list.map(({ code }) => code).filter((c) => c === 'weak-identity');
  return { report, open: codes(report.exceptions), aside: codes(report.suppressed), counts: result.exceptions };
}

it('what is open is listed with who must act, how grave it is, its rule and what to do', async () => {
  await small.send('064601.csv', '2024-10-01T10:00:00+08:00', roster(''));
  expect((await night('2024-10-02T02:00:00+08:00')).open).toEqual(['weak-identity']);
  const [line, ...others] = await listExceptions(db, '2024-10-05T09:00:00+08:00', { code: 'weak-identity' });
  expect(others).toEqual([]);
  expect(line).toMatchObject({
    severity: 'low',
    who: 'school',
    rule: null,
    ageDays: 3,
    institution: { code: '064601' },
    params: { people: 1 },
    todo: { zh: expect.stringContaining('請學校'), en: expect.stringContaining('The school') },
    suppressed: null,
  });
  weak = line!.number;
  expect(await listExceptions(db, '2024-10-05T09:00:00+08:00', { institution: '064602' })).toEqual([]);
  expect((await listExceptions(db, '2024-10-05T09:00:00+08:00', { institution: '064601' })).length).toBeGreaterThan(0);
});

it('put aside with a reason and a day it is told, but neither open nor counted', async () => {
  const before = (await listExceptions(db, SUPPRESSED.when)).length;
  expect(await suppressException(db, { id: weak, ...SUPPRESSED })).toMatchObject({
    suppressed: { by: 'lin', reason: WHY, until: '2024-10-10' },
  });
  const { open, aside, counts, report } = await night('2024-10-03T02:00:00+08:00');
  expect([open, aside, counts.open]).toEqual([[], ['weak-identity'], before - 1]);
  expect(renderText(report)).toContain('【暫不處理 Suppressed】');
  expect(renderHtml(report)).toContain(WHY);
  const listed = renderExceptions(await listExceptions(db, '2024-10-03T09:00:00+08:00'));
  expect(listed.split('暫不處理')[0]).not.toContain('weak-identity');
  expect(listed).toContain(`lin：${WHY}`);
});

it('of many alike a screen shows some, and says how to see the rest', async () => {
  const [line] = await listExceptions(db, '2024-10-03T09:00:00+08:00', { number: weak });
  const many = Array.from({ length: 200 }, (_, i) => ({ ...line!, number: i + 1, suppressed: null }));
  const some = renderExceptions(many, false);
  expect(some).toMatch(/另有 \d+ 件，見 --code weak-identity/);
  expect(some.split('\n').length).toBeLessThan(80);
  expect(renderExceptions(many).split('\n').length).toBeGreaterThan(200);
});

it('the report of the night before says what was open then', async () => {
  const report = await buildReport(db, 1);
  expect(report.exceptions.map((e) => e.code)).toContain('weak-identity');
  expect(report.suppressed).toEqual([]);
});

it('closed and found again in between, it is opened by no run', async () => {
  await small.send('064601.csv', '2024-10-03T10:00:00+08:00', roster(nationalId(20)));
  expect(await night('2024-10-04T02:00:00+08:00')).toMatchObject({ open: [], aside: [], counts: { closed: 1 } });
  await small.send('064601.csv', '2024-10-04T10:00:00+08:00', [
    ...roster(nationalId(20)),
    '064601,,史東,70/05/06,教師',
  ]);
  expect(await night('2024-10-05T02:00:00+08:00')).toMatchObject({
    open: [],
    aside: ['weak-identity'],
    counts: { opened: 0 },
  });
});

it('on its last day it is still aside; the day after it counts again, once', async () => {
  expect(await night('2024-10-10T02:00:00+08:00')).toMatchObject({ open: [], aside: ['weak-identity'] });
  const back = await night('2024-10-11T02:00:00+08:00');
  expect(back).toMatchObject({ open: ['weak-identity'], aside: [], counts: { opened: 0 } });
});

it('put aside again, it can be taken back at once', async () => {
  const [line] = await listExceptions(db, '2024-10-11T09:00:00+08:00', { code: 'weak-identity' });
  const id = line!.number;
  const at = { by: OPS, when: '2024-10-11T09:00:00+08:00' };
  await suppressException(db, { id, ...at, reason: WHY, until: '2024-12-31' });
  await suppressException(db, { id, ...at, reason: '再延一個月', until: '2025-01-31' });
  expect((await listExceptions(db, at.when, { number: id }))[0]?.suppressed).toMatchObject({ until: '2025-01-31' });
  await unsuppressException(db, { id, ...at, when: '2024-10-11T10:00:00+08:00', reason: null });
  expect((await listExceptions(db, '2024-10-11T10:00:00+08:00', { number: id }))[0]?.suppressed).toBeNull();
});

it('what is not open cannot be put aside, nor by who may not, nor until a day that has passed', async () => {
  const asked = { by: LIN, when: '2024-10-11T11:00:00+08:00', reason: WHY, until: '2024-12-31' };
  const refused = (more: object) => expect(suppressException(db, { id: weak, ...asked, ...more })).rejects;
  await refused({}).toMatchObject({ code: 'exception-closed' });
  await refused({ id: 9999 }).toMatchObject({ code: 'exception-unknown' });
  await refused({ until: '2024-10-10' }).toMatchObject({ code: 'suppress-until-past' });
  await refused({ by: { name: 'nobody', role: 'school', institutionCode: '064601' } }).toMatchObject({
    code: 'user-not-allowed',
  });
  await expect(unsuppressException(db, { ...asked, id: weak, reason: null })).rejects.toMatchObject({
    code: 'exception-not-suppressed',
  });
  const trail = await db('ops.audit').whereLike('subject', 'exception:%').orderBy('id').select('action', 'actor');
  expect(trail.map(({ action, actor }) => `${actor} ${action}`)).toEqual([
    'lin exception-suppressed',
    'ops exception-suppressed',
    'ops exception-suppressed',
    'ops exception-unsuppressed',
    'nobody decision-refused',
  ]);
});
