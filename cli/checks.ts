/**
 * The checks of `mingce doctor`, in the order in which they stand on each other: each says what it found and what was expected. Steps of
 * `openInstallation` one by one, so that a broken one is named and the others are looked at all the same.
 */
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { openParserPool } from '../connectors/tables/sandbox/parser-pool.ts';
import { openQueue } from '../jobs/queue.ts';
import { makeSources } from '../jobs/sources.ts';
import type { Config } from '../schemas/config.ts';
import type { CheckName } from '../schemas/outputs/doctor.ts';
import type { Database } from '../warehouse/connect.ts';
import { databaseHealth } from '../warehouse/health.ts';
import { readKeyCheck } from '../warehouse/key-check.ts';
import { migrate } from '../warehouse/migrate.ts';
import type { Environment } from './environment.ts';
import { makeHome, openDatabase, secretsOf } from './installation.ts';
import { openKeys } from './open-keys.ts';
import { reachRedis } from './reach-redis.ts';
import { readCampaigns, readConfig } from './read-config.ts';
import type { Finding, Probe } from './run-checks.ts';

/** What the checks found on their way, for those that come after. */
export interface Found {
  /** @throws UsageError */
  readEnvironment(): Environment;
  log(): Logger;
  signal: AbortSignal;
  /** Closed by whoever asked for the checks, last first. */
  closers: (() => Promise<unknown>)[];
  environment?: Environment;
  configured?: { config: Config; configDir: string };
  home?: string;
  database?: { db: Database; url: string; embedded: boolean };
}

/** BullMQ's PostgreSQL backend takes lock times from the worker's clock. */
const MAX_OFFSET_MS = 2_000;
const MIN_POSTGRES = 15;
const MIN_NODE = 24;
const MIN_FREE_BYTES = 1024 ** 3;
const gib = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

/** Set by the check that a probe needs: `needs` saw to it. */
const the = <T>(value: T | undefined): T => value as T;
const on =
  (...names: CheckName[]) =>
  () =>
    names;

