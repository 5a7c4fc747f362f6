/** What no rule can decide is decided by the bureau, followed by every run from then on, and can be taken back. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainPerson } from '../../pipelines/explain.ts';
import { renderExplanation } from '../../pipelines/report/render-explanation.ts';
import { renderReview } from '../../pipelines/report/render-review.ts';
import { decideReview, type ReviewDecision, undoJudgement } from '../../pipelines/review.ts';
import { shownJudgements, waitingMatters } from '../../pipelines/review-matters.ts';
import type { ReviewMatter } from '../../schemas/outputs/review.ts';
import type { Database } from '../../warehouse/connect.ts';
import { mapAnswer, mapItem } from '../connectors/support/map-answer.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN, OPS } from '../support/users.ts';

let small: SmallInstallation;
let db: Database;

const waiting = async (): Promise<ReviewMatter[]> => (await waitingMatters(db)).map(({ shown }) => shown);
const decide = (id: string, verdict: ReviewDecision['verdict'], code: string | null, when: string, by = LIN) =>
  decideReview(db, { id, verdict, code, reason: '已電話向兩校確認', by, when });
const undo = (number: number, when: string) => undoJudgement(db, { number, reason: '後來發現有誤', by: LIN, when });

describe('a listed kindergarten that no exact name joins', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mingce-review-'));
    const rows = [
      '113,064K01,臺中市私立森林國際幼兒園,私立,[06]臺中市,[400]中區,[400]臺中市中區一路1號,',
      '113,064K02,臺中市私立德育幼兒園,私立,[06]臺中市,[400]中區,[400]臺中市中區二路2號,',
      '113,064K03,臺中市私立早已停辦幼兒園,私立,[06]臺中市,[400]中區,[400]臺中市中區三路3號,',
    ];
    const head = '學年度,代碼,學校名稱,公/私立,縣市名稱,鄉鎮市區名稱,地址,電話';
    await writeFile(path.join(folder, 'moe.csv'), `\ufeff${[head, ...rows].join('\n')}\n`);
    const list = {
      type: 'institution-list',
      name: 'moe',
      path: path.join(folder, 'moe.csv'),
      layout: 'moe-kindergartens',
    };
    small = await openSmallInstallation(1, { only: [{ type: 'kindergarten-map', name: 'map', inbox: 'inbox' }, list] });
    db = small.db;
    await addBureau(db, ['lin']);
    const map = [
      mapItem('0940000001', '私立', '臺中市私立森林幼兒園'),
      mapItem('0940000002', '私立', '臺中市私立德育幼兒園'),
      mapItem('0940000003', '私立', '臺中市私立四季幼兒園'),
    ];
    await small.send('400.2024-07-31.json', '2024-07-31T20:00:00+08:00', [mapAnswer(map)]);
    await small.night('2024-08-01T02:00:00+08:00');
  });
  afterAll(async () => {
    await small.close();
    await rm(folder, { recursive: true });
  });

  const joined = async (): Promise<string[]> => {
    const { rows } = await db.raw(
      `SELECT c.code || ' ' || i.source_key AS pair FROM warehouse.institution_code c JOIN warehouse.institution i ON i.id = c.institution_id
       WHERE c.system = 'moe-kindergarten' ORDER BY 1`,
    );
    return rows.map(({ pair }: { pair: string }) => pair);
  };
  const unmatched = async (): Promise<object[]> =>
    (await db('review.exception').where({ code: 'listed-kindergartens-unmatched', closed_at: null })).map(
      (e) => e.params,
    );

  it('waits, with its name, district and address', async () => {
    expect(await joined()).toEqual(['064K02 0940000002']);
    expect((await waiting()).map((m) => [m.kind, m.listed?.code, m.why, m.verdicts.join()])).toEqual([
      ['institution', '064K01', 'no-exact-name', 'same CODE,different'],
      ['institution', '064K03', 'no-exact-name', 'same CODE,different'],
    ]);
    expect(await unmatched()).toEqual([{ institutions: 2 }]);
  });

  it('is joined by the next run to the one that was named; one that is none of ours is asked about no more', async () => {
    const [forest, closed] = await waiting();
    const line = await decide(forest!.id, 'same', '0940000001', '2024-08-01T09:00:00+08:00');
    expect(line).toMatchObject({ number: 1, verdict: 'same', institution: { code: '0940000001' }, status: 'in-force' });
    await decide(closed!.id, 'different', null, '2024-08-01T09:10:00+08:00');
    expect((await waiting()).map((m) => m.decided)).toEqual([1, 2]);
    await small.night('2024-08-02T02:00:00+08:00');
    expect(await joined()).toEqual(['064K01 0940000001', '064K02 0940000002']);
    expect([await waiting(), await unmatched()]).toEqual([[], []]);
    await small.night('2024-08-03T02:00:00+08:00');
    expect(await joined()).toEqual(['064K01 0940000001', '064K02 0940000002']);
  });

  it('undone, it is parted and asked about again; decided again, the new word counts', async () => {
    expect(await undo(1, '2024-08-03T09:00:00+08:00')).toMatchObject({ status: 'undone', end: { by: 'lin' } });
    await small.night('2024-08-04T02:00:00+08:00');
    expect(await joined()).toEqual(['064K02 0940000002']);
    const [forest, ...others] = await waiting();
    expect([forest?.listed?.code, forest?.decided, others]).toEqual(['064K01', null, []]);
    await decide(forest!.id, 'same', '0940000001', '2024-08-04T09:00:00+08:00');
    await decide(forest!.id, 'same', '0940000003', '2024-08-04T09:30:00+08:00');
    await small.night('2024-08-05T02:00:00+08:00');
    expect(await joined()).toEqual(['064K01 0940000003', '064K02 0940000002']);
    const all = await shownJudgements(db, true);
    expect(all.map((j) => [j.number, j.status])).toEqual([
      [4, 'in-force'],
      [3, 'superseded'],
      [2, 'in-force'],
      [1, 'undone'],
    ]);
    expect(renderReview({ waiting: [], judgements: all })).toContain('已另行裁定');
  });

  it('what is joined already, is no kindergarten, or does not wait is refused', async () => {
    await undo(2, '2024-08-05T09:00:00+08:00');
    await small.night('2024-08-06T02:00:00+08:00');
    const [closed] = await waiting();
    const when = '2024-08-06T09:00:00+08:00';
    await expect(decide(closed!.id, 'same', '0940000002', when)).rejects.toMatchObject({ code: 'review-taken' });
    await expect(decide(closed!.id, 'keep', '0940000001', when)).rejects.toMatchObject({ code: 'review-verdict' });
    await expect(decide(closed!.id, 'same', null, when)).rejects.toMatchObject({ code: 'review-verdict' });
    await expect(decide('K99', 'different', null, when)).rejects.toMatchObject({ code: 'review-matter-unknown' });
    await expect(decide(closed!.id, 'different', null, when, OPS)).rejects.toMatchObject({ code: 'user-not-allowed' });
    await expect(undo(2, when)).rejects.toMatchObject({ code: 'review-ended' });
    await expect(undo(99, when)).rejects.toMatchObject({ code: 'review-judgement-unknown' });
  });
});

describe('a conflict of people', () => {
  const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,異動別,異動日期';
  const list = (school: string, day: string, ...people: string[]) =>
    small.send(`${school}-${day}.csv`, `${day}T10:00:00+08:00`, [HEAD, ...people.map((p) => `${school},${p}`)]);
  const WANG = 'A123456789,王小明,男,70/05/06,教師';

  beforeAll(async () => {
    small = await openSmallInstallation();
    db = small.db;
    await addBureau(db, ['lin']);
    await list('064601', '2024-08-01', `${WANG},新進,113/08/01`);
    await list('064602', '2024-08-01', `${WANG},新進,113/08/01`);
    await small.night('2024-08-02T02:00:00+08:00');
  });
  afterAll(() => small.close());

  async function units(): Promise<string[]> {
    const { rows } = await db.raw(
      `SELECT left(i.source_key, 6) || ' ' || CASE WHEN v.is_primary THEN '主聘' ELSE '兼任' END || ' ' || v.valid_from AS line
       FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity'
       JOIN warehouse.institution i ON i.id = a.institution_id ORDER BY 1`,
    );
    return rows.map(({ line }: { line: string }) => line);
  }
  const changes = async (): Promise<string[]> =>
    (
      await db('ops.plan_change')
        .where({ run_id: db('ops.run').max('id') })
        .orderBy('seq')
    ).map((c) => `${c.institution_key.slice(8, 14)} ${c.reason} 裁定 ${c.judgement_id} 登錄 ${c.registered_at}`);

  it('R08: two units that register a person on one day are asked about once, with both to choose from', async () => {
    expect(await units()).toEqual(['064601 主聘 2024-08-01', '064602 兼任 2024-08-01']);
    const [matter, ...others] = await waiting();
    expect(others).toEqual([]);
    expect(matter).toMatchObject({ kind: 'unit', why: 'two-registrations', name: '王小明', verdicts: ['keep CODE'] });
    expect(matter?.choices.map((c) => [c.institution.code, c.since])).toEqual([
      ['064601', '2024-08-01'],
      ['064602', '2024-08-01'],
    ]);
  });

  it('R08: the unit that the bureau names has the person from the next run on, by that judgement', async () => {
    const [matter] = await waiting();
    const when = '2024-08-02T09:00:00+08:00';
    await expect(decide(matter!.id, 'keep', '064603', when)).rejects.toMatchObject({ code: 'review-not-a-party' });
    await decide(matter!.id, 'keep', '064602', when);
    await small.night('2024-08-03T02:00:00+08:00');
    expect(await units()).toEqual(['064601 兼任 2024-08-01', '064602 主聘 2024-08-01']);
    expect(await changes()).toEqual([`064601 主聘異動 裁定 1 登錄 ${when}`, `064602 主聘異動 裁定 1 登錄 ${when}`]);
    expect(await waiting()).toEqual([]);
    const explained = await explainPerson(db, matter!.person as number);
    expect(explained.spells.find((s) => s.primary)?.from.judgement).toMatchObject({ number: 1, by: 'lin' });
    expect(renderExplanation(explained)).toContain('依第 1 號裁定');
    await small.night('2024-08-04T02:00:00+08:00');
    expect([await changes(), await waiting()]).toEqual([[], []]);
  });

  it('undone, it is asked about again, and the unit that stands goes on standing; decided the other way, it changes', async () => {
    await undo(1, '2024-08-04T09:00:00+08:00');
    await small.night('2024-08-05T02:00:00+08:00');
    expect(await units()).toEqual(['064601 兼任 2024-08-01', '064602 主聘 2024-08-01']);
    const [matter] = await waiting();
    expect(matter).toMatchObject({ kind: 'unit', decided: null });
    await decide(matter!.id, 'keep', '064601', '2024-08-05T09:00:00+08:00');
    await small.night('2024-08-06T02:00:00+08:00');
    expect(await units()).toEqual(['064601 主聘 2024-08-01', '064602 兼任 2024-08-01']);
  });

  it('R08: a registration after the day that was decided about counts as any', async () => {
    await list('064602', '2024-08-20', `${WANG},轉入,113/08/20`);
    await small.night('2024-08-21T02:00:00+08:00');
    expect((await units()).filter((line) => line.includes('主聘'))).toEqual([expect.stringContaining('064602')]);
  });

  it('an identifier that is another known person’s is asked about until the bureau says that it is not this one’s', async () => {
    await list('064603', '2024-08-31', 'F229999995,林淑芬,女,75/01/02,教師,新進,113/08/01');
    await list('064604', '2024-09-01', 'C123456781,林淑芬,女,75/01/02,教師,新進,113/08/10');
    await small.night('2024-09-01T23:00:00+08:00');
    for (const school of ['064603', '064604']) await list(school, '2024-09-02', 'D123456782,林淑芬,女,75/01/02,教師,,');
    await small.night('2024-09-02T23:00:00+08:00');
    const [matter, ...others] = await waiting();
    expect(others).toEqual([]);
    expect(matter).toMatchObject({ kind: 'identity', why: 'person-identifier-conflict', name: '林淑芬' });
    expect(matter?.otherPerson?.person).not.toBe(matter?.person);
    await decide(matter!.id, 'different', null, '2024-09-03T09:00:00+08:00');
    await small.night('2024-09-03T23:00:00+08:00');
    expect(await waiting()).toEqual([]);
    await list('064604', '2024-09-04', 'D123456782,林淑芬,女,75/01/02,導師,,');
    await small.night('2024-09-04T23:00:00+08:00');
    expect(await waiting()).toEqual([]);
    const [judgement] = await shownJudgements(db, false);
    await undo(judgement!.number, '2024-09-05T09:00:00+08:00');
    await small.night('2024-09-05T23:00:00+08:00');
    expect((await waiting()).map((m) => m.kind)).toEqual(['identity']);
  });

  it('the audit trail is told who decided and who took it back, and holds no name', async () => {
    const rows = await db('ops.audit').whereLike('action', 'judgement-%').orderBy('id');
    expect(rows.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      'lin judgement-made',
      'lin judgement-undone',
      'lin judgement-made',
      'lin judgement-made',
      'lin judgement-undone',
    ]);
    expect(rows[0]).toMatchObject({ subject: 'judgement:1', detail: { kind: 'unit', verdict: 'keep' } });
    expect(JSON.stringify(rows)).not.toMatch(/王小明|林淑芬/);
  });
});
