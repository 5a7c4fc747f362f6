/** A run that should not have been: undone by another one, for good, and told what could not be undone. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { decide } from '../../pipelines/decide.ts';
import { listHolds } from '../../pipelines/holds.ts';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { renderText } from '../../pipelines/report/render-text.ts';
import { checkRevert } from '../../pipelines/revert.ts';
import type { Database } from '../../warehouse/connect.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';

let small: SmallInstallation;
let db: Database;

beforeAll(async () => {
  small = await openSmallInstallation(1, {
    config: { guards: { lost: { percent: 90, people: 3 }, changed: { percent: 90, people: 3 } } },
  });
  db = small.db;
  await addBureau(db, ['lin', 'chen']);
});
let wrongRun: string;
let revertRun: string;
let whole: string;
afterAll(() => small.close());

const teacher = (n: number, title = '教師', change = ',') =>
  `${n < 100 ? '064601' : '064602'},${nationalId(n)},${'王李陳林'[n % 4]}${n < 100 ? '小' : '大'}${'一二三四五六七八九十'[n % 10]},70/05/06,${title},${change}`;
const teachers = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => teacher(from + i));
/** Where everybody serves and as what, by name. */
async function people(): Promise<Map<string, string>> {
  const { rows } = await db.raw(
    `SELECT p.name, left(i.source_key, 6) || ' ' || v.title AS at FROM warehouse.assignment_version v JOIN warehouse.assignment a ON a.id = v.assignment_id
     JOIN warehouse.institution i ON i.id = a.institution_id
     JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity' AND p.valid_to = 'infinity'
     WHERE v.recorded_to = 'infinity' AND v.valid_to = 'infinity'`,
  );
  return new Map(rows.map(({ name, at }: { name: string; at: string }) => [name, at]));
}
const hash = (): Promise<string> => warehouseHash(db, small.ctx.keyring);

it('a run is undone, and stays so on the nights after', async () => {
  await small.send('064601.csv', '2024-09-30T10:00:00+08:00', [HEAD, ...teachers(0, 10)]);
  await small.send('064602.csv', '2024-09-30T10:00:00+08:00', [HEAD, ...teachers(100, 110)]);
  await small.night('2024-10-01T02:00:00+08:00');
  const before = await hash();

  const moved = teacher(100).replace('064602', '064601').replace(/,,$/, ',轉入,113/10/02');
  await small.send('064601.csv', '2024-10-01T10:00:00+08:00', [
    HEAD,
    teacher(0, '組長'),
    teacher(1, '教師', '離職,113/10/01'),
    ...teachers(2, 11),
    moved,
  ]);
  const wrong = await small.night('2024-10-02T02:00:00+08:00');
  expect(wrong.status).toBe('complete');
  const after = await hash();
  whole = after;
  wrongRun = wrong.run;
  expect(after).not.toBe(before);

  const dry = await small.revert('2024-10-02T09:00:00+08:00', wrong.run);
  expect(dry).toMatchObject({ kind: 'revert', dryRun: true, status: 'complete' });
  expect(await hash()).toBe(after);

  const revert = await small.revert('2024-10-02T10:00:00+08:00', wrong.run, LIN);
  expect(revert).toMatchObject({ kind: 'revert', status: 'complete', held: [] });
  expect(revert.revert).toEqual({ run: wrong.run, by: 'lin', reason: '誤送', conflicts: [] });
  revertRun = revert.run;
  expect(await hash()).toBe(before);

  const night = await small.night('2024-10-03T02:00:00+08:00');
  expect(await hash()).toBe(before);
  expect(Object.values(night.changes)).toEqual(Array(4).fill({ added: 0, changed: 0, ended: 0 }));
  const again = await small.night('2024-10-04T02:00:00+08:00');
  expect(await hash()).toBe(before);
  expect([again.exceptions.opened, again.exceptions.closed]).toEqual([0, 0]);
});

