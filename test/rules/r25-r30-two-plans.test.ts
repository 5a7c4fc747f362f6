/** R25 to R30: the school plan and the teachers' own plan, told on one school and three kindergartens around 2024-08-01. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storedSnapshot } from '../../pipelines/snapshot/list-snapshots.ts';
import { createSnapshot } from '../../pipelines/snapshot.ts';
import type { PlanKind } from '../../schemas/campaign.ts';
import { readSnapshotFile } from '../../warehouse/snapshots.ts';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { campaign113, openStory, type Story } from './story.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,E-mail,異動別,異動日期';
const ACCOUNTS = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態';
const DIGEST = '51ff20a57253f7f0ee3a9bffe86a86a2141c716b2f554b2bf6429df50e538c13';
const wang = (mail: string) => `064601,A123456789,王小明,70/05/06,教師,${mail},,`;
const ZHANG = '064601,B123456780,張書記,71/05/06,幹事,,,';
const CHEN = '064601,F229999995,陳新進,72/05/06,教師,,新進,113/08/01';
const lead = (state: string) => `064601,tc01,總負責人,A123456789,王小明,${state}`;
const NEXT = '064601,tc02,總負責人,F229999995,陳新進,啟用';
const CLERK = '064601,tc03,研習承辦人,B123456780,張書記,啟用';

/** 市立; 私立; and one attached to a public school that becomes 非營利, a private one by law, with the night of 08-01. */
const [CITY, PRIVATE, CHANGES] = ['0942800021', '0942800022', '0942800023'];
const JULY = { updatedAt: '2024-07-01T10:00:00+08:00' };
const NON_PROFIT = { ownership: '非營利', legalClass: '私立', updatedAt: '2024-07-31T15:00:00+08:00' };

const BEFORE = '2024-07-31T12:00:00+08:00';
const AFTER = '2024-08-02T12:00:00+08:00';

let story: Story;
beforeAll(async () => {
  const campaign = campaign113();
  // Widened to all kindergartens, so that the line of R26 can be seen.
  const widened = { ...campaign, addressed: [...campaign.addressed, { section: ['幼兒園' as const] }] };
  const institutions = [
    kindergarten(CITY, JULY),
    kindergarten(PRIVATE, { ...JULY, ownership: '私立', legalClass: '私立' }),
    kindergarten(CHANGES, { ...JULY, legalClass: '公立學校附設' }),
  ];
  const since = { ...JULY, hiredOn: '112/08/01' };
  const staff = [teacher('甲', CITY, since), teacher('乙', CITY, { ...since, title: '教保員' })];
  story = await openStory({ institutions, staff }, { campaigns: [widened] });
  const { send } = story.small;
  await send('064601-a.csv', '2024-07-30T10:00:00+08:00', [HEAD, wang('wang@tc.edu.tw'), ZHANG]);
  await send('064601-a.csv', '2024-07-30T10:00:00+08:00', [ACCOUNTS, lead('啟用'), CLERK], 'accounts');
  await story.night('2024-07-31');
  await send('064601-b.csv', '2024-07-31T15:00:00+08:00', [HEAD, wang('wang@tc.edu.tw'), ZHANG, CHEN]);
  await send('064601-b.csv', '2024-07-31T15:00:00+08:00', [ACCOUNTS, lead('停用'), NEXT, CLERK], 'accounts');
  story.care.institutions[2] = kindergarten(CHANGES, NON_PROFIT);
  await story.night('2024-08-01');
  await story.centreDid('tc01', '異動');
  await story.centreDid('tc02', '開通');
  await story.night('2024-08-02');
  await story.small.runs('2024-08-02T17:00:00+08:00');
  await send('064601-c.csv', '2024-08-05T15:00:00+08:00', [HEAD, wang('other@tc.edu.tw'), ZHANG, CHEN]);
  await story.night('2024-08-06');
  await story.night('2024-08-16');
  await story.night('2024-09-26');
  const gone = CHEN.replace('新進,113/08/01', '離職,113/10/01');
  await send('064601-d.csv', '2024-09-30T15:00:00+08:00', [HEAD, wang('other@tc.edu.tw'), ZHANG, gone]);
  await story.night('2024-10-02');
  await story.night('2024-10-03');
});
afterAll(() => story.close());

/** The snapshot of a plan as of a moment. */
async function planAt(kind: PlanKind, asOf: string) {
  const { db, ctx } = story.small;
  const { snapshot } = await createSnapshot(ctx, { campaignId: '113', kind, asOf });
  const pieces: Uint8Array[] = [];
  for await (const piece of readSnapshotFile(db, ctx.keyring, snapshot.id, `${kind}.csv`)) pieces.push(piece);
  const text = Buffer.concat(pieces).toString('utf8');
  const [head = [], ...rows] = text
    .split('\r\n')
    .slice(0, -1)
    .map((line) => line.split(','));
  const records = rows.map((cells) => Object.fromEntries(head.map((title, i) => [title, cells[i] ?? ''])));
  const { mingce } = (await storedSnapshot(ctx, snapshot.id)).manifest;
  return { text, head, records, mingce };
}

