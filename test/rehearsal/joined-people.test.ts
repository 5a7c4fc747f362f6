/**
 * Two people of the roster who are one, as the bureau decides: joined by the next run, led to for ever, and parted where the decision is taken back. Long because each
 * story is told night by night.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainPerson } from '../../pipelines/explain.ts';
import { setManualValue } from '../../pipelines/manual-values.ts';
import { exportPerson } from '../../pipelines/person-export.ts';
import { renderExplanation } from '../../pipelines/report/render-explanation.ts';
import { decideReview, joinPersons } from '../../pipelines/review.ts';
import { shownJudgements, waitingMatters } from '../../pipelines/review-matters.ts';
import type { Database } from '../../warehouse/connect.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { recordedBefore } from '../support/as-of.ts';
import type { SmallInstallation } from '../support/small-installation.ts';
import { LIN, OPS } from '../support/users.ts';
import { openWithBureau, REASON, wordsOf } from './support/two-people.ts';

const OLD = 'F229999995,林淑芬,女,75/01/02,教師,新進,112/08/01';
const NEW = 'C123456781,林淑芬,女,75/01/02,教師,新進,113/08/10';

let small: SmallInstallation;
let db: Database;
const { list, night, join, undo } = wordsOf(() => small);

/** Whose each open spell is, and what is known of whom. */
async function roster(): Promise<string[]> {
  const { rows } = await db.raw(
    `SELECT a.person_id || ' ' || left(i.source_key, 6) || ' ' || CASE WHEN v.is_primary THEN '主聘' ELSE '兼任' END || coalesce(' ' || v.end_reason || ' ' || v.valid_to, '') AS line
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity'
     JOIN warehouse.institution i ON i.id = a.institution_id ORDER BY i.source_key, v.valid_from`,
  );
  return rows.map(({ line }: { line: string }) => line);
}
async function people(): Promise<string[]> {
  const { rows } = await db.raw(
    `SELECT v.person_id || ' ' || v.name || ' ' || (SELECT count(*) FROM warehouse.person_identifier p WHERE p.person_id = v.person_id) AS line
     FROM warehouse.person_version v WHERE v.recorded_to = 'infinity' AND v.valid_to = 'infinity' ORDER BY v.person_id`,
  );
  return rows.map(({ line }: { line: string }) => line);
}
const changes = async (): Promise<string[]> =>
  (
    await db('ops.plan_change')
      .where({ run_id: db('ops.run').max('id') })
      .orderBy('seq')
  ).map((c) => `${c.entity} ${c.action} ${c.reason}`);

