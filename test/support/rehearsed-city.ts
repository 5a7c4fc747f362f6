/** The sample city, rehearsed in the test's own process on a database of the test's own: the same engine as `mingce sync`. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Engine, openEngine } from '../../cli/engine.ts';
import type { Installation } from '../../cli/installation.ts';
import { readCampaigns, readConfig } from '../../cli/read-config.ts';
import { sync } from '../../cli/sync.ts';
import { syncResult } from '../../pipelines/report.ts';
import { openRehearsal, type Rehearsal } from '../../samples/rehearsal.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
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
  close(): Promise<void>;
}

const QUIET = { hearing: () => undefined, stage: () => undefined, done: () => undefined };

export async function openRehearsedCity(databaseUrl: string, redisUrl: string | null = null): Promise<RehearsedCity> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'mingce-city-'));
  const { config, configDir } = readConfig(path.resolve('samples/mingce.yaml'));
  const db = connect(databaseUrl);
  const { seed, clocks } = config.rehearsal ?? { seed: 0, clocks: [] };
  const rehearsal = openRehearsal({ seed, clocks, home });
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
  return {
    installation,
    engine,
    rehearsal,
    log,
    play: async (clock) => {
      const results: SyncResult[] = [];
      const request = { sources: null, dryRun: false, clock };
      await sync(installation, engine, request, QUIET, async (run) => {
        results.push(await syncResult(db, run.id));
      });
      return results;
    },
    close: async () => {
      await worker.close();
      await engine.close();
      await rehearsal.close();
      await db.destroy();
      await rm(home, { recursive: true });
    },
  };
}
