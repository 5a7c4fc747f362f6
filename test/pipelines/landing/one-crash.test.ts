/** One part of a job makes our own code fall over: at the last try it fails alone, and the others of its job are taken in. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Connector, Part } from '../../../connectors/contract.ts';
import type { PipelineContext } from '../../../pipelines/context.ts';
import { beginRun, hearSources, type Sources } from '../../../pipelines/nightly-run.ts';
import { connect, type Database } from '../../../warehouse/connect.ts';
import { createRun, listSources } from '../../../warehouse/runs.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { makeContext } from '../report/city.ts';

let database: TestDatabase;
let db: Database;
let ctx: PipelineContext;
beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url);
  ctx = makeContext(db);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const CLOCK = '2024-07-30T02:00:00+08:00';
const part = (code: string): Part => ({ source: `roster/${code}`, drop: 'roster', files: [] });

/** Reads one row of every school but 064602, where it has a fault of its own. */
const faulty: Connector = {
  name: 'roster',
  discover: async () => ['064601', '064602', '064603'].map(part),
  async *fetch({ source }) {
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(source);
    }
    yield {
      objects: [{ name: 'roster.csv', mediaType: 'text/csv', body: bytes() }],
      complete: true,
      asOf: () => CLOCK,
    };
  },
  async *read({ source }) {
    const code = source.split('/')[1] as string;
    if (code === '064602') throw new TypeError('a fault of our own');
    yield [{ kind: 'staff', values: { schoolCode: code, name: '王小明' }, origin: { object: 0, row: 2 } }] as never;
  },
  settle: async () => undefined,
};
const sources: Sources = {
  specs: new Map([['roster', { connector: faulty, path: 'school', kinds: ['staff'] }]]),
  systems: {},
};

it('breaks the block while there is another try, and only its own file at the last one', async () => {
  const run = await createRun(db, {
    kind: 'manual',
    clock: CLOCK,
    simulated: true,
    dryRun: false,
    onlySources: null,
    slot: null,
  });
  if (!run) throw new Error('no run');
  const [job] = await beginRun(ctx, run, sources);
  const hear = (lastTry: boolean) => hearSources(ctx, run.id, job as string, 'test', sources, lastTry);
  const heard = async () => (await listSources(db, run.id)).map((s) => [s.source, s.status, s.read, s.error_code]);
  await expect(hear(false)).rejects.toThrow('a fault of our own');
  expect((await heard()).map(([, status]) => status)).toEqual(['waiting', 'waiting', 'waiting']);
  await hear(true);
  expect(await heard()).toEqual([
    ['roster/064601', 'fresh', 1, null],
    ['roster/064602', 'failed', 0, 'source-crashed'],
    ['roster/064603', 'fresh', 1, null],
  ]);
});
