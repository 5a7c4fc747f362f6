/**
 * One measurement in a process of its own, so that its peak memory is its own. Answers one JSON line on stdout:
 * `{ stages: { name: seconds }, peakMiB }`. Usage: node bench/measure.ts WHAT DATABASE_URL FOLDER ROWS
 */
import { createReadStream } from 'node:fs';
import { appendFile, utimes } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import Papa from 'papaparse';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import pino from 'pino';
import { openParserPool } from '../connectors/tables/sandbox/parser-pool.ts';
import { taipeiTime } from '../connectors/taipei-time.ts';
import { makeSources } from '../jobs/sources.ts';
import { apply } from '../pipelines/apply.ts';
import type { PipelineContext } from '../pipelines/context.ts';
import { landParts, type SourceSpec } from '../pipelines/land.ts';
import { newStagedSource, StageWriter } from '../pipelines/landing/stage-writer.ts';
import { match } from '../pipelines/match.ts';
import { makeNormaliser } from '../pipelines/normalise/normalise-row.ts';
import { reconcile } from '../pipelines/reconcile.ts';
import { SNAPSHOT_FORMATS, type SnapshotFormat } from '../schemas/campaign.ts';
import { DEFAULT_GUARDS } from '../schemas/guards.ts';
import { connect, type Database } from '../warehouse/connect.ts';
import { makeKeyring } from '../warehouse/keyring.ts';
import { createStage } from '../warehouse/landing/stage.ts';
import { addSources, claimRun, claimSources, createRun, finishRun, getRun, setStage } from '../warehouse/runs.ts';
import { measureDelta } from './measure-delta.ts';
import { measureHistory } from './measure-history.ts';
import { copyOut, takeSnapshot } from './measure-snapshot.ts';
import { HEADER, writeRosterFile } from './roster-file.ts';

const CLOCK = '2024-07-30T02:00:00+08:00';
const CODE = '064601';

interface Setting {
  db: Database;
  ctx: PipelineContext;
  folder: string;
  file: string;
  specs: ReadonlyMap<string, SourceSpec>;
  systems: ReturnType<typeof makeSources>['systems'];
}
type Stages = Record<string, number>;

async function timed<T>(stages: Stages, name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  stages[name] = (performance.now() - began) / 1000;
  return result;
}

/** Yardstick: the file read and split into cells by the same library, nothing kept. */
async function parse({ file }: Setting, stages: Stages): Promise<void> {
  await timed(stages, 'parse', async () => {
    let rows = 0;
    const parser = Papa.parse(Papa.NODE_STREAM_INPUT, {});
    parser.on('data', () => {
      rows += 1;
    });
    await pipeline(createReadStream(file, 'utf8'), parser);
    if (rows === 0) throw new Error('nothing parsed');
  });
}

/** Yardstick: the same bytes into one plain table. */
async function copy({ db, file }: Setting, stages: Stages): Promise<void> {
  const columns = HEADER.trim().split(',');
  await db.raw(
    `DROP TABLE IF EXISTS bench_copy; CREATE TABLE bench_copy (${columns.map((_, i) => `c${i} text`).join(', ')})`,
  );
  await timed(stages, 'copy', () =>
    db.transaction(async (trx) => {
      const client = (await trx.client.acquireConnection()) as Client;
      await pipeline(createReadStream(file), client.query(copyFrom('COPY bench_copy FROM STDIN (FORMAT csv, HEADER)')));
    }),
  );
  await db.raw('DROP TABLE bench_copy');
}

/** Read, decode, parse, normalise, validate, hash, HMAC and encrypt the id, COPY: everything of landing but keeping and merging. */
async function stage({ db, ctx, file, specs }: Setting, stages: Stages): Promise<void> {
  const spec = specs.get('roster') as SourceSpec;
  const delivery = {
    objects: [{ name: path.basename(file), mediaType: 'text/csv', bytes: 0, body: () => createReadStream(file) }],
    complete: true,
    asOf: CLOCK,
    source: `roster/${CODE}`,
  };
  const normalise = makeNormaliser({
    source: delivery.source,
    drop: 'roster',
    path: 'school',
    partCode: CODE,
    asOf: CLOCK,
    registeredFallback: CLOCK,
  });
  const reading = { log: ctx.log, signal: ctx.signal, now: CLOCK };
  await db.transaction(async (trx) => {
    await createStage(trx);
    await timed(stages, 'stage', async () => {
      const writer = new StageWriter(trx, ctx.keyring);
      const staged = newStagedSource();
      for await (const batch of spec.connector.read(delivery, reading, {})) {
        await writer.write(delivery.source, batch, normalise, [1], staged);
      }
      await writer.settle();
      await writer.close();
    });
  });
}