describe('two people of one name at two schools', () => {
  const hashes = new Map<string, string>();
  const before = '2024-09-01T23:30:00+08:00';
  beforeAll(async () => {
    small = await openWithBureau();
    db = small.db;
    await list('064603', '2024-08-31', OLD);
    await night('2024-08-31');
    await list('064604', '2024-09-01', NEW);
    await night('2024-09-01');
    hashes.set('two', await warehouseHash(db, small.ctx.keyring));
  });
  afterAll(() => small.close());

  it('are two until somebody decides', async () => {
    expect(await people()).toEqual(['1 林淑芬 1', '2 林淑芬 1']);
    expect(await roster()).toEqual(['1 064603 主聘', '2 064604 主聘']);
  });

  it('who is not known, is one already, or may not decide is told so', async () => {
    await expect(join(1, 99, '2024-09-02')).rejects.toMatchObject({ code: 'review-person-unknown' });
    await expect(join(2, 2, '2024-09-02')).rejects.toMatchObject({ code: 'review-one-already' });
    const asked = { people: [1, 2] as const, reason: REASON, by: OPS, when: '2024-09-02T09:00:00+08:00' };
    await expect(joinPersons(db, asked)).rejects.toMatchObject({ code: 'user-not-allowed' });
  });

  it('R08: are one from the next run on, with the lower number, and the newer registration has the person', async () => {
    const line = await join(2, 1, '2024-09-02');
    expect(line).toMatchObject({ kind: 'person', verdict: 'same', person: 1, otherPerson: 2 });
    expect(await people()).toHaveLength(2);
    await night('2024-09-02');
    expect(await people()).toEqual(['1 林淑芬 2']);
    expect(await roster()).toEqual(['1 064603 主聘 轉校 2024-08-10', '1 064604 主聘']);
    expect(await changes()).toEqual(['person end 併入', 'assignment end 轉校']);
    await night('2024-09-03');
    expect(await changes()).toEqual([]);
    expect(await join(1, 2, '2024-09-03').catch((error) => error.code)).toBe('review-one-already');
  });

  it('the number that is no more leads to the one that is, with the whole story of both', async () => {
    const told = await explainPerson(db, 2);
    expect([told.person, told.otherNumbers, told.spells.map((s) => s.institution.code)]).toEqual([
      1,
      [2],
      ['064603', '064604'],
    ]);
    const text = renderExplanation(told);
    expect(text).toContain('人員 1（併入的編號：2）');
    expect(text).toContain('併入：人員 2 與此人為同一人');
    expect(text).toContain(`由 lin 決定，理由：${REASON}`);
  });

  it('I3: what was known before reads as it did: two people', async () => {
    expect(await warehouseHash(db, small.ctx.keyring, before)).toBe(hashes.get('two'));
    const then = await explainPerson(db, 2, recordedBefore(before));
    expect([then.person, then.otherNumbers, then.spells.map((s) => s.institution.code)]).toEqual([2, [], ['064604']]);
    expect((await explainPerson(db, 1, recordedBefore(before))).spells.map((s) => s.institution.code)).toEqual([
      '064603',
    ]);
  });

  it('a value set by hand for either number is of the one person', async () => {
    const value = {
      entity: 'person' as const,
      id: '2',
      field: 'email',
      value: 'lin@example.org',
      at: null,
      until: null,
    };
    await setManualValue(db, { ...value, reason: '本人來電', by: LIN, when: '2024-09-04T09:00:00+08:00' });
    await night('2024-09-04');
    const told = await explainPerson(db, 1);
    expect(told.values.find(({ column }) => column === 'email')).toMatchObject({ value: 'lin@example.org' });
    expect(await changes()).toEqual(['person change 人工指定']);
  });

  it('who asks for what is held about them gets what was held under both numbers', async () => {
    const held = await exportPerson(db, small.ctx.keyring, {
      person: 2,
      by: LIN,
      reason: '本人申請',
      at: '2024-09-04T10:00:00Z',
    });
    expect(held.person).toBe(1);
    expect(
      held.identifiers
        .filter((i) => i.untilRun === null)
        .map((i) => i.value)
        .sort(),
    ).toEqual(['C123456781', 'F229999995']);
    expect(held.history.filter((h) => h.entity === 'person').map((h) => h.values.person_id)).toEqual([1, 2, 1, 1]);
  });

  it('taken back, they are two again, each with what is theirs', async () => {
    hashes.set('joined', await warehouseHash(db, small.ctx.keyring));
    const [judgement] = await shownJudgements(db, false);
    await undo(judgement!.number, '2024-09-05');
    await night('2024-09-05');
    expect(await people()).toEqual(['1 林淑芬 1', '2 林淑芬 1']);
    expect(await roster()).toEqual(['1 064603 主聘', '2 064604 主聘']);
    await night('2024-09-06');
    expect(await changes()).toEqual([]);
    expect(await warehouseHash(db, small.ctx.keyring, '2024-09-04T23:30:00+08:00')).toBe(hashes.get('joined'));
    expect(renderExplanation(await explainPerson(db, 1))).toContain('人員 2 並非同一人，各自登錄');
    expect((await explainPerson(db, 2)).person).toBe(2);
  });
});

