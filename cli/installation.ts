/**
 * An installation, opened: configuration, database, keys, queue target, rehearsal. Only process roots do this; everything else is handed
 * what it needs. Close it at the end, in whatever way the command ended.
 */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import { refuseCampaignChanges } from '../pipelines/campaigns/record-campaign.ts';
import { openRehearsal, type Rehearsal } from '../samples/rehearsal.ts';
import type { Campaign } from '../schemas/campaign.ts';
import type { Config } from '../schemas/config.ts';
import { connect, type Database } from '../warehouse/connect.ts';
import { openEmbedded } from '../warehouse/embedded/open-embedded.ts';
import type { InstallationKeyring } from '../warehouse/keyring.ts';
import { migrate } from '../warehouse/migrate.ts';
import { reachDatabase } from '../warehouse/reach-database.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { missingSecrets } from './named-secrets.ts';
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
  keyring: InstallationKeyring;
  rehearsal: Rehearsal | null;
  /** Value of an environment variable that the configuration names. @throws UsageError when it is not set, which `openInstallation` asked before */
  secret(name: string): string;
  close(): Promise<void>;
}

export interface OpenOptions {
  log: Logger;
  signal: AbortSignal;
  /** The command may be the first to seal something: it makes the key in the embedded mode, and binds the database to it. */
  firstUse: boolean;
}

/** One folder below one that is there: a mistyped path is told, not built. @throws UsageError */
export function makeHome(home: string): void {
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

interface Configured {
  config: Config;
  configDir: string;
}

/** A rehearsal's stand-in brings its own. @returns a line for each secret that is missing */
export const secretsOf = ({ secret }: Environment, { config, configDir }: Configured): Promise<string[]> =>
  missingSecrets({ config, configDir, secret: config.rehearsal ? () => '' : secret });

/** Before anything begins. @throws UsageError with a line for each */
async function refuseMissingSecrets(
  environment: Environment,
  configured: Configured & { file: string },
): Promise<void> {
  const { file } = configured;
  const lines = await secretsOf(environment, configured);
  if (lines.length > 0) throw new UsageError(lines.map((line) => `${file}: ${line}`).join('\n'));
}

function refuseUnset(name: string): never {
  throw new UsageError(`environment variable ${name} is not set; expected the secret in it`);
}

export interface OpenedDatabase {
  db: Database;
  url: string;
  embedded: boolean;
  close(): Promise<void>;
}

/** The database that answers, ours or the operator's. @throws EmbeddedPostgresError, ExpectedError */
export async function openDatabase(
  { databaseUrl }: Environment,
  home: string,
  options: Pick<OpenOptions, 'log' | 'signal'>,
): Promise<OpenedDatabase> {
  const embedded = databaseUrl === null ? await openEmbedded({ home, ...options }) : null;
  if (databaseUrl !== null) await reachDatabase(databaseUrl);
  const url = embedded?.url ?? (databaseUrl as string);
  const db = connect(url);
  const close = async (): Promise<void> => {
    await db.destroy();
    await embedded?.close();
  };
  return { db, url, embedded: embedded !== null, close };
}

/** @throws UsageError for wrong configuration, CampaignError, EmbeddedPostgresError, KeyFileError, ExpectedError where a server cannot be reached */
export async function openInstallation(options: OpenOptions): Promise<Installation> {
  const environment = readEnvironment(process.env);
  const { config, configDir, file } = readConfig(environment.configPath);
  const campaigns = readCampaigns(config, configDir);
  if (options.firstUse) await refuseMissingSecrets(environment, { config, configDir, file });
  const home = path.resolve(environment.home);
  separateInboxes(config.sources, home);
  makeHome(home);
  const { db, url: databaseUrl, embedded, close: closeDatabase } = await openDatabase(environment, home, options);
  const closers: (() => Promise<unknown>)[] = [closeDatabase];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    if (options.firstUse && environment.redisUrl !== null) await reachRedis(environment.redisUrl);
    const keyFile = path.resolve(environment.keyFile ?? path.join(home, 'mingce.key'));
    const { firstUse } = options;
    const keyring = await openKeys(db, { file: keyFile, embedded, firstUse });
    await migrate(databaseUrl);
    if (firstUse) await bindKeys(db, keyring, keyFile);
    if (firstUse) await refuseCampaignChanges(db, campaigns);
    const rehearsal = config.rehearsal ? openRehearsal({ ...config.rehearsal, home }) : null;
    if (rehearsal) closers.push(() => rehearsal.close());
    return {
      home,
      config,
      configDir,
      campaigns,
      databaseUrl,
      redisUrl: environment.redisUrl,
      embedded,
      db,
      keyring,
      rehearsal,
      secret: (name) => environment.secret(name) ?? rehearsal?.secret ?? refuseUnset(name),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
