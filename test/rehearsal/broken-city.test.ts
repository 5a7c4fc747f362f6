/** What would ruin a whole city in one night (I6): a feed that is empty, one that renames every kindergarten, titles shifted by a column. Zero rows change. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decide } from '../../pipelines/decide.ts';
import { listHolds } from '../../pipelines/holds.ts';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { renderText } from '../../pipelines/report/render-text.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { type CareServer, startCareServer } from '../connectors/support/care-server.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

const KINDERGARTENS = 40;
const EACH = 3;
const code = (n: number): string => `094280${String(n).padStart(4, '0')}`;
const HEAD = '學校代碼,姓名,出生日期,職稱,任教科目,異動別,異動日期';
const SCHOOL = ['王', '李', '陳', '林', '黃'].map((surname) => `064601,${surname}小明,70/05/06,教師,國語,,`);

let care: CareServer;
let small: SmallInstallation;
let day = 1;

beforeAll(async () => {
  const institutions = Array.from({ length: KINDERGARTENS }, (_, n) => kindergarten(code(n)));
  const staff = institutions.flatMap((_, n) =>
    Array.from({ length: EACH }, (_, i) => teacher(`S${n}-${i}`, code(n), { birthDate: `7${i}/01/1${n % 10}` })),
  );
  care = await startCareServer({ asOf: '2024-10-01T02:00:00+08:00', institutions, staff });
  small = await openSmallInstallation(1, { sources: [{ ...care.config, pageSize: 500 }] });
  await addBureau(small.db, ['lin']);
  await small.send('064601.csv', '2024-09-30T10:00:00+08:00', [HEAD, ...SCHOOL]);
  expect(await night()).toMatchObject({ status: 'complete', held: [] });
});
afterAll(async () => {
  await small.close();
  await care.close();
});

const night = () => {
  day += 1;
  const clock = `2024-10-${String(day).padStart(2, '0')}T02:00:00+08:00`;
  care.data.asOf = clock;
  return small.night(clock);
};
/** The facts, and that no version was written. */
const state = async () => [
  await warehouseHash(small.db, small.ctx.keyring),
  ...(await Promise.all(
    ['institution_version', 'person_version', 'assignment_version', 'account_version'].map((table) =>
      small.db(`warehouse.${table}`).count('* as n').first(),
    ),
  )),
];
const change = (list: Record<string, unknown>[], changes: (item: Record<string, unknown>) => object) =>
  list.map((item) => ({
    ...item,
    ...changes(item),
    updatedAt: `2024-10-${String(day).padStart(2, '0')}T12:00:00+08:00`,
  }));

it('an empty feed fails its source and changes nothing', async () => {
  const before = await state();
  const { staff, institutions } = care.data;
  care.data.staff = [];
  expect((await night()).sources.find((s) => s.source === 'care')).toMatchObject({ status: 'failed' });
  care.data.staff = staff;
  care.data.institutions = [];
  expect((await night()).sources.find((s) => s.source === 'care')).toMatchObject({ status: 'failed' });
  care.data.institutions = institutions;
  expect(await state()).toEqual(before);
});

it('all kindergartens renamed in one night are held together', async () => {
  const before = await state();
  const right = care.data.institutions;
  care.data.institutions = change(right, ({ name }) => ({ name: `${name}（舊）` }));
  const result = await night();
  expect(result).toMatchObject({ status: 'held', held: [{ institution: 'city' }] });
  expect(await state()).toEqual(before);
  const [hold] = await listHolds(small.db);
  expect(hold).toMatchObject({ institution: null, institutions: KINDERGARTENS, changes: KINDERGARTENS });
  expect(hold!.reasons.map((r) => r.guard)).toEqual(['institutions-changed']);
  const text = renderText(await buildReport(small.db, Number(result.run)));
  expect(text).toContain('暫停待核定');
  expect(text).toContain('更名 40');

  care.data.institutions = change(right, () => ({}));
  expect(await night()).toMatchObject({ status: 'complete', held: [] });
  expect(await state()).toEqual(before);
  expect(await listHolds(small.db)).toEqual([]);
});

it('a feed that ends everybody is held together, and so is one that lost two thirds of them', async () => {
  const before = await state();
  const right = care.data.staff;
  care.data.staff = change(right, () => ({ leftOn: '113/09/30', leaveReason: '離職' }));
  expect(await night()).toMatchObject({ status: 'held', held: [{ institution: 'city' }] });
  care.data.staff = right.filter((_, i) => i % EACH === 0);
  expect(await night()).toMatchObject({ status: 'held', held: [{ institution: 'city' }] });
  care.data.staff = change(right, () => ({}));
  expect((await night()).status).toBe('complete');
  expect(await state()).toEqual(before);
});

it('titles shifted by a column are quarantined or held, at that school alone', async () => {
  const before = await state();
  const shifted = SCHOOL.map((line) => line.replace('教師,國語', '國語,教師'));
  await small.send('064601.csv', `2024-10-${String(day).padStart(2, '0')}T10:00:00+08:00`, [HEAD, ...shifted]);
  const result = await night();
  expect(result).toMatchObject({ status: 'held', held: [{ institution: '064601' }] });
  expect(await state()).toEqual(before);
  await small.send('064601.csv', `2024-10-${String(day).padStart(2, '0')}T10:00:00+08:00`, [
    HEAD.replace('學校代碼,姓名', '姓名,學校代碼'),
    ...SCHOOL,
  ]);
  await night();
  expect(await state()).toEqual(before);
});

it('what the bureau wants all the same is approved once for the whole city', async () => {
  await small.send('064601.csv', `2024-10-${String(day).padStart(2, '0')}T10:00:00+08:00`, [
    HEAD,
    ...SCHOOL.map((line, i) => (i === 0 ? line.replace('教師', '導師') : line)),
  ]);
  expect(await night()).toMatchObject({ status: 'complete', held: [] });
  care.data.institutions = change(care.data.institutions, ({ name }) => ({
    name: String(name).replace('市立', '市立新'),
  }));
  await night();
  const [hold] = await listHolds(small.db);
  const { planHash } = hold!;
  const at = '2024-10-15T09:00:00+08:00';
  await decide(small.db, { planHash, verdict: 'approve', reason: '全市更名案', by: LIN, at, handedInBy: new Map() });
  const result = await small.carryOut(at);
  expect(result).toMatchObject({ status: 'complete', changes: { institutions: { changed: KINDERGARTENS } } });
});