describe('the night on which two were joined, undone', () => {
  let joined: string;
  beforeAll(async () => {
    small = await openWithBureau();
    db = small.db;
    await list('064603', '2024-08-31', OLD);
    await list('064604', '2024-08-31', NEW);
    await night('2024-08-31');
    await join(1, 2, '2024-09-01');
    joined = (await night('2024-09-01')).run as string;
  });
  afterAll(() => small.close());

  it('leaves them one, for that is a judgement, and as long as it stands the next night follows it', async () => {
    const before = await roster();
    await small.revert('2024-09-02T10:00:00+08:00', joined, LIN);
    expect(await people()).toEqual(['1 林淑芬 2']);
    expect((await roster()).map((line) => line.slice(0, 8))).toEqual(['1 064603', '1 064604']);
    await night('2024-09-03');
    expect(await roster()).toEqual(before);
    await night('2024-09-04');
    expect(await changes()).toEqual([]);
    await undo(1, '2024-09-05');
    await night('2024-09-05');
    expect(await people()).toEqual(['1 林淑芬 1', '2 林淑芬 1']);
  });
});

describe('a record with an identifier that is another known person’s', () => {
  beforeAll(async () => {
    small = await openWithBureau();
    db = small.db;
    await list('064603', '2024-08-31', OLD);
    await list('064604', '2024-08-31', NEW);
    await list('064605', '2024-08-31', 'A123456789,王小明,男,70/05/06,教師,新進,113/08/01');
    await night('2024-08-31');
    for (const school of ['064603', '064604']) await list(school, '2024-09-02', 'D123456782,林淑芬,女,75/01/02,教師,,');
    await night('2024-09-02');
  });
  afterAll(() => small.close());

  it('is asked about, and may be decided to be of one person', async () => {
    const [{ shown } = { shown: undefined }, ...others] = await waitingMatters(db);
    expect(others).toEqual([]);
    expect(shown).toMatchObject({ why: 'person-identifier-conflict', verdicts: ['same', 'different'] });
    const when = '2024-09-03T09:00:00+08:00';
    await decideReview(db, { id: shown!.id, verdict: 'same', code: null, reason: REASON, by: LIN, when });
    expect((await waitingMatters(db))[0]?.shown.decided).toBe(1);
    await night('2024-09-03');
    expect(await waitingMatters(db)).toEqual([]);
    expect(await people()).toEqual(['1 林淑芬 3', '3 王小明 1'].map((l) => expect.stringMatching(l.slice(2))));
  });

  it('three numbers of one person lead to the lowest; one decision taken back parts only whom it joined', async () => {
    const [wang] = await db('warehouse.person_version').where({ name: '王小明', recorded_to: 'infinity' });
    const first = (await db('review.judgement'))[0];
    await join(wang.person_id, first.other_id, '2024-09-04');
    await night('2024-09-04');
    expect(await people()).toHaveLength(1);
    await undo(1, '2024-09-05');
    await night('2024-09-05');
    expect(await people()).toHaveLength(2);
    await undo(2, '2024-09-06');
    await night('2024-09-06');
    expect((await waitingMatters(db)).map(({ shown }) => shown.kind)).toEqual(['identity']);
    await night('2024-09-07');
    expect(await changes()).toEqual([]);
  });
});

describe('a conflict that is decided between an undoing and the night after it', () => {
  beforeAll(async () => {
    small = await openWithBureau();
    db = small.db;
    await list('064605', '2024-08-30', 'A123456789,王小明,男,70/05/06,教師,新進,113/08/01');
    await night('2024-08-30');
    await list('064603', '2024-08-31', OLD);
    await list('064604', '2024-08-31', NEW);
    await night('2024-08-31');
    for (const school of ['064603', '064604']) await list(school, '2024-09-02', 'D123456782,林淑芬,女,75/01/02,教師,,');
    await night('2024-09-02');
  });
  afterAll(() => small.close());

  it('is of those whom it names, not of whom one of them was joined to', async () => {
    const [before] = await waitingMatters(db);
    await join(1, before!.shown.otherPerson!.person, '2024-09-03');
    await night('2024-09-03');
    const [matter] = await waitingMatters(db);
    expect(matter?.shown.otherPerson?.person).toBe(1);
    await undo(1, '2024-09-04');
    const when = '2024-09-04T10:00:00+08:00';
    await decideReview(db, { id: matter!.shown.id, verdict: 'same', code: null, reason: REASON, by: LIN, when });
    await night('2024-09-04');
    expect(await people()).toEqual(['1 王小明 1', '2 林淑芬 3']);
  });
});

