import { afterEach, expect, it } from 'vitest';
import { checkRunFence, checkSourceFences, FencedError } from '../../warehouse/fence.ts';
import { makeKeyring } from '../../warehouse/keyring.ts';
import { addSources, claimRun, claimSources, createRun, finishRun, waitingJobs } from '../../warehouse/runs.ts';
import { livingHolder, registerWorker } from '../../warehouse/workers.ts';
import { ownDatabase } from '../support/own-database.ts';

const keyring = makeKeyring(Buffer.alloc(32, 7));
const own = ownDatabase();
afterEach(async () => {
  await own.db('ops.run').where({ status: 'running' }).update({ status: 'failed' });
});

async function newRun(slot: string | null = null): Promise<number | null> {
  const clock = '2024-07-30T02:00:00+08:00';
  const run = await createRun(own.db, {
    kind: 'nightly',
    clock,
    simulated: true,
    dryRun: false,
    onlySources: null,
    slot,
  });
  return run?.id ?? null;
}

it('gives one run to two schedulers that ask for the same slot', async () => {
  expect(await newRun('nightly@2024-07-30T02:00')).not.toBeNull();
  expect(await newRun('nightly@2024-07-30T02:00')).toBeNull();
});

it('lets one run go on at a time: a second begins when the first has ended', async () => {
  const first = (await newRun()) as number;
  expect(await newRun()).toBeNull();
  expect(await newRun('nightly@2024-07-31T02:00')).toBeNull();
  await own.db('ops.run').where({ id: first }).update({ status: 'complete' });
  expect(await newRun('nightly@2024-07-31T02:00')).not.toBeNull();
});

it('refuses every write of a holder once somebody else claimed the run', async () => {
  const id = (await newRun()) as number;
  const first = await claimRun(own.db, id, 'a');
  if (!first) throw new Error('not claimed');
  await own.db.transaction((trx) => checkRunFence(trx, first));
  const second = await claimRun(own.db, id, 'b');
  await expect(own.db.transaction((trx) => checkRunFence(trx, first))).rejects.toBeInstanceOf(FencedError);
  await finishRun(own.db, first, { status: 'failed' });
  expect((await own.db('ops.run').where({ id }).first()).status).toBe('running');
  if (second) await finishRun(own.db, second, { status: 'complete' });
  expect(await claimRun(own.db, id, 'c')).toBeNull();
});

it('refuses a source that was taken over, and hands a job only what it has not heard', async () => {
  const id = (await newRun()) as number;
  const source = (name: string) => ({
    source: name,
    drop: 'roster',
    job: 'roster-1',
    files: [`${name}/A123456789.csv`],
  });
  await addSources(own.db, keyring, id, [source('roster/064601'), source('roster/064602')]);
  expect(await waitingJobs(own.db, id)).toEqual(['roster-1']);
  const first = await claimSources(own.db, keyring, id, 'roster-1', 'a');
  await own.db.transaction((trx) => checkSourceFences(trx, first));
  await own.db('ops.run_source').where({ run_id: id, source: 'roster/064601' }).update({ status: 'fresh' });
  const second = await claimSources(own.db, keyring, id, 'roster-1', 'b');
  expect(second.map((c) => [c.source, c.files])).toEqual([['roster/064602', ['roster/064602/A123456789.csv']]]);
  await expect(own.db.transaction((trx) => checkSourceFences(trx, first))).rejects.toBeInstanceOf(FencedError);
  await own.db.transaction((trx) => checkSourceFences(trx, second));
});

it('knows a living worker from a dead one', async () => {
  const id = (await newRun()) as number;
  const worker = await registerWorker(own.url, () => undefined);
  await claimRun(own.db, id, worker.id);
  expect(await livingHolder(own.db, id, null, 'another')).toBe(worker.id);
  expect(await livingHolder(own.db, id, null, worker.id)).toBeNull();
  await worker.close();
  expect(await livingHolder(own.db, id, null, 'another')).toBeNull();
});

it('refuses books that do not balance (I2)', async () => {
  const id = (await newRun()) as number;
  await addSources(own.db, keyring, id, [{ source: 'care', drop: 'care', job: 'care', files: [] }]);
  const books = own.db('ops.run_source').where({ run_id: id }).update({ read: 3, accepted: 2 });
  await expect(books).rejects.toMatchObject({ constraint: 'ledger_balances' });
});
