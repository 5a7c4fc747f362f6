/** Replays: what is kept is read again, to the same result as if it had come today; old files change nothing, and are told of. */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SourceError } from '../../../schemas/source-error.ts';
import { warehouseHash } from '../../../warehouse/views/hash.ts';
import { openSmallInstallation, type SmallInstallation } from '../../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';
const WANG = '064601,A123456789,王小明,70/05/06,教師,,';
const LI = '064601,B123456780,李大華,68/12/23,校長,,';
const ZHAO = '064601,C123456781,趙新,80/01/02,教師,新進,113/08/01';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

const hash = () => warehouseHash(small.db, small.ctx.keyring);
const roster = (result: Awaited<ReturnType<SmallInstallation['night']>>, source = 'roster/064601') =>
  result.sources.flatMap((s) => s.parts ?? [s]).find((p) => p.source === source);
const versions = async (): Promise<number> =>
  (
    await small.db.raw(
      'SELECT (SELECT count(*) FROM warehouse.assignment_version) + (SELECT count(*) FROM warehouse.person_version) AS n',
    )
  ).rows[0].n;
const open = async (code: string): Promise<{ subject: string; closed_at: string | null }[]> =>
  (await small.db.raw('SELECT subject, closed_at FROM review.exception WHERE code = ? ORDER BY id', [code])).rows;