const openCodes = async (): Promise<string[]> =>
  (await db('review.exception').where({ closed_at: null }).orderBy('code').distinct('code')).map(({ code }) => code);

it('the report names what was undone, and that the source still says it', async () => {
  const report = await buildReport(db, Number(revertRun));
  const text = renderText(report);
  expect(text).toContain(`撤銷第 ${wrongRun} 次執行的異動；決定：lin，理由：誤送`);
  expect(text).toMatch(/撤銷執行 +王小一 .*組長 → 教師/);
  expect(text).toMatch(/離職 → 在職/);
  expect(text).toMatch(/轉校 → 在職/);
  expect(text).toContain('登錄撤銷');
  expect(await openCodes()).toContain('reverted-kept-out');
  const { rows } = await db.raw(
    `SELECT actor, action, subject, detail->>'reason' AS reason FROM ops.audit ORDER BY id DESC LIMIT 1`,
  );
  expect(rows).toEqual([{ actor: 'lin', action: 'revert-asked', subject: `run:${wrongRun}`, reason: '誤送' }]);
});

it('is refused a second time, naming the run that did it; so is a run that wrote nothing', async () => {
  await expect(small.revert('2024-10-04T09:00:00+08:00', wrongRun, LIN)).rejects.toThrow(
    new RegExp(`第 ${wrongRun} 次執行的異動已由第 ${revertRun} 次執行撤銷`),
  );
  const dry = await small.night('2024-10-04T09:10:00+08:00', true);
  await expect(small.revert('2024-10-04T09:20:00+08:00', dry.run, LIN)).rejects.toThrow(/沒有寫入名冊/);
  const quiet = await small.night('2024-10-04T09:30:00+08:00');
  await expect(small.revert('2024-10-04T09:40:00+08:00', quiet.run, LIN)).rejects.toThrow(/沒有任何異動/);
  await expect(small.revert('2024-10-04T09:50:00+08:00', wrongRun, { ...LIN, name: 'ops' })).rejects.toThrow(/bureau/);
  const asked = { run: Number(wrongRun), decision: { by: LIN, reason: '再撤銷', at: '2024-10-04T10:00:00+08:00' } };
  await expect(checkRevert(db, asked)).rejects.toThrow(/已由第/);
  expect(await db('ops.audit').orderBy('id', 'desc').first('actor', 'action', 'subject')).toEqual({
    actor: 'lin',
    action: 'decision-refused',
    subject: `run:${wrongRun}`,
  });
});

it('an undoing that is undone gives the changes back, and asks no more', async () => {
  const again = await small.revert('2024-10-04T11:00:00+08:00', revertRun, LIN);
  expect(again.status).toBe('complete');
  expect(await hash()).toBe(whole);
  await small.night('2024-10-05T02:00:00+08:00');
  expect(await hash()).toBe(whole);
  expect(await openCodes()).not.toContain('reverted-kept-out');
  await expect(small.revert('2024-10-05T03:00:00+08:00', wrongRun, LIN)).rejects.toThrow(
    new RegExp(`請撤銷第 ${again.run} 次執行`),
  );
  revertRun = (await small.revert('2024-10-05T09:00:00+08:00', again.run, LIN)).run;
});

it('what was undone is heard again once its source says something else of that record, and of no other', async () => {
  const before = await people();
  await small.send('064601.csv', '2024-10-05T10:00:00+08:00', [
    HEAD,
    teacher(0, '主任'),
    teacher(1, '教師', '離職,113/10/01'),
    ...teachers(2, 11),
    teacher(100).replace('064602', '064601').replace(/,,$/, ',轉入,113/10/02'),
  ]);
  await small.night('2024-10-06T02:00:00+08:00');
  const after = await people();
  expect(after.get('王小一')).toBe('064601 主任');
  before.set('王小一', '064601 主任');
  expect(after).toEqual(before);
});