describe('two of one name and birth date, one without an identifier that would tell', () => {
  const WEAK = 'A123456788';
  const WANG = '王小明,男,70/05/06,教師,新進,113/08/01';
  beforeAll(async () => {
    small = await openWithBureau();
    db = small.db;
    await list('064603', '2024-08-31', `A123456789,${WANG}`, 'F229999995,林淑芬,女,75/01/02,教師,新進,112/08/01');
    await night('2024-08-31');
    await list('064604', '2024-09-01', `${WEAK},${WANG.replace('113/08/01', '113/08/20')}`);
    await list(
      '064605',
      '2024-09-01',
      'C123456781,林淑芬,女,75/01/02,教師,新進,113/08/10',
      `,${WANG.replace('70/05/06', '70/05/07')}`,
    );
    await night('2024-09-01');
  });
  afterAll(() => small.close());
  const asked = async (): Promise<string[]> =>
    (await waitingMatters(db)).map(
      ({ shown: m }) => `${m.why} ${m.person} ${m.name} ${m.otherPerson?.person} ${m.verdicts}`,
    );

  it('are asked about, once; whose identifiers tell, or who were born on other days, are not', async () => {
    const { rows } = await db.raw(
      `SELECT a.person_id AS id FROM warehouse.assignment a JOIN warehouse.person_version v ON v.person_id = a.person_id
       WHERE v.name = '王小明' AND a.source IN ('roster/064603', 'roster/064604') ORDER BY a.source`,
    );
    const [wang, weak] = rows.map(({ id }: { id: number }) => id);
    expect(await asked()).toEqual([`person-possibly-double ${weak} 王小明 ${wang} same,different`]);
    const again = await night('2024-09-02');
    expect([again.exceptions.opened, again.exceptions.closed]).toEqual([0, 0]);
    expect(await asked()).toHaveLength(1);
  });

  it('decided to be two, they are asked about no more; undone, they are; decided to be one, they are joined', async () => {
    const decide = async (verdict: 'same' | 'different', day: string) => {
      const [matter] = await waitingMatters(db);
      const when = `${day}T09:00:00+08:00`;
      await decideReview(db, { id: matter!.shown.id, verdict, code: null, reason: REASON, by: LIN, when });
    };
    await decide('different', '2024-09-03');
    await night('2024-09-03');
    expect(await asked()).toEqual([]);
    await list('064604', '2024-09-04', `${WEAK},${WANG.replace('教師', '導師').replace('113/08/01', '113/08/20')}`);
    await night('2024-09-04');
    expect(await asked()).toEqual([]);
    const [judgement] = await shownJudgements(db, false);
    await undo(judgement!.number, '2024-09-05');
    await night('2024-09-05');
    expect(await asked()).toHaveLength(1);
    await decide('same', '2024-09-06');
    await night('2024-09-06');
    expect(await asked()).toEqual([]);
    expect((await people()).filter((line) => line.includes('王小明'))).toHaveLength(2);
    await night('2024-09-07');
    expect(await changes()).toEqual([]);
  });

  it('who were decided to be two are not made one by way of a third', async () => {
    const { rows } = await db.raw(
      `SELECT v.person_id AS id FROM warehouse.person_version v WHERE v.recorded_to = 'infinity' AND v.valid_to = 'infinity' ORDER BY 1`,
    );
    const [one, other, third] = rows.map(({ id }: { id: number }) => id);
    await db('review.judgement').insert({
      kind: 'person',
      source: 'person',
      key: `${one} ${other}`,
      verdict: 'different',
      person_id: one,
      other_id: other,
      reason: REASON,
      decided_by: 'lin',
      decided_at: '2024-09-08T09:00:00+08:00',
    });
    await join(one, third, '2024-09-08');
    await expect(join(other, third, '2024-09-08')).rejects.toMatchObject({ code: 'review-contradicted' });
  });
});