it('with unchanged rules it changes nothing: same hash, no version, no exception, a ledger that balances', async () => {
  await small.send('064601-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, LI]);
  await small.night('2024-07-30T02:00:00+08:00');
  await small.send('064601-b.csv', '2024-07-30T10:00:00+08:00', [HEAD, WANG, LI]);
  await small.night('2024-07-31T02:00:00+08:00');
  await small.send('064601-c.csv', '2024-08-01T10:00:00+08:00', ['名冊別：異動', HEAD, ZHAO]);
  await small.night('2024-08-02T02:00:00+08:00');
  const before = { hash: await hash(), versions: await versions() };
  await small.send('064601-d.csv', '2024-08-02T10:00:00+08:00', [HEAD, LI]);
  const result = await small.replay('2024-08-02T12:00:00+08:00');
  expect(result).toMatchObject({ kind: 'replay', status: 'complete', exceptions: { opened: 0, closed: 0 } });
  expect(roster(result)).toMatchObject({ status: 'fresh', read: 3, missing: 0 });
  expect({ hash: await hash(), versions: await versions() }).toEqual(before);
  expect(await readdir(path.dirname(small.inbox('x')))).toEqual(['064601-d.csv']);
  await rm(small.inbox('064601-d.csv'));
});

it('after a rule changed it ends as if the kept files had come today, and closes what the change put right', async () => {
  const strange = ['學校代碼,身分證字號,姓名,異動別,異動日期', '064602,F229999995,林淑芬,到差,113/08/01'];
  await small.send('064602-a.csv', '2024-08-02T10:00:00+08:00', strange);
  const night = await small.night('2024-08-03T02:00:00+08:00');
  expect(roster(night, 'roster/064602')).toMatchObject({ read: 1, quarantined: 1 });
  // The change of a rule, as the kept file sees it: what it says now reads as 新進.
  const { specs } = await small.sources();
  const connector = specs.get('roster')?.connector as { read: NonNullable<unknown> };
  const read = connector.read as (...args: unknown[]) => AsyncIterable<{ values: Record<string, string> }[]>;
  connector.read = (...args: unknown[]) =>
    (async function* () {
      for await (const rows of read(...args)) {
        yield rows.map((row) => ({
          ...row,
          values: { ...row.values, change: row.values.change === '到差' ? '新進' : (row.values.change ?? '') },
        }));
      }
    })();
  const replayed = await small.replay('2024-08-03T12:00:00+08:00', ['roster/064602']);
  expect(replayed.sources.flatMap((s) => s.parts ?? [])).toEqual([
    expect.objectContaining({ source: 'roster/064602', read: 1, accepted: 1, quarantined: 0 }),
  ]);
  const fresh = await openSmallInstallation();
  try {
    await fresh.send('064601-b.csv', '2024-07-30T10:00:00+08:00', [HEAD, WANG, LI]);
    await fresh.night('2024-07-31T02:00:00+08:00');
    await fresh.send('064601-c.csv', '2024-08-01T10:00:00+08:00', ['名冊別：異動', HEAD, ZHAO]);
    await fresh.night('2024-08-02T02:00:00+08:00');
    await fresh.send(
      '064602-a.csv',
      '2024-08-02T10:00:00+08:00',
      strange.map((line) => line.replace('到差', '新進')),
    );
    await fresh.night('2024-08-03T02:00:00+08:00');
    const people = async (s: SmallInstallation) =>
      (
        await s.db.raw(
          `SELECT a.source, p.name, v.valid_from, v.valid_to, v.registered_at FROM warehouse.assignment a
           JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity'
           JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity' WHERE a.source = 'roster/064602'`,
        )
      ).rows;
    expect(await people(small)).toEqual(await people(fresh));
  } finally {
    await fresh.close();
  }
  expect(
    (await small.db.raw('SELECT count(*) AS n FROM landing.quarantine WHERE resolved_run_id IS NULL')).rows[0].n,
  ).toBe(0);
  connector.read = read;
});

it('a source that the changed rules refuse fails, and its picture stands', async () => {
  const before = await hash();
  const { specs } = await small.sources();
  const connector = specs.get('roster')?.connector as { read: unknown };
  const { read } = connector;
  connector.read = async function* () {
    yield [];
    throw new SourceError('file-header-missing', { file: 'x' });
  };
  const result = await small.replay('2024-08-03T13:00:00+08:00', ['roster']);
  connector.read = read;
  expect(roster(result)).toMatchObject({ status: 'failed', read: 0 });
  expect(await hash()).toBe(before);
  const again = await small.replay('2024-08-03T14:00:00+08:00', ['roster/064601']);
  expect(roster(again)).toMatchObject({ status: 'fresh', read: 3 });
  expect(await hash()).toBe(before);
});

it('A, then B, then A again: nothing is moved back (I4), and the school is told until something newer comes', async () => {
  const A = [HEAD, WANG, LI];
  const before = await hash();
  await small.send('064601-again.csv', '2024-08-04T10:00:00+08:00', A);
  const night = await small.night('2024-08-05T02:00:00+08:00');
  expect(roster(night)).toMatchObject({ status: 'fresh', read: 2, duplicate: 2, accepted: 0 });
  expect(await hash()).toBe(before);
  expect(await open('old-file-sent-again')).toEqual([{ subject: 'roster/064601', closed_at: null }]);
  await small.night('2024-08-06T02:00:00+08:00');
  expect(await open('old-file-sent-again')).toEqual([{ subject: 'roster/064601', closed_at: null }]);
  await small.send('064601-meant.csv', '2024-08-06T10:00:00+08:00', ['重送 113/08/06', ...A]);
  const meant = await small.night('2024-08-07T02:00:00+08:00');
  expect(roster(meant)).toMatchObject({ read: 2, duplicate: 0, missing: 1 });
  expect(await open('old-file-sent-again')).toEqual([{ subject: 'roster/064601', closed_at: expect.any(String) }]);
});

const LATER = '064605,A223456781,林美玲,72/01/01,教師,,';
const masked = (code: string): string => `${code},A12345****,吳立,70/05/06,教師,,`;

it('a nameless row that a list of changes put right stays right: who the list made known was not known before', async () => {
  const KNOWN = WANG.replace('064601', '064605');
  await small.send('064605-a.csv', '2024-08-07T10:00:00+08:00', [HEAD, KNOWN, masked('064605')]);
  await small.night('2024-08-08T02:00:00+08:00');
  const { rows } = await small.db.raw(
    `SELECT id FROM landing.quarantine WHERE source = 'roster/064605' AND resolved_run_id IS NULL`,
  );
  const changes = ['名冊別：異動', `${HEAD},更正編號`, `${LATER},${rows[0].id}`];
  await small.send('064605-b.csv', '2024-08-08T10:00:00+08:00', changes);
  await small.night('2024-08-09T02:00:00+08:00');
  const result = await small.replay('2024-08-09T12:00:00+08:00', ['roster/064605']);
  expect(result).toMatchObject({ exceptions: { opened: 0, closed: 0 } });
  expect(roster(result, 'roster/064605')).toMatchObject({ read: 3, missing: 0 });
  expect(await open('missing-not-judged')).toEqual([]);
  const kept = await small.db('landing.delivery').where({ source: 'roster/064605' }).orderBy('id');
  expect(kept.map((d) => d.notes.notJudged)).toEqual([undefined, undefined]);
});

it('what could not be judged is told by a replay as it was, also of who a later list of changes tells of', async () => {
  const [first, second] = [LATER.replace('064605', '064606'), WANG.replace('064601', '064606')] as const;
  await small.send('064606-a.csv', '2024-08-09T10:00:00+08:00', [HEAD, first, second]);
  await small.night('2024-08-10T02:00:00+08:00');
  await small.send('064606-b.csv', '2024-08-10T10:00:00+08:00', [HEAD, first, masked('064606')]);
  await small.night('2024-08-11T02:00:00+08:00');
  const changed = second.replace('教師', '主任');
  await small.send('064606-c.csv', '2024-08-11T10:00:00+08:00', ['名冊別：異動', HEAD, changed]);
  await small.night('2024-08-12T02:00:00+08:00');
  const before = await open('missing-not-judged');
  expect(before).toEqual([{ subject: 'roster/064606', closed_at: null }]);
  const result = await small.replay('2024-08-12T12:00:00+08:00', ['roster/064606']);
  expect(result).toMatchObject({ exceptions: { opened: 0, closed: 0 } });
  expect(await open('missing-not-judged')).toEqual(before);
});

it('a later delivery that the changed rules refuse lands nothing of the earlier ones: the picture stands whole', async () => {
  const person = WANG.replace('064601', '064607');
  await small.send('064607-a.csv', '2024-08-12T13:00:00+08:00', [HEAD, person]);
  await small.night('2024-08-13T02:00:00+08:00');
  await small.send('064607-b.csv', '2024-08-13T10:00:00+08:00', [
    '名冊別：異動',
    HEAD,
    person.replace('教師,,', '校長,,'),
  ]);
  await small.night('2024-08-14T02:00:00+08:00');
  const titles = async () =>
    (await small.db.raw(`SELECT title, missing_since FROM landing.staff_record WHERE source = 'roster/064607'`)).rows;
  const before = [await hash(), await titles()];
  expect(before[1]).toEqual([{ title: '校長', missing_since: null }]);
  const connector = (await small.sources()).specs.get('roster')?.connector as { read: unknown };
  const read = connector.read as (delivery: { complete: boolean }, ...more: unknown[]) => AsyncIterable<unknown>;
  connector.read = async function* (delivery: { complete: boolean }, ...more: unknown[]) {
    if (!delivery.complete) throw new SourceError('file-header-missing', { file: 'x' });
    yield* read(delivery, ...more);
  };
  const result = await small.replay('2024-08-14T12:00:00+08:00', ['roster/064607', 'roster/064606']);
  connector.read = read;
  expect(roster(result, 'roster/064607')).toMatchObject({ status: 'failed', error: { code: 'file-header-missing' } });
  expect([await hash(), await titles()]).toEqual(before);
});
