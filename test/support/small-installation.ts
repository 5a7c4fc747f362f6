/** A small installation without a rehearsal, in the test's own process: the real schools' list, and inboxes that a test puts files into. */
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openEngine } from '../../cli/engine.ts';
import type { Installation } from '../../cli/installation.ts';
import { type SyncRequest, sync } from '../../cli/sync.ts';
import type { PipelineContext } from '../../pipelines/context.ts';
import type { Sources } from '../../pipelines/nightly-run.ts';
import { syncResult } from '../../pipelines/report.ts';
import type { Campaign } from '../../schemas/campaign.ts';
import { configSchema } from '../../schemas/config.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { connect, type Database } from '../../warehouse/connect.ts';
import { makeKeyring } from '../../warehouse/keyring.ts';
import { createTestDatabase } from './database.ts';
import { makeTestLogger, type TestLog } from './test-logger.ts';

export interface SmallInstallation {
  db: Database;
  ctx: PipelineContext;
  installation: Installation;
  /** The sources as a command has them. */
  sources(): Promise<Sources>;
  log: TestLog;
  /** Path of a file in the rosters' inbox, or in the accounts'. */
  inbox(name: string, kind?: 'inbox' | 'accounts'): string;
  /** Puts a file there, as old as its arrival. */
  send(name: string, arrived: string, lines: readonly string[], kind?: 'inbox' | 'accounts'): Promise<void>;
  night(clock: string, dryRun?: boolean): Promise<SyncResult>;
  /** `mingce quarantine replay` at a moment, of all sources or of these. */
  replay(clock: string, sources?: string[]): Promise<SyncResult>;
  close(): Promise<void>;
}

const QUIET = { hearing: () => undefined, stage: () => undefined, done: () => undefined };

/**
 * @param key byte that the keyring is made of
 * @param campaigns planning years; none: no cut-off, no closing run
 * @param more keys of the rosters' source, and of the whole configuration
 */
export async function openSmallInstallation(
  key = 1,
  campaigns: readonly Campaign[] = [],
  more: { roster?: object; config?: object } = {},
): Promise<SmallInstallation> {
  const database = await createTestDatabase();
  const db = connect(database.url);
  const home = await mkdtemp(path.join(os.tmpdir(), 'mingce-story-'));
  for (const folder of ['inbox', 'accounts']) await mkdir(path.join(home, folder));
  const config = configSchema.parse({
    simulation: true,
    ...more.config,
    sources: [
      { type: 'institution-list', name: 'schools', path: 'institutions/schools.csv', layout: 'schools' },
      { type: 'roster-files', name: 'roster', inbox: 'inbox', ...more.roster },
      { type: 'account-files', name: 'accounts', inbox: 'accounts' },
    ],
  });
  const installation: Installation = {
    home,
    config,
    configDir: path.resolve('samples'),
    campaigns,
    databaseUrl: database.url,
    redisUrl: null,
    embedded: false,
    db,
    keyring: makeKeyring(Buffer.alloc(32, key)),
    rehearsal: null,
    secret: () => '',
    close: async () => undefined,
  };
  const log = makeTestLogger();
  const engine = openEngine(installation, log.logger, new AbortController().signal);
  const worker = await engine.work(async () => undefined);
  const run = async (request: SyncRequest): Promise<SyncResult> => {
    const results: SyncResult[] = [];
    await sync(installation, engine, request, QUIET, async ({ id }) => {
      results.push(await syncResult(db, id));
    });
    return results.at(-1) as SyncResult;
  };
  const inbox: SmallInstallation['inbox'] = (name, kind = 'inbox') => path.join(home, kind, name);
  return {
    db,
    ctx: engine.ctx,
    installation,
    sources: () => engine.sourcesFor({ clock: 'now' }),
    log,
    inbox,
    send: async (name, arrived, lines, kind) => {
      await writeFile(inbox(name, kind), `${lines.join('\n')}\n`);
      await utimes(inbox(name, kind), new Date(arrived), new Date(arrived));
    },
    night: (clock, dryRun = false) => run({ sources: null, dryRun, clock }),
    replay: (clock, sources) => run({ sources: sources ?? null, dryRun: false, clock, replay: true }),
    close: async () => {
      await worker.close();
      await engine.close();
      await db.destroy();
      await database.drop();
      await rm(home, { recursive: true });
    },
  };
}
