/** The sample city, rehearsed in the test's own process on a database of the test's own: the same engine as `mingce sync`. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Engine, openEngine } from '../../cli/engine.ts';
import type { Installation } from '../../cli/installation.ts';
import { readCampaigns, readConfig } from '../../cli/read-config.ts';
import { type SyncRequest, sync } from '../../cli/sync.ts';
import { syncResult } from '../../pipelines/report.ts';
import { openRehearsal, type Rehearsal } from '../../samples/rehearsal.ts';
import { loadReference } from '../../samples/world/reference.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import type { ActingUser } from '../../schemas/users.ts';
import { connect } from '../../warehouse/connect.ts';
import { makeKeyring } from '../../warehouse/keyring.ts';
import { makeTestLogger, type TestLog } from './test-logger.ts';

export interface RehearsedCity {
  installation: Installation;
  engine: Engine;
  rehearsal: Rehearsal;
  log: TestLog;
  /** Plays one night; the results of all runs that it took. */
  play(clock: string): Promise<SyncResult[]>;
  /** `mingce revert RUN` at a moment, as a user of the bureau. */
  revert(clock: string, run: string, by: ActingUser): Promise<SyncResult>;
  /** The run that carries out what was approved. */
  carryOut(clock: string): Promise<SyncResult>;
  close(): Promise<void>;
}

const QUIET = { hearing: () => undefined, stage: () => undefined, done: () => undefined };

export interface OtherCity {
  /** Stands for `samples/`. */
  folder: string;
  seed: number;
  clocks: readonly string[];
}

/** @param other another city and other nights than the sample's */
export async function openRehearsedCity(
  databaseUrl: string,
  redisUrl: string | null = null,
  other: OtherCity | null = null,
): Promise<RehearsedCity> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'mingce-city-'));
  const { config, configDir } = readConfig(path.resolve(other?.folder ?? 'samples', 'mingce.yaml'));
  const db = connect(databaseUrl);
  const { seed, clocks } = other ?? config.rehearsal ?? { seed: 0, clocks: [] };
  const rehearsal = openRehearsal({ seed, clocks, home, ...(other && { reference: loadReference(other.folder) }) });
  const installation: Installation = {
    home,
    config,
    configDir,
    campaigns: readCampaigns(config, configDir),
    databaseUrl,
    redisUrl,
    embedded: false,
    db,
    keyring: makeKeyring(randomBytes(32)),
    rehearsal,
    secret: () => rehearsal.secret,
    close: async () => undefined,
  };
  const log = makeTestLogger();
  const engine = openEngine(installation, log.logger, new AbortController().signal);
  const worker = await engine.work(async () => undefined);
  const run = async (request: SyncRequest): Promise<SyncResult[]> => {
    const results: SyncResult[] = [];
    await sync(installation, engine, request, QUIET, async ({ id }) => {
      results.push(await syncResult(db, id));
    });
    return results;
  };
  return {
    installation,
    engine,
    rehearsal,
    log,
    play: (clock) => run({ sources: null, dryRun: false, clock }),
    revert: async (clock, undone, by) => {
      const decision = { by, reason: '誤送', at: clock };
      const revert = { run: Number(undone), decision };
      const results = await run({ sources: null, dryRun: false, clock, kind: 'revert', revert });
      return results.at(-1) as SyncResult;
    },
    carryOut: async (clock) =>
      (await run({ sources: null, dryRun: false, clock, kind: 'decision' })).at(-1) as SyncResult,
    close: async () => {
      await worker.close();
      await engine.close();
      await rehearsal.close();
      await db.destroy();
      await rm(home, { recursive: true });
    },
  };
}
