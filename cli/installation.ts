/**
 * An installation, opened: configuration, database, keys, queue target, rehearsal. Only process roots do this; everything else is handed
 * what it needs. Close it at the end, in whatever way the command ended.
 */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import { openRehearsal, type Rehearsal } from '../samples/rehearsal.ts';
import type { Campaign } from '../schemas/campaign.ts';
import type { Config } from '../schemas/config.ts';
import { connect, type Database } from '../warehouse/connect.ts';
import { openEmbedded } from '../warehouse/embedded/open-embedded.ts';
import type { Keyring } from '../warehouse/keyring.ts';
import { migrate } from '../warehouse/migrate.ts';
import { reachDatabase } from '../warehouse/reach-database.ts';
import { readEnvironment } from './environment.ts';
import { bindKeys, openKeys } from './open-keys.ts';
import { reachRedis } from './reach-redis.ts';
import { readCampaigns, readConfig } from './read-config.ts';
import { separateInboxes } from './separate-inboxes.ts';
import { UsageError } from './usage-error.ts';

export interface Installation {
  home: string;
  config: Config;
  /** Folder of the configuration file: relative paths of sources and campaigns start there. */
  configDir: string;
  campaigns: readonly Campaign[];
  databaseUrl: string;
  redisUrl: string | null;
  embedded: boolean;
  db: Database;
  keyring: Keyring;
  rehearsal: Rehearsal | null;
  /** Value of an environment variable that the configuration names. @throws UsageError when it is not set */
  secret(name: string, asked: string): string;
  close(): Promise<void>;
}

export interface OpenOptions {
  log: Logger;
  signal: AbortSignal;
  /** The command may be the first to seal something: it makes the key in the embedded mode, and binds the database to it. */
  firstUse: boolean;
}

/** One folder below one that is there: a mistyped path is told, not built. @throws UsageError */
function makeHome(home: string): void {
  try {
    mkdirSync(home);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(home).isDirectory()) return;
    throw new UsageError(
      `MINGCE_HOME: cannot make the data folder ${home} (${code}); expected a folder, or a name below a folder that can be written`,
      {
        cause: error,
      },
    );
  }
}

/** @throws UsageError for wrong configuration, EmbeddedPostgresError, KeyFileError, ExpectedError where a server cannot be reached */
export async function openInstallation(options: OpenOptions): Promise<Installation> {
  const environment = readEnvironment(process.env);
  const { config, configDir } = readConfig(environment.configPath);
  const campaigns = readCampaigns(config, configDir);
  const home = path.resolve(environment.home);
  separateInboxes(config.sources, home);
  makeHome(home);
  const embedded = environment.databaseUrl === null ? await openEmbedded({ home, ...options }) : null;
  const databaseUrl = embedded?.url ?? (environment.databaseUrl as string);
  const closers: (() => Promise<unknown>)[] = embedded ? [() => embedded.close()] : [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    if (embedded === null) await reachDatabase(databaseUrl);
    if (options.firstUse && environment.redisUrl !== null) await reachRedis(environment.redisUrl);
    const db = connect(databaseUrl);
    closers.push(() => db.destroy());
    const keyFile = path.resolve(environment.keyFile ?? path.join(home, 'mingce.key'));
    const { firstUse } = options;
    const keyring = await openKeys(db, { file: keyFile, embedded: embedded !== null, firstUse });
    await migrate(databaseUrl);
    if (firstUse) await bindKeys(db, keyring, keyFile);
    const rehearsal = config.rehearsal ? openRehearsal({ ...config.rehearsal, home }) : null;
    if (rehearsal) closers.push(() => rehearsal.close());
    return {
      home,
      config,
      configDir,
      campaigns,
      databaseUrl,
      redisUrl: environment.redisUrl,
      embedded: embedded !== null,
      db,
      keyring,
      rehearsal,
      secret: (name, asked) => environment.secret(name, asked, rehearsal?.secret),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