export const PROBES: readonly Probe<Found>[] = [
  {
    name: 'node',
    needs: on(),
    todo: 'start it through npm or npx, which bring Node 24, or install that',
    look: () => {
      const major = Number(process.versions.node.split('.')[0]);
      return { ok: major >= MIN_NODE, detail: `${process.versions.node} (expected ${MIN_NODE} or newer)` };
    },
  },
  {
    name: 'environment',
    needs: on(),
    todo: 'correct or set the variable that is named (docs/configuration.md, "Environment")',
    look: (found) => {
      found.environment = found.readEnvironment();
      const { databaseUrl, redisUrl } = found.environment;
      const queue = redisUrl === null ? 'the queue in it' : 'the queue on Redis';
      return { ok: true, detail: `${databaseUrl === null ? 'embedded database' : 'database of your own'}, ${queue}` };
    },
  },
  {
    name: 'configuration',
    needs: on('environment'),
    todo: 'correct what is named in the file; docs/configuration.md has every key',
    look: (found) => {
      const { config, configDir, file } = readConfig(the(found.environment).configPath);
      const campaigns = readCampaigns(config, configDir);
      found.configured = { config, configDir };
      return { ok: true, detail: `${file}: sources ${config.sources.length}, campaigns ${campaigns.length}` };
    },
  },
  {
    name: 'secrets',
    needs: on('configuration'),
    todo: 'set the variables and put the key files where the service runs, not only in this shell',
    look: async (found) => {
      const lines = await secretsOf(the(found.environment), the(found.configured));
      return { ok: lines.length === 0, detail: lines.join('\n') || 'all that the configuration names are there' };
    },
  },
  {
    name: 'home',
    needs: on('environment'),
    todo: 'let MINGCE_HOME name a folder that this user can write, or give the user the rights',
    look: (found) => {
      const home = path.resolve(the(found.environment).home);
      makeHome(home);
      found.home = home;
      return { ok: true, detail: home };
    },
  },
  {
    name: 'disk',
    needs: on('home'),
    todo: 'make room on that disk, or move the data folder (MINGCE_HOME)',
    look: async ({ home }) => {
      const { bavail, bsize } = await statfs(the(home));
      const detail = `${gib(bavail * bsize)} free in the data folder (expected 1 GiB or more)`;
      return { ok: bavail * bsize >= MIN_FREE_BYTES, detail };
    },
  },
  {
    name: 'database',
    needs: on('home'),
    todo: 'do what the message says; of the embedded server postgres/server.log in the data folder tells more',
    look: async (found) => {
      const options = { log: found.log(), signal: found.signal };
      const opened = await openDatabase(the(found.environment), the(found.home), options);
      found.closers.push(opened.close);
      const { version, sizeBytes } = await databaseHealth(opened.db);
      const ok = Number.parseInt(version, 10) >= MIN_POSTGRES;
      if (ok) found.database = opened;
      const name = `PostgreSQL ${version}${opened.embedded ? ', embedded' : ''}, ${gib(sizeBytes)}`;
      return { ok, detail: `${name} (expected ${MIN_POSTGRES} or newer)` };
    },
  },
  {
    name: 'clock',
    needs: on('database'),
    todo: 'let both machines keep their clocks by NTP',
    look: async ({ database }) => {
      const { clockOffsetMs } = await databaseHealth(the(database).db);
      const detail = `${clockOffsetMs} ms from the database (at most ${MAX_OFFSET_MS})`;
      return { ok: Math.abs(clockOffsetMs) <= MAX_OFFSET_MS, detail };
    },
  },
  {
    name: 'keys',
    needs: on('database'),
    todo: 'put the key file of this database back from your copy: another one, or a new one, opens nothing in it',
    look: async (found) => {
      const { db, embedded } = the(found.database);
      const file = path.resolve(the(found.environment).keyFile ?? path.join(the(found.home), 'mingce.key'));
      await openKeys(db, { file, embedded, firstUse: false });
      const bound = (await readKeyCheck(db)) !== null;
      const nothing = 'nothing was sealed yet: the first "mingce sync" binds key and database';
      return { ok: true, detail: bound ? 'the key file is the one of this database' : nothing };
    },
  },
  {
    name: 'schema',
    needs: on('database', 'keys'),
    todo: 'give the user of DATABASE_URL the right to make schemas and tables, then "mingce migrate"',
    look: async ({ database }) => {
      const applied = await migrate(the(database).url);
      return { ok: true, detail: applied.length === 0 ? 'up to date' : `brought up to date: ${applied.join(', ')}` };
    },
  },
  {
    name: 'queue',
    needs: ({ environment }) => (environment?.redisUrl ? ['environment'] : ['schema']),
    todo: 'on Redis: do what the message says, and set maxmemory-policy noeviction',
    look: async (found) => {
      const { redisUrl } = the(found.environment);
      if (redisUrl !== null) return redisPolicy(redisUrl);
      const queue = openQueue({ databaseUrl: the(found.database).url, redisUrl }, () => undefined);
      found.closers.push(() => queue.close());
      return { ok: true, detail: `on PostgreSQL: ${JSON.stringify(await queue.counts())}` };
    },
  },
  {
    name: 'sources',
    needs: on('configuration', 'secrets', 'home'),
    todo: 'correct the source that is named in the configuration',
    look: async (found) => {
      const { config, configDir } = the(found.configured);
      const parsers = openParserPool();
      found.closers.push(() => parsers.close());
      const { specs } = makeSources(config.sources, {
        home: the(found.home),
        configDir,
        // A rehearsal's stand-in brings its own; nobody is asked anything here.
        secrets: (name) => the(found.environment).secret(name) ?? '',
        machineClock: config.simulation ? null : Date.now,
        parsers,
      });
      return { ok: specs.size === config.sources.length, detail: `${[...specs.keys()].join(', ')} configured` };
    },
  },
];

async function redisPolicy(url: string): Promise<Finding> {
  await reachRedis(url);
  const redis = new Redis(url, { maxRetriesPerRequest: 1, lazyConnect: true });
  try {
    await redis.connect();
    const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1] ?? 'unknown';
    const detail = `Redis, maxmemory-policy ${policy} (expected noeviction: others lose jobs)`;
    return { ok: policy === 'noeviction', detail };
  } finally {
    redis.disconnect();
  }
}
