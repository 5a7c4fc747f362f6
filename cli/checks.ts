/** The checks of `mingce doctor`: each says what it found and, when wrong, what was expected. */
import { statfs } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { databaseHealth } from '../warehouse/health.ts';
import { opensCheck, readKeyCheck } from '../warehouse/key-check.ts';
import type { Engine } from './engine.ts';
import type { Installation } from './installation.ts';
import { reachRedis } from './reach-redis.ts';

export interface Check {
  name: string;
  ok: boolean;
  detail: string;
}
type Probe = (installation: Installation, engine: Engine) => Promise<Omit<Check, 'name'>>;

/** BullMQ's PostgreSQL backend takes lock times from the worker's clock. */
const MAX_OFFSET_MS = 2_000;
const MIN_POSTGRES = 15;
const MIN_NODE = 24;
const MIN_FREE_BYTES = 1024 ** 3;
const gib = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

const PROBES: Readonly<Record<string, Probe>> = {
  node: async () => {
    const major = Number(process.versions.node.split('.')[0]);
    return { ok: major >= MIN_NODE, detail: `${process.versions.node} (expected ${MIN_NODE} or newer)` };
  },
  database: async ({ db, embedded }) => {
    const { version, sizeBytes } = await databaseHealth(db);
    const ok = Number.parseInt(version, 10) >= MIN_POSTGRES;
    return {
      ok,
      detail: `PostgreSQL ${version}${embedded ? ', embedded' : ''}, ${gib(sizeBytes)} (expected ${MIN_POSTGRES} or newer)`,
    };
  },
  clock: async ({ db }) => {
    const { clockOffsetMs } = await databaseHealth(db);
    return {
      ok: Math.abs(clockOffsetMs) <= MAX_OFFSET_MS,
      detail: `${clockOffsetMs} ms from the database (at most ${MAX_OFFSET_MS})`,
    };
  },
  queue: async ({ redisUrl }, engine) => {
    if (redisUrl === null) return { ok: true, detail: `on PostgreSQL: ${JSON.stringify(await engine.queue.counts())}` };
    await reachRedis(redisUrl);
    const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1, lazyConnect: true });
    try {
      await redis.connect();
      const info = await redis.info('memory');
      const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1] ?? 'unknown';
      return {
        ok: policy === 'noeviction',
        detail: `Redis, maxmemory-policy ${policy} (expected noeviction: others lose jobs)`,
      };
    } finally {
      redis.disconnect();
    }
  },
  keys: async ({ db, keyring }) => {
    const check = await readKeyCheck(db);
    if (check === null)
      return { ok: true, detail: 'nothing was sealed yet: the first "mingce sync" binds key and database' };
    const ok = opensCheck(keyring, check);
    return {
      ok,
      detail: ok ? 'the key file is the one of this database' : 'the key file is not the one of this database',
    };
  },
  disk: async ({ home }) => {
    const { bavail, bsize } = await statfs(home);
    return {
      ok: bavail * bsize >= MIN_FREE_BYTES,
      detail: `${gib(bavail * bsize)} free in the data folder (expected 1 GiB or more)`,
    };
  },
  sources: async ({ config }, engine) => {
    const { specs } = await engine.sourcesFor({ clock: new Date().toISOString() });
    return { ok: specs.size === config.sources.length, detail: `${[...specs.keys()].join(', ')} configured` };
  },
};

export async function runChecks(installation: Installation, engine: Engine): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [name, probe] of Object.entries(PROBES)) {
    try {
      checks.push({ name, ...(await probe(installation, engine)) });
    } catch (error) {
      checks.push({ name, ok: false, detail: (error as Error).message });
    }
  }
  return checks;
}
