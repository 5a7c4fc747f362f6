/** A small installation without a rehearsal, in the test's own process: the real schools' list, and inboxes that a test puts files into. */
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Engine, openEngine } from '../../cli/engine.ts';
import type { Installation } from '../../cli/installation.ts';
import { type SyncRequest, sync } from '../../cli/sync.ts';
import type { RunningWorker } from '../../jobs/worker.ts';
import type { PipelineContext } from '../../pipelines/context.ts';
import type { Sources } from '../../pipelines/nightly-run.ts';
import { syncResult } from '../../pipelines/report.ts';
import type { Campaign } from '../../schemas/campaign.ts';
import { configSchema } from '../../schemas/config.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import type { ActingUser } from '../../schemas/users.ts';
import { connect, type Database } from '../../warehouse/connect.ts';
import { makeKeyring } from '../../warehouse/keyring.ts';
import { createTestDatabase } from './database.ts';
import { makeTestLogger, type TestLog } from './test-logger.ts';

const INBOXES = ['inbox', 'accounts', 'courses', 'bundles'] as const;
type Configured = readonly object[];
type Inbox = (typeof INBOXES)[number];

export interface SmallInstallation {
  db: Database;
  readonly ctx: PipelineContext;
  installation: Installation;
  /** The sources as a command has them. */
  sources(): Promise<Sources>;
  log: TestLog;
  /** Path of a file in the rosters' inbox, or in another. */
  inbox(name: string, kind?: Inbox): string;
  /** Puts a file there, as old as its arrival. */
  send(name: string, arrived: string, lines: readonly string[], kind?: Inbox): Promise<void>;
  night(clock: string, dryRun?: boolean): Promise<SyncResult>;
  /** `mingce sync --source …` at a moment. */
  hear(clock: string, sources: string[]): Promise<SyncResult>;
  /** Goes on with other sources, as after an edit of the configuration and a restart. */
  configure(sources: Configured): Promise<void>;
  /** The results of all runs that the moment asked for, oldest first. */
  runs(clock: string): Promise<SyncResult[]>;
  /** The one that is open: `configure` opens another. */
  readonly engine: Engine;
  /** `mingce quarantine replay` at a moment, of all sources or of these. */
  replay(clock: string, sources?: string[]): Promise<SyncResult>;
  /** `mingce revert RUN`, as a user of the bureau; nobody a dry run. */
  revert(clock: string, run: string | number, by?: ActingUser | null): Promise<SyncResult>;
  /** The run that carries out what was approved. */
  carryOut(clock: string): Promise<SyncResult>;
  close(): Promise<void>;
}

const QUIET = { hearing: () => undefined, stage: () => undefined, done: () => undefined };

export interface SmallOptions {
  /** Beside the list of schools and the inboxes. */
  sources?: Configured;
  /** Instead of them. */
  only?: Configured;
  /** By the name of the environment variable; every secret is `right` where it is left out. */
  secret?: (name: string) => string;
  /** Planning years; without one there is no cut-off and no closing run. */
  campaigns?: readonly Campaign[];
  /** Folder that stands for `samples/`: the schools' list is `institutions/schools.csv` in it. */
  configDir?: string;
  /** Keys of the rosters' source besides, and of the whole configuration. */
  roster?: object;
  config?: object;
}

const SCHOOLS = { type: 'institution-list', name: 'schools', path: 'institutions/schools.csv', layout: 'schools' };

const withFiles = (more: Configured, roster: object): Configured => [
  SCHOOLS,
  { type: 'roster-files', name: 'roster', inbox: 'inbox', ...roster },
  { type: 'account-files', name: 'accounts', inbox: 'accounts' },
  ...more,
  { type: 'course-files', name: 'courses', inbox: 'courses' },
];

/** @param key byte that the keyring is made of */
export async function openSmallInstallation(
  key = 1,
  {
    sources = [],
    roster = {},
    only = withFiles(sources, roster),
    secret = () => 'right',
    campaigns = [],
    config = {},
    configDir = path.resolve('samples'),
  }: SmallOptions = {},
): Promise<SmallInstallation> {
  const database = await createTestDatabase();
  const db = connect(database.url);
  const home = await mkdtemp(path.join(os.tmpdir(), 'mingce-story-'));
  for (const folder of INBOXES) await mkdir(path.join(home, folder));
  const configOf = (of: Configured) => configSchema.parse({ simulation: true, ...config, sources: of });
  const installation: Installation = {
    home,
    config: configOf(only),
    configDir,
    campaigns,
    databaseUrl: database.url,
    redisUrl: null,
    embedded: false,
    db,
    keyring: makeKeyring(Buffer.alloc(32, key)),
    rehearsal: null,
    secret,
    close: async () => undefined,
  };
  const log = makeTestLogger();
  let engine: Engine;
  let worker: RunningWorker;
  const start = async (): Promise<void> => {
    engine = openEngine(installation, log.logger, new AbortController().signal);
    worker = await engine.work(async () => undefined);
  };
  const stop = async (): Promise<void> => {
    await worker.close();
    await engine.close();
  };
  await start();
  const play = async (request: SyncRequest): Promise<SyncResult[]> => {
    const results: SyncResult[] = [];
    await sync(installation, engine, request, QUIET, async ({ id }) => {
      results.push(await syncResult(db, id));
    });
    return results;
  };
  const inbox: SmallInstallation['inbox'] = (name, kind = 'inbox') => path.join(home, kind, name);
  return {
    db,
    log,
    inbox,
    send: async (name, arrived, lines, kind) => {
      await writeFile(inbox(name, kind), `${lines.join('\n')}\n`);
      await utimes(inbox(name, kind), new Date(arrived), new Date(arrived));
    },
    get engine() {
      return engine;
    },
    get ctx() {
      return engine.ctx;
    },
    installation,
    sources: () => engine.sourcesFor({ clock: 'now' }),
    night: async (clock, dryRun = false) => (await play({ sources: null, dryRun, clock })).at(-1) as SyncResult,
    hear: async (clock, only) => (await play({ sources: only, dryRun: false, clock })).at(-1) as SyncResult,
    runs: (clock) => play({ sources: null, dryRun: false, clock }),
    replay: async (clock, only) =>
      (await play({ sources: only ?? null, dryRun: false, clock, kind: 'replay' })).at(-1) as SyncResult,
    carryOut: async (clock) =>
      (await play({ sources: null, dryRun: false, clock, kind: 'decision' })).at(-1) as SyncResult,
    revert: async (clock, run, by = null) => {
      const decision = by === null ? null : { by, reason: '誤送', at: clock };
      const revert = { run: Number(run), decision };
      const results = await play({ sources: null, dryRun: by === null, clock, kind: 'revert', revert });
      return results.at(-1) as SyncResult;
    },
    configure: async (to) => {
      await stop();
      installation.config = configOf(to);
      await start();
    },
    close: async () => {
      await stop();
      await db.destroy();
      await database.drop();
      await rm(home, { recursive: true });
    },
  };
}
