/** Two people who are one, in worse stories: what comes while they are one is whose it is once they part, nobody is told of the other, and nothing stands without a person. */
import { afterEach, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { decide } from '../../pipelines/decide.ts';
import { explainPerson } from '../../pipelines/explain.ts';
import { expireManualValue, setManualValue } from '../../pipelines/manual-values.ts';
import { exportPerson } from '../../pipelines/person-export.ts';
import { renderPersonExport } from '../../pipelines/report/render-person-export.ts';
import { decideReview } from '../../pipelines/review.ts';
import { waitingMatters } from '../../pipelines/review-matters.ts';
import { planTeachers } from '../../pipelines/snapshot/rows.ts';
import type { Database } from '../../warehouse/connect.ts';
import { addUser } from '../../warehouse/users.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { snapshotInstitutions } from '../../warehouse/views/snapshot-institutions.ts';
import { createScope } from '../../warehouse/views/snapshot-rows.ts';
import { taipeiMoments } from '../../warehouse/views/snapshot-run.ts';
import { createTeachers } from '../../warehouse/views/snapshot-teachers.ts';
import type { SmallInstallation } from '../support/small-installation.ts';
import { asks, LIN } from '../support/users.ts';
import { openWithBureau, REASON, UNDONE, wordsOf } from './support/two-people.ts';

const FIRST = 'F229999995';
const SECOND = 'C123456781';
const THIRD = 'A123456789';
const CORRECTED = 'D123456782';
const lin = (id: string, change: string, title = '教師') => `${id},林淑芬,女,75/01/02,${title},${change}`;
const WANG = `${THIRD},王小明,男,70/05/06,教師,,`;

let small: SmallInstallation;
let db: Database;
afterEach(() => small.close());
const open = async (): Promise<void> => {
  small = await openWithBureau();
  db = small.db;
};
const { list, night, join, undo } = wordsOf(() => small);
/** Person 1 at one school, person 2, of the same name, at another. */
async function two(): Promise<void> {
  await open();
  await list('064603', '2024-08-31', lin(FIRST, '新進,112/08/01'));
  await night('2024-08-31');
  await list('064604', '2024-09-01', lin(SECOND, '新進,113/08/10'));
  await night('2024-09-01');
}
async function lines(sql: string): Promise<string[]> {
  return (await db.raw(sql)).rows.map(({ line }: { line: string }) => line);
}
const spells = (): Promise<string[]> =>
  lines(`SELECT a.person_id || ' ' || right(a.source, 6) || coalesce(' ' || v.end_reason, '') AS line FROM warehouse.assignment a
         JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' ORDER BY a.source, a.id`);
const people = (): Promise<string[]> =>
  lines(`SELECT v.person_id || ' ' || (SELECT count(*) FROM warehouse.person_identifier p WHERE p.person_id = v.person_id) AS line
         FROM warehouse.person_version v WHERE v.name = '林淑芬' AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity' ORDER BY v.person_id`);
const changes = (): Promise<string[]> =>
  lines(
    `SELECT entity || ' ' || reason AS line FROM ops.plan_change WHERE run_id = (SELECT max(id) FROM ops.run) ORDER BY seq`,
  );
const stillOpen = (code: string): Promise<number> =>
  db('review.exception')
    .where({ code, closed_at: null })
    .then((rows) => rows.length);

it('a spell, a school and an identifier that came for one of them while they were one are theirs once they part', async () => {
  await two();
  await join(1, 2, '2024-09-02');
  await night('2024-09-02');
  await list('064604', '2024-09-03', lin(CORRECTED, ','));
  await night('2024-09-03');
  expect(await people()).toEqual(['1 3']);
  await list('064604', '2024-09-05', lin(CORRECTED, '離職,113/09/05'));
  await list('064605', '2024-09-05', lin(CORRECTED, '新進,113/09/06', '導師'));
  await night('2024-09-05');
  await list('064604', '2024-09-10', lin(CORRECTED, '新進,113/09/10'));
  await night('2024-09-10');
  expect(await people()).toEqual(['1 3']);
  await undo(1, '2024-09-11');
  await night('2024-09-11');
  expect(await people()).toEqual(['1 1', '2 2']);
  expect(await spells()).toEqual(['1 064603', '2 064604 離職', '2 064604', '2 064605 轉校']);
  expect(await stillOpen('person-identifier-conflict')).toBe(0);
  expect([(await explainPerson(db, 1)).otherNumbers, (await explainPerson(db, 2)).otherNumbers]).toEqual([[], []]);
  await night('2024-09-12');
  expect(await changes()).toEqual([]);
  await join(2, 1, '2024-09-13');
  await night('2024-09-13');
  expect(await people()).toEqual(['1 3']);
});

it('I8: who asks what is held about them is told nothing of whom they were taken for', async () => {
  await two();
  await join(1, 2, '2024-09-02');
  await night('2024-09-02');
  await list('064604', '2024-09-03', lin(CORRECTED, ','));
  await night('2024-09-03');
  const held = (person: number) =>
    exportPerson(db, small.ctx.keyring, { person, by: LIN, reason: '本人申請', at: '2024-09-12T10:00:00Z' });
  const values = async (person: number) => [...new Set((await held(person)).identifiers.map((i) => i.value))].sort();
  expect(await values(2)).toEqual([SECOND, CORRECTED, FIRST]);
  await undo(1, '2024-09-04');
  await night('2024-09-04');
  expect(await values(1)).toEqual([FIRST]);
  expect(await values(2)).toEqual([SECOND, CORRECTED]);
  // The service unit's record spoke for the person while they were one: it was the other's.
  const of = async (person: number) => (await held(person)).history.flatMap((h) => String(h.values.source ?? []));
  expect(new Set(await of(1))).toEqual(new Set(['roster/064603']));
  expect(new Set(await of(2))).toEqual(new Set(['roster/064604']));
});

it('the story tells both numbers alike when they were joined and when they parted, each by the decision that did it', async () => {
  await two();
  await join(1, 2, '2024-09-02');
  await night('2024-09-02');
  await undo(1, '2024-09-03');
  await night('2024-09-03');
  await join(2, 1, '2024-09-04');
  await night('2024-09-04');
  await undo(2, '2024-09-05');
  await night('2024-09-05');
  const told = async (person: number) => {
    const { story } = await explainPerson(db, person);
    return story
      .filter(({ what, by }) => by !== null && ['併入', '拆出'].includes(what))
      .map(({ what, detail, why }) => [what, detail, why]);
  };
  for (const [person, other] of [
    [1, 2],
    [2, 1],
  ] as const) {
    const joined = ['併入', `人員 ${other} 與此人為同一人`, REASON];
    const parted = ['拆出', `人員 ${other} 並非同一人，各自登錄`, UNDONE];
    expect(await told(person)).toEqual([joined, parted, joined, parted]);
    // Known since the night that brought it, whoever it stood for in between.
    const { identifiers } = await explainPerson(db, person);
    expect(identifiers.map(({ run }) => run)).toEqual([String(person)]);
    const asked = { person, by: LIN, reason: '本人申請', at: '2024-09-06T10:00:00Z' };
    const held = await exportPerson(db, small.ctx.keyring, asked);
    expect(new Set(held.identifiers.map(({ run }) => run))).toEqual(new Set([String(person)]));
  }
});

it('who asks is told who decided of them and why: that they were joined and parted, and of a value set and ended by hand', async () => {
  await two();
  await join(1, 2, '2024-09-02');
  await night('2024-09-02');
  await undo(1, '2024-09-03');
  await night('2024-09-03');
  const email = { entity: 'person' as const, id: '2', field: 'email', value: 'lin@example.org', at: null, until: null };
  const set = { ...email, reason: '本人來電', by: LIN, when: '2024-09-04T12:00:00+08:00' };
  const { line } = await setManualValue(db, set);
  await night('2024-09-04');
  const chen = { ...LIN, name: 'chen' };
  await addUser(db, chen, asks());
  await expireManualValue(db, { id: line.number, reason: '學校已補報', by: chen, when: '2024-09-05T12:00:00+08:00' });
  await night('2024-09-05');
  const request = { by: LIN, reason: '本人申請', at: '2024-09-12T10:00:00Z' };
  const held = await exportPerson(db, small.ctx.keyring, { person: 2, ...request });
  expect(held.decisions.map(({ at: _, ...decision }) => decision)).toEqual([
    { what: 'same-person', about: null, by: 'lin', reason: REASON },
    { what: 'judgement-ended', about: 'same-person', by: 'lin', reason: UNDONE },
    { what: 'value-set', about: 'email', by: 'lin', reason: '本人來電' },
    { what: 'value-ended', about: 'email', by: 'chen', reason: '學校已補報' },
  ]);
  const text = renderPersonExport(held);
  expect(text).toContain('lin　人工指定「電子郵件」，理由：本人來電');
  expect(text).toContain('chen　結束「電子郵件」之人工指定，理由：學校已補報');
  expect(text).toContain(`結束「認定兩個人員編號為同一人」之裁定，理由：${UNDONE}`);
  const byHand = held.explanation.story.filter(({ what }) => what.startsWith('人工指定'));
  expect(byHand.map(({ what, by, why }) => [what, by, why])).toEqual([
    ['人工指定', 'lin', '本人來電'],
    ['人工指定結束', 'chen', '學校已補報'],
  ]);
  const other = await exportPerson(db, small.ctx.keyring, { person: 1, ...request });
  expect(other.decisions.map(({ what }) => what)).toEqual(['same-person', 'judgement-ended']);
});

it('who is at an institution that is unknown by now is joined all the same, and no number stands without a spell', async () => {
  await two();
  await db('landing.staff_record').where({ source: 'roster/064604' }).update({ institution_code: '999999' });
  await join(1, 2, '2024-09-02');
  await night('2024-09-02');
  expect([await people(), await changes()]).toEqual([['1 2'], ['person 併入']]);
  await undo(1, '2024-09-03');
  await night('2024-09-03');
  expect([await people(), await spells()]).toEqual([['1 2'], ['1 064603', '1 064604']]);
  // The run after the school is known again parts them.
  await db('landing.staff_record').where({ source: 'roster/064604' }).update({ institution_code: '064604' });
  await night('2024-09-04');
  expect([await people(), await spells()]).toEqual([
    ['1 1', '2 1'],
    ['1 064603', '2 064604'],
  ]);
});

it('whom a decision that was just taken back had joined is joined to another under their own number', async () => {
  await two();
  await list('064605', '2024-09-02', lin(THIRD, '新進,113/08/20'));
  await join(1, 2, '2024-09-02');
  await night('2024-09-02');
  await undo(1, '2024-09-03');
  expect(await join(2, 3, '2024-09-03')).toMatchObject({ person: 2, otherPerson: 3 });
  await night('2024-09-03');
  expect(await spells()).toEqual(['1 064603', '2 064604 轉校', '2 064605']);
  await join(1, 3, '2024-09-04');
  await expect(join(1, 2, '2024-09-04')).rejects.toMatchObject({ code: 'review-one-already' });
});

it('R30: planning systems go on getting the identifier that was learnt last, whoever it stood for in between', async () => {
  await two();
  await list('064604', '2024-09-02', lin(CORRECTED, ','));
  await night('2024-09-02');
  await list('064603', '2024-09-03', lin(THIRD, ','));
  await night('2024-09-03');
  const digests = async (): Promise<string[]> => {
    const { id, recorded_at: through } = await db('ops.run').orderBy('id', 'desc').first('id', 'recorded_at');
    return db.transaction(async (trx) => {
      const moments = await taipeiMoments(trx, { cutOff: '2024-10-01T00:00:00+08:00', through });
      const places = await snapshotInstitutions(trx, moments);
      await createScope(trx, places);
      await createTeachers(trx, moments, { titleCodes: [2, 3, 4, 5, 6, 7], kindergartenTitles: [] }, id);
      const found: string[] = [];
      for await (const rows of planTeachers(trx, small.ctx.keyring, places, 2))
        found.push(...rows.map(({ code, digest }) => `${code} ${digest}`));
      return found;
    });
  };
  const before = await digests();
  await join(1, 2, '2024-09-04');
  await night('2024-09-04');
  expect(before).toHaveLength(2);
  expect(await digests()).toEqual([before[0]?.replace('064603', '064604')]);
  await undo(1, '2024-09-05');
  await night('2024-09-05');
  expect(await digests()).toEqual(before);
});

it('I3: the hash as of the very moment of joining, and of parting, is that of just before', async () => {
  await two();
  const hashed = async (run: string): Promise<string> => {
    const { recorded_at: at } = await db('ops.run').where({ id: run }).first();
    return warehouseHash(db, small.ctx.keyring, at);
  };
  const before = await warehouseHash(db, small.ctx.keyring);
  await join(1, 2, '2024-09-02');
  const joined = await night('2024-09-02');
  await undo(1, '2024-09-03');
  const parted = await night('2024-09-03');
  expect(await hashed(joined.run)).toBe(before);
  expect(await hashed(parted.run)).toBe(joined.warehouseHash);
});

it('I6: of whom something is held nothing is joined; approved, they are one', async () => {
  await open();
  const others = (title: string) =>
    Array.from({ length: 9 }, (_, n) => `${nationalId(n)},王${'一二三四五六七八九'[n]},男,70/05/06,${title},,`);
  await list('064603', '2024-10-01', lin(FIRST, '新進,112/08/01'), ...others('教師'));
  await list('064604', '2024-10-01', lin(SECOND, '新進,113/08/10'));
  const loaded = await night('2024-10-01');
  const [one, other] = (await people()).map((line) => Number(line.split(' ')[0])) as [number, number];
  const before = await spells();
  await list('064603', '2024-10-02', lin(FIRST, '新進,112/08/01'), ...others('導師'));
  await join(one, other, '2024-10-02');
  const held = await night('2024-10-02');
  expect(held).toMatchObject({ status: 'held', warehouseHash: loaded.warehouseHash });
  await night('2024-10-03');
  expect(await spells()).toEqual(before);
  const by = { verdict: 'approve' as const, reason: '確認', by: LIN, at: '2024-10-04T09:00:00+08:00' };
  await decide(db, { planHash: held.held[0]!.planHash, ...by, handedInBy: new Map() });
  expect((await small.carryOut('2024-10-04T10:00:00+08:00')).status).toBe('complete');
  expect(await people()).toEqual([`${one} 2`]);
  await night('2024-10-05');
  expect(await changes()).toEqual([]);
});

it('that one of them has left, decided while they were one, goes with the record when they part, and can be taken back then', async () => {
  await two();
  await join(1, 2, '2024-09-02');
  await night('2024-09-02');
  await list('064604', '2024-09-03', WANG);
  for (const day of ['2024-09-03', '2024-09-04', '2024-09-05']) await night(day);
  const [matter] = await waitingMatters(db, 2);
  const when = '2024-09-06T09:00:00+08:00';
  const told = { verdict: 'ended' as const, code: '離職', reason: REASON, by: LIN, when, nights: 2 };
  await decideReview(db, { id: matter!.shown.id, ...told });
  await night('2024-09-06');
  const ofTwo = async () => (await spells()).slice(0, 2);
  expect(await ofTwo()).toEqual(['1 064603 轉校', '1 064604 離職']);
  await undo(1, '2024-09-07');
  for (const day of ['2024-09-07', '2024-09-08']) {
    await night(day);
    expect(await ofTwo()).toEqual(['1 064603', '2 064604 離職']);
  }
  expect(await changes()).toEqual([]);
  await undo(2, '2024-09-09');
  await night('2024-09-09');
  expect(await ofTwo()).toEqual(['1 064603', '2 064604']);
});
