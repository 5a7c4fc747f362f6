/** What the pipeline remembers of a fetch: objects are held while the run may go on with them, and nobody who was taken over adds to them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Connector, Remembered } from '../../../connectors/contract.ts';
import type { PipelineContext } from '../../../pipelines/context.ts';
import { beginRun, hearSources, type Sources } from '../../../pipelines/nightly-run.ts';
import { SourceError } from '../../../schemas/source-error.ts';
import { connect, type Database } from '../../../warehouse/connect.ts';
import { FencedError } from '../../../warehouse/fence.ts';
import { claimRun, claimSources, createRun, failRun } from '../../../warehouse/runs.ts';
import { bytesOf } from '../../connectors/support/handover.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { makeContext } from '../report/city.ts';

const CLOCK = '2024-07-30T02:00:00+08:00';
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

/** Pages that the feed hands over before `end`; what it was told is noted. */
let pages: string[] = [];
let end: () => Promise<void> = async () => undefined;
let told: Remembered | undefined;

async function* body(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const feed: Connector = {
  name: 'care',
  discover: async () => [{ source: 'care', drop: 'care', files: [] }],
  async *fetch(_part, _ctx, remembered) {
    told = remembered;
    async function* objects() {
      yield* remembered?.held ?? [];
      for (const name of pages) yield { name, mediaType: 'application/json', body: body(name) };
      await end();
    }
    yield { objects: objects(), complete: true, asOf: () => CLOCK, resumable: true };
  },
  async *read(delivery) {
    for (const [object, { name }] of delivery.objects.entries()) {
      const values = { staffId: name, institutionCode: '0942800020', name: '王小明' };
      yield [{ kind: 'staff', values, origin: { object, row: 1 } }] as never;
    }
  },
  settle: async () => undefined,
};
const sources: Sources = {
  specs: new Map([['care', { connector: feed, path: 'kindergarten', kinds: ['staff'] }]]),
  systems: {},
};

async function begin(of = sources): Promise<number> {
  const asked = {
    kind: 'manual' as const,
    clock: CLOCK,
    simulated: true,
    dryRun: false,
    onlySources: null,
    slot: null,
  };
  const run = await createRun(db, asked);
  if (!run) throw new Error('no run');
  await beginRun(ctx, run, of);
  return run.id;
}
async function over(run: number): Promise<void> {
  const claim = await claimRun(db, run, 'test');
  if (claim) await failRun(db, claim, { code: 'test', message: 'over' });
}
const hear = (run: number, lastTry: boolean): Promise<void> => hearSources(ctx, run, 'care', 'test', sources, lastTry);
const held = async (): Promise<string[]> => (await db('landing.held_object').orderBy('position')).map((o) => o.name);
const fail = async (): Promise<never> => {
  throw new SourceError('care-timeout', { path: '/v1/staff', seconds: 1 }, { retryable: true });
};

it('objects of a fetch that may be tried again are offered to it, in order and as they were', async () => {
  const run = await begin();
  pages = ['one', 'two'];
  end = fail;
  await expect(hear(run, false)).rejects.toThrow(SourceError);
  expect(told).toEqual({ held: [], landed: null });
  expect(await held()).toEqual(['one', 'two']);
  pages = ['three'];
  await expect(hear(run, false)).rejects.toThrow(SourceError);
  const [first] = told?.held ?? [];
  expect((await bytesOf(first!.body())).toString()).toBe('one');
  expect(await held()).toEqual(['one', 'two', 'three']);
  await hear(run, true);
  expect(await held(), 'the source failed: its walk is over').toEqual([]);
  await over(run);
});

it('a landed delivery holds what was held, and leaves nothing behind', async () => {
  const run = await begin();
  pages = ['one', 'two'];
  end = fail;
  await expect(hear(run, false)).rejects.toThrow(SourceError);
  pages = ['three'];
  end = async () => undefined;
  await hear(run, false);
  const [source] = await db('ops.run_source').where({ run_id: run });
  expect(source).toMatchObject({ status: 'fresh', read: 3 });
  expect(await held()).toEqual([]);
  const { rows } = await db.raw('SELECT array_length(objects, 1) AS n FROM landing.delivery WHERE run_id = ?', [run]);
  expect(rows).toEqual([{ n: 3 }]);
  await over(run);
});

it('a file that was kept is offered too, and no picture is told beside it', async () => {
  const inbox: Connector = {
    ...feed,
    discover: async () => [{ source: 'care', drop: 'care', files: ['one.csv'], stamps: ['3:0'] }],
  };
  const specs = new Map([['care', { connector: inbox, path: 'kindergarten', kinds: ['staff'] } as const]]);
  const run = await begin({ specs, systems: {} });
  pages = ['file'];
  end = fail;
  await expect(hear(run, false)).rejects.toThrow(SourceError);
  pages = [];
  await expect(hear(run, false)).rejects.toThrow(SourceError);
  expect(told?.held.map(({ name }) => name)).toEqual(['file']);
  expect(told?.landed).toBeNull();
  await hear(run, true);
  expect(await held()).toEqual([]);
  await over(run);
});

it('who was taken over adds nothing more: his next page is not even kept', async () => {
  const run = await begin();
  pages = ['four', 'five'];
  end = async () => undefined;
  const before = (await db('landing.object').count('id as n'))[0]?.n;
  const slow: Connector = {
    ...feed,
    async *fetch(part, context, remembered) {
      for await (const delivery of feed.fetch(part, context, remembered)) {
        async function* objects() {
          for await (const object of delivery.objects) {
            yield object;
            await claimSources(db, ctx.keyring, run, 'care', 'somebody else');
          }
        }
        yield { ...delivery, objects: objects() };
      }
    },
  };
  const specs = new Map([['care', { connector: slow, path: 'kindergarten', kinds: ['staff'] } as const]]);
  await expect(hearSources(ctx, run, 'care', 'test', { specs, systems: {} }, false)).rejects.toThrow(FencedError);
  expect(await held()).toEqual(['four']);
  expect((await db('landing.object').count('id as n'))[0]?.n).toBe(Number(before) + 1);
  await over(run);
});

it('what another run left behind is not offered, and a source is told of the picture that was landed', async () => {
  expect(await held()).toEqual(['four']);
  const run = await begin();
  pages = ['six'];
  end = fail;
  await expect(hear(run, false)).rejects.toThrow(SourceError);
  expect(told?.held).toEqual([]);
  expect(told?.landed).toEqual({ asOf: CLOCK, completeAsOf: CLOCK, waiting: false });
  expect(await held()).toEqual(['six']);
  await over(run);
});
