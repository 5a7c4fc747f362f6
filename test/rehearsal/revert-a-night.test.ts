/**
 * Night 12 undone after night 20. What stands then is what the generator's events give when those of night 12 are left out, person by person and day by day;
 * whom a later night changed again is in conflict, named with that night, and as before. Nothing of the product's own plan is asked for what to expect.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decide } from '../../pipelines/decide.ts';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { accountsAt } from '../../samples/inbox/accounts.ts';
import { reportLines } from '../../samples/truth/report-lines.ts';
import { rosterAfter } from '../../samples/truth/roster.ts';
import { type NightsWithout, withoutNight } from '../../samples/truth/without-night.ts';
import type { Kindergarten } from '../../samples/world/state.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { addBureau, LIN } from '../support/users.ts';
import { openSeries, type PlayedNight, type Series } from './support/series-of-nights.ts';
import { personLine, warehouseRoster } from './support/warehouse-roster.ts';

const UNDONE = 12;
const LAST = 20;
const NOTHING = Array(4).fill({ added: 0, changed: 0, ended: 0 });

let series: Series;
let told: NightsWithout;
const played: PlayedNight[] = [];
/** By our person id, the generator's name of the person. */
const people = new Map<string, string>();
let before: string;
let revert: SyncResult;
/** The run that carried out what was held of it; null where nothing was. */
let carriedOut: SyncResult | null = null;

const db = () => series.city.installation.db;
const hash = (): Promise<string> => warehouseHash(db(), series.city.installation.keyring);
const chronicle = () => series.city.rehearsal.chronicle;

beforeAll(async () => {
  series = await openSeries(LAST + 2);
  await addBureau(db(), [LIN.name, 'chen']);
  for (let index = 0; index <= LAST; index++) played.push(await series.play(index));
  told = withoutNight(chronicle(), UNDONE, LAST);
  const all = Array.from({ length: LAST + 1 }, (_, index) => ({ index, events: chronicle().chapter(index).events }));
  const uids = new Map([...rosterAfter(chronicle(), all)].map(([uid, person]) => [personLine(person), uid]));
  for (const [id, person] of await warehouseRoster(db())) people.set(id, uids.get(personLine(person)) as string);
  before = await hash();
  revert = await series.city.revert('2024-08-18T09:00:00+08:00', (played[UNDONE] as PlayedNight).result.run, LIN);
  for (const { planHash } of revert.held) {
    const asked = { planHash, verdict: 'approve' as const, reason: '確認', handedInBy: new Map() };
    await decide(db(), { ...asked, by: { ...LIN, name: 'chen' }, at: '2024-08-18T10:00:00+08:00' });
  }
  if (revert.held.length > 0) carriedOut = await series.city.carryOut('2024-08-18T11:00:00+08:00');
}, 300_000);

afterAll(async () => {
  await series?.close();
});

it('is carried out, and has people on both sides; a kindergarten of which everybody would be gone waits for a second person', () => {
  const opened = chronicle()
    .chapter(UNDONE)
    .events.flatMap((event) => (event.type === 'opening' ? [event.kindergarten.sid] : []))
    .filter((sid) => told.undone.has(sid));
  expect(revert).toMatchObject({ kind: 'revert', status: opened.length > 0 ? 'held' : 'complete' });
  expect(revert.held.map(({ institution }) => institution)).toEqual(opened);
  if (carriedOut) expect(carriedOut).toMatchObject({ kind: 'decision', status: 'complete', held: [] });
  expect([...people.values()]).not.toContain(undefined);
  expect(told.undone.size).toBeGreaterThan(5);
  expect(told.conflicts.size).toBeGreaterThan(2);
});

it('lists whom a later night changed again, with that night, and nobody else', () => {
  const nights = new Map(played.map(({ index, result }) => [result.run, index]));
  const found = (revert.revert?.conflicts ?? []).map(({ person, institution, run }) => {
    const who = person === null ? institution?.code : people.get(String(person));
    return `${who} ${nights.get(run)}`;
  });
  const expected = [...told.conflicts].flatMap(([who, later]) => later.map((index) => `${who} ${index}`));
  expect([...new Set(found)].sort()).toEqual(expected.sort());
});

it('leaves the roster that the events without that night give', async () => {
  const roster = rosterAfter(chronicle(), told.nights);
  const stands = await warehouseRoster(db());
  expect([...stands.values()].map(personLine).sort()).toEqual([...roster.values()].map(personLine).sort());
});

it('leaves the institutions that the events without that night give', async () => {
  const kindergartens = new Map<string, Kindergarten>(chronicle().setting.first.kindergartens);
  kindergartens.delete(chronicle().setting.cast.waiting);
  for (const event of told.nights.flatMap(({ events }) => events)) {
    if (event.type === 'opening') kindergartens.set(event.kindergarten.sid, event.kindergarten);
    if (event.type === 'institution' && event.what !== 'review') kindergartens.set(event.after.sid, event.after);
  }
  const { rows } = await db().raw(
    `SELECT v.source_key AS sid, v.name, v.status, v.quasi_public AS "quasiPublic" FROM warehouse.institution_version v
     WHERE v.source = 'care' AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity'`,
  );
  const line = (k: Pick<Kindergarten, 'sid' | 'name' | 'status' | 'quasiPublic'>): string =>
    `${k.sid} ${k.name} ${k.status} ${k.quasiPublic}`;
  expect(rows.map(line).sort()).toEqual([...kindergartens.values()].map(line).sort());
});

it('leaves the accounts that the lists without that night give', async () => {
  const { setting } = chronicle();
  const first = [...setting.unitsOfCode.keys()].flatMap((code) => accountsAt(setting, code, 0));
  const later = reportLines(chronicle(), LAST).flatMap(({ accounts }, index) => (index === UNDONE ? [] : accounts));
  const expected = [
    ...first.map(({ accountName, state }) => `${accountName} ${state}`),
    ...later.map(({ name, detail }) => `${name} ${detail}`),
  ];
  const { rows } = await db().raw(
    `SELECT a.account_name || ' ' || v.state AS line FROM warehouse.account a JOIN warehouse.account_version v ON v.account_id = a.id
     WHERE v.recorded_to = 'infinity' AND v.valid_to = 'infinity'`,
  );
  expect(rows.map(({ line }: { line: string }) => line).sort()).toEqual(expected.sort());
});

it('reports what it undid of whom', async () => {
  const runs = [revert, ...(carriedOut ? [carriedOut] : [])];
  const reports = await Promise.all(runs.map(({ run }) => buildReport(db(), Number(run))));
  const events = reports.flatMap(({ units }) => units.flatMap((unit) => unit.people));
  expect(new Set(events.map(({ group }) => group))).toEqual(new Set(['撤銷執行']));
  const isPerson = (who: string): boolean => /^\d{7}$/.test(who);
  expect(new Set(events.map(({ person }) => people.get(String(person))))).toEqual(
    new Set([...told.undone].filter(isPerson)),
  );
});

it('is not taken back by the next night, and can be undone in turn', async () => {
  const stands = await hash();
  const { result } = await series.play(LAST + 1);
  expect(Object.values(result.changes)).toEqual(NOTHING);
  expect(await hash()).toBe(stands);
  for (const { run } of [...(carriedOut ? [carriedOut] : []), revert]) {
    const back = await series.city.revert('2024-08-19T09:00:00+08:00', run, LIN);
    expect(back).toMatchObject({ status: 'complete', revert: { conflicts: [] } });
  }
  expect(await hash()).toBe(before);
});