/** The night of a first load, and those after it. */
const clockOf = (night: number): string => taipeiTime(Date.parse(CLOCK) + night * 86_400_000);

/** One file of a new run kept and landed; before it, untimed, the list of institutions, without which nobody could be applied. @returns the run, still going on */
async function land(setting: Setting, stages: Stages, night = 0): Promise<{ id: number }> {
  const { db } = setting;
  const asked = {
    kind: 'manual' as const,
    clock: clockOf(night),
    simulated: true,
    dryRun: false,
    onlySources: null,
    slot: null,
  };
  const made = await createRun(db, asked);
  if (!made) throw new Error('no run');
  if (night === 0) await landSource(setting, made.id, 'schools', {}, night);
  await landSource(setting, made.id, 'roster', stages, night);
  return made;
}

async function landSource(
  { db, ctx, specs }: Setting,
  runId: number,
  drop: string,
  stages: Stages,
  night: number,
): Promise<void> {
  const spec = specs.get(drop) as SourceSpec;
  const reading = { log: ctx.log, signal: ctx.signal, now: clockOf(night) };
  const parts = await spec.connector.discover(reading);
  const job = `${drop}-1`;
  await addSources(
    db,
    ctx.keyring,
    runId,
    parts.map((part) => ({ ...part, job })),
  );
  const claims = await claimSources(db, ctx.keyring, runId, job, 'bench');
  const claimed = claims.map((claim) => ({ claim, part: { ...claim, drop: claim.drop } }));
  const outcome = await timed(stages, 'keep and land', () => landParts(ctx, claimed, spec, reading, true));
  if (outcome.failed.length > 0) throw outcome.failed[0]?.error;
}

const WRITTEN = ['person', 'person_identifier', 'person_version', 'assignment', 'assignment_version'] as const;

/** Yardstick: the rows that apply wrote of people once more, table by table into one without index or check. */
async function insert({ db }: Setting, stages: Stages): Promise<void> {
  for (const table of WRITTEN) await db.raw(`CREATE TABLE bench_${table} AS TABLE warehouse.${table} WITH NO DATA`);
  await timed(stages, 'insert', () =>
    db.transaction(async (trx) => {
      for (const table of WRITTEN) await trx.raw(`INSERT INTO bench_${table} SELECT * FROM warehouse.${table}`);
    }),
  );
  for (const table of WRITTEN) await db.raw(`DROP TABLE bench_${table}`);
}

/** A whole run's stages: keep and land, match, reconcile, apply. */
async function load(setting: Setting, stages: Stages): Promise<void> {
  const { db, ctx, systems } = setting;
  const made = await land(setting, stages);
  const claim = await claimRun(db, made.id, 'bench');
  if (!claim) throw new Error('no claim');
  await setStage(db, claim, 'match');
  await timed(stages, 'match', () => match(ctx, claim));
  await timed(stages, 'reconcile', () => reconcile(ctx, claim, systems));
  await timed(stages, 'apply', () => apply(ctx, claim, systems));
  await finishRun(db, claim, { status: 'complete' });
}

/** A load and two later nights on one file. @throws where not everybody who was landed is in the warehouse then */
async function run(setting: Setting, stages: Stages): Promise<void> {
  const { db } = setting;
  await load(setting, stages);
  await insert(setting, stages);
  const landed = await db('landing.staff_record').count<{ n: string }[]>('* as n');
  const applied = await db('warehouse.assignment').count<{ n: string }[]>('* as n');
  if (landed[0]?.n !== applied[0]?.n) throw new Error(`${landed[0]?.n} landed, ${applied[0]?.n} applied`);
  const rows = Number(landed[0]?.n);
  if (rows === 0) throw new Error('nothing landed: the file must be older than the night');
  const changed = await laterNight(setting, stages, { night: 1, rows, name: '1 % changed' });
  if (changed !== Math.ceil(rows / CHANGED_EVERY)) throw new Error(`${changed} people changed of ${rows}`);
  const quiet = await laterNight(setting, stages, { night: 2, rows, name: 'nothing changed' });
  if (quiet !== 0) throw new Error(`${quiet} people changed in a night without changes`);
}