describe('學校本位進修規劃', () => {
  it('R25: the school fills it in by the account of its 總負責人: 王小明’s until he is disabled, 陳新進’s after', async () => {
    const school = async (asOf: string) =>
      (await planAt('school-plan', asOf)).records.filter((one) => one.學校代碼 === '064601');
    expect(await school(BEFORE)).toMatchObject([{ 總負責人帳號: 'tc01', 總負責人姓名: '王小明', 教師人數: '1' }]);
    expect(await school(AFTER)).toMatchObject([{ 總負責人帳號: 'tc02', 總負責人姓名: '陳新進', 教師人數: '2' }]);
  });

  it('R25: from 10-01, when 陳新進 has left the school, nobody fills it in with that account, though it is enabled', async () => {
    const school = async (asOf: string) =>
      (await planAt('school-plan', asOf)).records.find((one) => one.學校代碼 === '064601')?.總負責人帳號;
    expect([await school('2024-09-30T12:00:00+08:00'), await school('2024-10-02T12:00:00+08:00')]).toEqual([
      'tc02',
      '',
    ]);
  });

  it('R26: 公立幼兒園 are left out, the attached one until it is 非營利; private ones are in', async () => {
    const before = await planAt('school-plan', BEFORE);
    const after = await planAt('school-plan', AFTER);
    const nurseries = ({ records }: typeof before) =>
      records.filter((one) => one.學制 === '幼兒園').map((one) => one.學校代碼);
    const excluded = ({ mingce }: typeof before) => mingce.excluded.map(({ code, reason }) => `${code} ${reason}`);
    expect([nurseries(before), excluded(before)]).toEqual([
      [PRIVATE],
      [`${CITY} public-kindergarten`, `${CHANGES} public-kindergarten`],
    ]);
    expect([nurseries(after), excluded(after)]).toEqual([[PRIVATE, CHANGES], [`${CITY} public-kindergarten`]]);
  });

  it('R27: it is told to be open from 08-05 00:00 through 08-14 17:00:00, whether taken before, in or after these days', async () => {
    const window = { from: '2024-08-05T00:00:00+08:00', through: '2024-08-14T17:00:00+08:00' };
    for (const asOf of [AFTER, '2024-08-06T03:00:00+08:00', '2024-08-16T03:00:00+08:00'])
      expect((await planAt('school-plan', asOf)).mingce.window).toEqual(window);
  });
});

describe('教師自我進修規劃', () => {
  it('R28: it is the teachers’ own: one row each, by the person, with who came on 08-01 only from then on, and no 職員', async () => {
    const school = async (asOf: string) => {
      const { records } = await planAt('teacher-plan', asOf);
      return records.filter((one) => one.學校代碼 === '064601').map((one) => one.姓名);
    };
    expect(await school(BEFORE)).toEqual(['王小明']);
    expect(await school(AFTER)).toEqual(['王小明', '陳新進']);
    const { records } = await planAt('teacher-plan', AFTER);
    expect(records.find((one) => one.姓名 === '王小明')?.身分證編碼).toBe(DIGEST);
  });

  it('R29: it is told to be open from 09-18 00:00 through 09-24 17:00:00, before, in and after these days', async () => {
    const window = { from: '2024-09-18T00:00:00+08:00', through: '2024-09-24T17:00:00+08:00' };
    for (const asOf of [AFTER, '2024-08-16T03:00:00+08:00', '2024-09-25T03:00:00+08:00'])
      expect((await planAt('teacher-plan', asOf)).mingce.window).toEqual(window);
  });

  it('R29: teachers of a public kindergarten, which the school plan leaves out, are in; its 教保員 are not', async () => {
    const { records, mingce } = await planAt('teacher-plan', AFTER);
    expect(records.filter((one) => one.學校代碼 === CITY).map((one) => one.姓名)).toEqual(['幼甲']);
    expect(mingce.excluded).toEqual([]);
  });
});

describe('two exports for two audiences', () => {
  it('R30: each has the fields that its consumer needs and no more', async () => {
    const [school, teachers] = [await planAt('school-plan', AFTER), await planAt('teacher-plan', AFTER)];
    const institution = ['學校代碼', '教育部代碼', '學制', '機構名稱'];
    expect(school.head).toEqual([...institution, '公私立', '行政區', '教師人數', '總負責人帳號', '總負責人姓名']);
    expect(teachers.head).toEqual(['身分證編碼', '姓名', ...institution, '職稱', '職別', '任教科目']);
    expect(school.text).not.toMatch(new RegExp(`${DIGEST}|王小明|張書記|tc03`));
    for (const { text } of [school, teachers])
      expect(text).not.toMatch(/A123456789|wang@tc\.edu\.tw|1981-05-06|70\/05\/06/);
    expect(teachers.text).not.toMatch(/tc0[123]/);
  });

  it('R30: an e-mail address that changes on 08-05 changes no byte of either', async () => {
    for (const kind of ['school-plan', 'teacher-plan'] as const)
      expect((await planAt(kind, '2024-08-16T03:00:00+08:00')).text).toBe((await planAt(kind, AFTER)).text);
  });
});