it('somebody who was taken back comes in anew, as the same person, when a source tells of them otherwise', async () => {
  const known = await db('warehouse.person').count('* as n').first();
  await small.send('064601.csv', '2024-10-06T10:00:00+08:00', [
    HEAD,
    teacher(0, '主任'),
    teacher(1, '教師', '離職,113/10/01'),
    ...teachers(2, 10),
    teacher(10, '組長'),
  ]);
  await small.night('2024-10-07T02:00:00+08:00');
  expect((await people()).get('陳小一')).toBe('064601 組長');
  expect(await db('warehouse.person').count('* as n').first()).toEqual(known);
});

it('of whom a later run changed something nothing is undone: it says whom, what and by which run', async () => {
  await small.send('064602.csv', '2024-10-07T10:00:00+08:00', [
    HEAD,
    teacher(100),
    teacher(101, '組長'),
    teacher(102, '導師'),
    ...teachers(103, 110),
  ]);
  const first = await small.night('2024-10-08T02:00:00+08:00');
  await small.send('064602.csv', '2024-10-08T10:00:00+08:00', [
    HEAD,
    teacher(100),
    teacher(101, '組長'),
    teacher(102, '主任'),
    ...teachers(103, 110),
  ]);
  const second = await small.night('2024-10-09T02:00:00+08:00');
  const revert = await small.revert('2024-10-09T09:00:00+08:00', first.run, LIN);
  expect(revert.revert?.conflicts).toEqual([
    {
      institution: expect.objectContaining({ code: '064602' }),
      person: expect.any(Number),
      account: null,
      field: 'title',
      run: second.run,
      decided: null,
    },
  ]);
  expect(revert.changes.assignments).toEqual({ added: 0, changed: 1, ended: 0 });
  const after = await people();
  expect([after.get('李大二'), after.get('陳大三')]).toEqual(['064602 教師', '064602 主任']);
  const report = renderText(await buildReport(db, Number(revert.run)));
  expect(report).toMatch(/064602 .*人員 \d+ +職稱 +第 \d+ 次執行又有異動/);
});

it('an undoing that would change too much is held, and who asked for it is no second person', async () => {
  await small.send('064601.csv', '2024-10-09T10:00:00+08:00', [
    HEAD,
    ...Array.from({ length: 9 }, (_, n) => teacher(n, '導師')),
  ]);
  const changed = await small.night('2024-10-10T02:00:00+08:00');
  small.ctx.guards.changed.percent = 50;
  const before = await hash();
  const held = await small.revert('2024-10-10T09:00:00+08:00', changed.run, LIN);
  expect(held).toMatchObject({ status: 'held', held: [{ institution: '064601' }] });
  expect(await hash()).toBe(before);
  expect((await small.night('2024-10-11T02:00:00+08:00')).held.map((h) => h.planHash)).toEqual([
    held.held[0]!.planHash,
  ]);
  const [hold] = await listHolds(db);
  expect(hold!.groups).toEqual([{ group: '撤銷執行', count: hold!.changes }]);
  const asked = {
    planHash: hold!.planHash,
    verdict: 'approve' as const,
    reason: '確認',
    at: '2024-10-11T09:00:00+08:00',
    handedInBy: new Map(),
  };
  await expect(decide(db, { ...asked, by: LIN })).rejects.toThrow(/須由另一人核定/);
  await decide(db, { ...asked, by: { ...LIN, name: 'chen' } });
  const carried = await small.carryOut('2024-10-11T10:00:00+08:00');
  expect(carried).toMatchObject({ kind: 'decision', status: 'complete', held: [] });
  expect((await people()).get('王小一')).toBe('064601 主任');
  const quiet = await small.night('2024-10-12T02:00:00+08:00');
  expect(Object.values(quiet.changes)).toEqual(Array(4).fill({ added: 0, changed: 0, ended: 0 }));
  expect((await people()).get('王小一')).toBe('064601 主任');
});