const CHANGED_EVERY = 100;

/** The same file again with some people changed, or, on the night after, with nobody. @returns how many people changed */
async function laterNight(
  setting: Setting,
  stages: Stages,
  { night, rows, name }: { night: number; rows: number; name: string },
): Promise<number> {
  const { db, ctx, systems, file } = setting;
  await writeRosterFile(file, CODE, rows, CHANGED_EVERY);
  // One line more, an empty one: other bytes, the same rows.
  if (night > 1) await appendFile(file, '\n');
  const arrived = new Date(Date.parse(clockOf(night)) - 3_600_000);
  await utimes(file, arrived, arrived);
  const told: Stages = {};
  const made = await land(setting, told, night);
  stages[`${name}: keep raw, land and merge`] = told['keep and land'] as number;
  const claim = await claimRun(db, made.id, 'bench');
  if (!claim) throw new Error('no claim');
  await setStage(db, claim, 'match');
  await timed(stages, `${name}: match, reconcile, apply`, async () => {
    await match(ctx, claim);
    await reconcile(ctx, claim, systems);
    await apply(ctx, claim, systems);
  });
  const { changes } = (await getRun(db, made.id)).summary as { changes: { persons: { changed: number } } };
  await finishRun(db, claim, { status: 'complete' });
  return changes.persons.changed;
}

/** Of what a run before left in the database. */
const snapshotOf =
  (name: string, formats: readonly SnapshotFormat[]) =>
  async ({ ctx }: Setting, stages: Stages): Promise<void> =>
    takeSnapshot(ctx, stages, name, CLOCK, formats);

async function copyPeopleOut({ db }: Setting, stages: Stages): Promise<void> {
  const lines = await copyOut(db, stages);
  const people = await db('warehouse.person').count<{ n: string }[]>('* as n');
  if (lines === 0 || lines !== Number(people[0]?.n)) throw new Error(`${lines} lines of ${people[0]?.n} people`);
}

const MEASURES: Readonly<Record<string, (setting: Setting, stages: Stages) => Promise<void>>> = {
  parse,
  copy,
  stage,
  land: async (setting, stages) => void (await land(setting, stages)),
  run,
  history: async (setting, stages) => {
    await load(setting, {});
    await measureHistory(setting.ctx, stages, clockOf);
  },
  'copy-out': copyPeopleOut,
  delta: ({ ctx }, stages) => measureDelta(ctx, stages, [clockOf(3), clockOf(4)]),
  'snapshot-text': snapshotOf('snapshot: CSV and JSON Lines', ['csv', 'jsonl']),
  'snapshot-parquet': snapshotOf('snapshot: CSV, JSON Lines and Parquet', ['csv', 'jsonl', 'parquet']),
  'snapshot-all': snapshotOf('snapshot: all files', SNAPSHOT_FORMATS),
};

async function main([what = '', url = '', folder = '']: string[]): Promise<void> {
  const measure = MEASURES[what];
  if (!measure) throw new Error(`no such measurement: ${what}`);
  const db = connect(url);
  const log = pino({ level: 'silent' });
  const ctx: PipelineContext = {
    db,
    keyring: makeKeyring(Buffer.alloc(32, 'bench')),
    log,
    signal: new AbortController().signal,
    campaigns: [],
    guards: DEFAULT_GUARDS,
    progress: () => undefined,
  };
  const parsers = openParserPool();
  const { specs, systems } = makeSources(
    [
      {
        type: 'institution-list',
        name: 'schools',
        path: path.resolve('samples/institutions/schools.csv'),
        layout: 'schools',
      },
      { type: 'roster-files', name: 'roster', inbox: folder, complete: true, maxBytes: 2 ** 31, stableSeconds: 0 },
    ],
    { home: folder, configDir: folder, secrets: () => '', machineClock: null, parsers },
  );
  const stages: Stages = {};
  await measure({ db, ctx, folder, file: path.join(folder, `${CODE}-roster.csv`), specs, systems }, stages);
  await db.destroy();
  const children = parsers.stats();
  await parsers.close();
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`${JSON.stringify({ stages, peakMiB, childMiB: Math.round(children.peakMiB) })}\n`);
}

await main(process.argv.slice(2));
