/**
 * What stands held, or was discarded, stays out until the source says something else of that institution; and what must not slip past the guards (I6). Long because each is a
 * story of its own.
 */
import { afterEach, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { type Decision, decide } from '../../pipelines/decide.ts';
import { listHolds } from '../../pipelines/holds.ts';
import { configSchema } from '../../schemas/config.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { openSmallInstallation, type SmallInstallation, type SmallOptions } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,主聘,到職日,異動別,異動日期';
interface Told {
  school?: string;
  id?: number;
  title?: string;
  primary?: string;
  start?: string;
  change?: string;
}
const name = (n: number): string => `王${String.fromCodePoint(0x5e73 + n)}`;
const row = (
  n: number,
  { school = '064601', id = n, title = '教師', primary = '是', start = '', change = ',' }: Told = {},
) => `${school},${nationalId(id)},${name(n)},7${n % 10}/05/06,${title},${primary},${start},${change}`;
const rows = (from: number, to: number, told: Told | ((n: number) => Told) = {}): string[] =>
  Array.from({ length: to - from }, (_, i) => row(from + i, typeof told === 'function' ? told(from + i) : told));

let small: SmallInstallation;
afterEach(() => small.close());

const open = async (options: SmallOptions = {}): Promise<void> => {
  small = await openSmallInstallation(1, options);
  await addBureau(small.db, ['lin']);
};
const send = (day: string, file: string, lines: readonly string[], kind?: 'bundles') =>
  small.send(`${file}.csv`, `${day}T10:00:00+08:00`, [HEAD, ...lines], kind);
const night = (day: string) => small.night(`${day}T22:00:00+08:00`);
/** A school that has sent its list once. */
async function loaded(lines: readonly string[], day = '2024-09-30'): Promise<void> {
  await open();
  await send(day, '064601', lines);
  await night(day);
}
const decides = (planHash: string, verdict: Decision['verdict']) =>
  decide(small.db, {
    planHash,
    verdict,
    reason: '確認',
    by: LIN,
    at: '2024-10-03T09:00:00+08:00',
    handedInBy: new Map(),
  });
const hashNow = (): Promise<string> => warehouseHash(small.db, small.ctx.keyring);
const guardsOf = async (): Promise<string[]> =>
  (await listHolds(small.db)).flatMap((h) => h.reasons.map((r) => r.guard));

it('a plan that was discarded on the last night of June stays out on the first of July, though another limit holds then', async () => {
  await loaded(rows(0, 10), '2024-06-10');
  await send(
    '2024-06-28',
    '064601',
    rows(0, 10, (n) => (n < 5 ? { change: '離職,113/06/28' } : {})),
  );
  const held = await night('2024-06-28');
  const before = await hashNow();
  await decides(held.held[0]!.planHash, 'discard');
  for (const day of ['2024-06-30', '2024-07-01', '2024-07-02']) {
    expect(await night(day)).toMatchObject({ status: 'complete', held: [], warehouseHash: before });
    expect((await listHolds(small.db)).map((h) => h.state)).toEqual(['discarded']);
  }
  const told = (await small.db('review.exception').where({ closed_at: null }).pluck('code')) as string[];
  expect(told).toContain('plan-kept-out');
});

it('an approval given on the last night of June is carried out in July, and is known to have been', async () => {
  await loaded(rows(0, 10), '2024-06-10');
  await send(
    '2024-06-28',
    '064601',
    rows(0, 10, (n) => (n < 5 ? { change: '離職,113/06/28' } : {})),
  );
  const { planHash } = (await night('2024-06-28')).held[0]!;
  await decides(planHash, 'approve');
  expect(await small.carryOut('2024-07-01T09:00:00+08:00')).toMatchObject({ changes: { assignments: { ended: 5 } } });
  expect((await decides(planHash, 'approve')).already).toBe(true);
  expect((await small.db('review.hold').first('outcome')).outcome).toBe('applied');
});

it('two schools held on two nights stay held on quiet ones, each under its own hash, also where both together are over a limit of the city', async () => {
  await open({ config: { guards: { city: { people: 8 } } } });
  for (const [i, school] of ['064601', '064602', '064603'].entries())
    await send('2024-09-30', school, rows(i * 10, i * 10 + 10, { school }));
  await night('2024-09-30');
  const before = await hashNow();
  await send('2024-10-01', '064601', rows(0, 5, { title: '亂碼' }));
  const [first] = (await night('2024-10-01')).held;
  await send('2024-10-02', '064602', rows(10, 15, { school: '064602', title: '亂碼' }));
  const second = await night('2024-10-02');
  expect(second.held.map((h) => h.institution)).toEqual(['064601', '064602']);
  expect(second.held[0]!.planHash).toBe(first!.planHash);
  for (const day of ['2024-10-03', '2024-10-04'])
    expect(await night(day)).toMatchObject({ status: 'held', held: second.held, warehouseHash: before });
});

it('of a discarded hold of the city those schools stay out that say nothing new, and nobody else is drawn into it', async () => {
  await open({ config: { guards: { city: { people: 8 } } } });
  const schools = ['064601', '064602', '064603'];
  for (const [i, school] of schools.entries()) await send('2024-09-30', school, rows(i * 20, i * 20 + 20, { school }));
  await night('2024-09-30');
  for (const [i, school] of schools.slice(0, 2).entries())
    await send(
      '2024-10-01',
      school,
      rows(i * 20, i * 20 + 20, (n) => ({ school, change: n % 20 < 4 ? '離職,113/10/01' : ',' })),
    );
  const held = await night('2024-10-01');
  expect(held.held.map((h) => h.institution)).toEqual(['city']);
  for (const code of schools.slice(0, 2))
    expect((await findReceipts(small.db, code, null)).at(-1)).toMatchObject({ outcome: 'held' });
  await decides(held.held[0]!.planHash, 'discard');
  await send(
    '2024-10-02',
    '064603',
    rows(40, 60, (n) => ({ school: '064603', change: n === 40 ? '離職,113/10/02' : ',' })),
  );
  const other = await night('2024-10-02');
  expect(other).toMatchObject({ status: 'complete', changes: { assignments: { ended: 1 } } });
  await send(
    '2024-10-03',
    '064601',
    rows(0, 20, { school: '064601', title: '教師' }).map((line, i) => (i === 19 ? line.replace('教師', '組長') : line)),
  );
  const after = await night('2024-10-03');
  expect(after).toMatchObject({ changes: { assignments: { ended: 0 } } });
  expect((await listHolds(small.db)).map((h) => [h.institutions, h.changes])).toEqual([[1, 4]]);
});

it('the identifiers of a held file are nobody’s: what it said wrong joins no stranger to a teacher', async () => {
  await open();
  await send('2024-09-30', '064601', rows(0, 10));
  await send('2024-09-30', '064602', rows(200, 210, { school: '064602' }));
  await night('2024-09-30');
  const before = await hashNow();
  await send(
    '2024-10-01',
    '064601',
    rows(0, 10, (n) => ({ id: n + 50 })),
  );
  const held = await night('2024-10-01');
  expect(await guardsOf()).toEqual(['changed']);
  expect((await listHolds(small.db))[0]!.groups).toEqual([{ group: '身分證字號更正', count: 10 }]);
  expect(await hashNow()).toBe(before);
  await decides(held.held[0]!.planHash, 'discard');
  await send('2024-10-02', '064601', rows(0, 11));
  await night('2024-10-02');
  await send('2024-10-03', '064602', [...rows(200, 210, { school: '064602' }), row(99, { school: '064602', id: 50 })]);
  expect(await night('2024-10-03')).toMatchObject({
    changes: { persons: { added: 1, changed: 0 }, assignments: { added: 1, ended: 0 } },
  });
});

it('approved, the other identifiers are the people’s own', async () => {
  await loaded(rows(0, 10));
  await send(
    '2024-10-01',
    '064601',
    rows(0, 10, (n) => ({ id: n + 50 })),
  );
  await decides((await night('2024-10-01')).held[0]!.planHash, 'approve');
  expect((await small.carryOut('2024-10-02T09:00:00+08:00')).status).toBe('complete');
  expect(await small.db('warehouse.person_identifier').count('* as n').first()).toEqual({ n: 20 });
  expect((await night('2024-10-03')).held).toEqual([]);
});

it.each([
  ['4 of 10 leave', (n: number): Told => (n < 4 ? { change: '離職,113/10/01' } : {}), 'lost'],
  ['all 10 have another title', (): Told => ({ title: '亂碼' }), 'changed'],
])('two sources of one school count each person once: %s', async (_, told, guard) => {
  await open({ sources: [{ type: 'roster-files', name: 'roster2', inbox: 'bundles' }] });
  await send('2024-09-30', '064601', rows(0, 10));
  await send('2024-09-30', '064601', rows(0, 10), 'bundles');
  await night('2024-09-30');
  await send('2024-10-01', '064601', rows(0, 10, told));
  expect((await night('2024-10-01')).status).toBe('held');
  expect(await guardsOf()).toEqual([guard]);
});

it.each([
  ['begin years later', (n: number): Told => (n < 5 ? { start: '118/08/01' } : { start: '108/08/01' })],
  [
    'are no longer at their service unit',
    (n: number): Told => (n < 5 ? { primary: '否', start: '108/08/01' } : { start: '108/08/01' }),
  ],
  [
    'end next month',
    (n: number): Told => (n < 5 ? { change: '離職,113/11/01', start: '108/08/01' } : { start: '108/08/01' }),
  ],
])('people who %s are lost to the school', async (_, told) => {
  await loaded(rows(0, 10, { start: '108/08/01' }));
  await send('2024-10-01', '064601', rows(0, 10, told));
  expect((await night('2024-10-01')).status).toBe('held');
  expect(await guardsOf()).toEqual(['lost']);
});

it('a school whose people are still to begin is not emptied before they do, and one is not filled with people who will end', async () => {
  await open();
  await send('2024-07-01', '064601', rows(0, 10, { start: '113/08/01' }));
  await send('2024-07-01', '064602', rows(10, 20, { school: '064602' }));
  await night('2024-07-01');
  await send(
    '2024-07-02',
    '064601',
    rows(0, 10, (n) => (n < 7 ? { change: '離職,113/08/01' } : { start: '113/08/01' })),
  );
  await send('2024-07-02', '064602', [
    ...rows(10, 20, { school: '064602' }),
    ...rows(20, 60, { school: '064602', change: '代理期滿,114/07/31' }),
  ]);
  expect((await night('2024-07-02')).held.map((h) => h.institution)).toEqual(['064601', '064602']);
});

it('in July a school that registers another one’s people takes no more of them than at any other time: that is no leaving of theirs', async () => {
  await open();
  await send('2024-07-01', '064601', rows(0, 20));
  await send('2024-07-01', '064602', rows(100, 120, { school: '064602' }));
  await night('2024-07-01');
  await send('2024-07-02', '064602', [
    ...rows(100, 120, { school: '064602' }),
    ...rows(0, 8, { school: '064602', change: '轉入,113/07/02' }),
  ]);
  const result = await night('2024-07-02');
  expect(result.held.map((h) => h.institution)).toEqual(['064601']);
  expect((await findReceipts(small.db, '064602', null)).at(-1)).toMatchObject({ outcome: 'held' });
});

it('moving the day of ends that are known already loses nobody again', async () => {
  await loaded(rows(0, 10));
  await send(
    '2024-10-01',
    '064601',
    rows(0, 10, (n) => (n < 4 ? { change: '離職,113/12/01' } : {})),
  );
  await decides((await night('2024-10-01')).held[0]!.planHash, 'approve');
  await small.carryOut('2024-10-02T09:00:00+08:00');
  await send(
    '2024-10-02',
    '064601',
    rows(0, 10, (n) => (n < 4 ? { change: '離職,113/12/15' } : {})),
  );
  expect(await night('2024-10-02')).toMatchObject({ status: 'complete', changes: { assignments: { ended: 4 } } });
});

it('a school’s business accounts are not all deleted in one night', async () => {
  await open();
  const head = '學校代碼,帳號,帳號類別,姓名,狀態';
  const accounts = (state: string) => [1, 2, 3, 4].map((i) => `064601,tc${i},研習承辦人,王小明,${state}`);
  await send('2024-09-30', '064601', rows(0, 10));
  await small.send('064601-a.csv', '2024-09-30T10:00:00+08:00', [head, ...accounts('啟用')], 'accounts');
  await night('2024-09-30');
  await small.send('064601-b.csv', '2024-10-01T10:00:00+08:00', [head, ...accounts('刪除')], 'accounts');
  expect(await night('2024-10-01')).toMatchObject({ status: 'held', changes: { accounts: { ended: 0 } } });
  expect(await guardsOf()).toEqual(['accounts-lost']);
});

it('an approval that would carry out part of a discarded plan is refused and names it', async () => {
  await open();
  for (const [i, school] of ['064601', '064602', '064603'].entries())
    await send('2024-09-30', school, rows(i * 10, i * 10 + 10, { school }));
  await night('2024-09-30');
  const moves = (from: number, school: string) => rows(from, from + 4, { school, change: '轉入,113/10/01' });
  await send('2024-10-01', '064602', [...rows(10, 20, { school: '064602' }), ...moves(0, '064602')]);
  await send('2024-10-01', '064603', [...rows(20, 30, { school: '064603' }), ...moves(10, '064603')]);
  const holds = (await night('2024-10-01')).held;
  const of = (code: string) => holds.find((h) => h.institution === code)!.planHash;
  await decides(of('064601'), 'discard');
  await expect(decides(of('064602'), 'approve')).rejects.toThrow(new RegExp(of('064601')));
  const { rows: tried } = await small.db.raw(`SELECT actor, detail FROM ops.audit WHERE action = 'decision-refused'`);
  expect(tried).toEqual([{ actor: 'lin', detail: { verdict: 'approve', why: 'hold-shares-discarded' } }]);
});

it('a name that no user can have does not stand in handedInBy', async () => {
  await open();
  const source = { type: 'roster-files', name: 'roster', inbox: 'inbox', handedInBy: ['Chen'] };
  expect(configSchema.safeParse({ sources: [source] }).success).toBe(false);
});

it('people who come in because their rows were put right do not count as new', async () => {
  await loaded([...rows(0, 3), ...rows(3, 20).map((line) => line.replace(/,7\d\/05\/06,/, ',99/99/99,'))]);
  await send('2024-10-01', '064601', rows(0, 20));
  expect(await night('2024-10-01')).toMatchObject({ status: 'complete', held: [] });
  await send('2024-10-02', '064601', rows(0, 41));
  expect((await night('2024-10-02')).status).toBe('held');
  expect(await guardsOf()).toEqual(['added']);
});
