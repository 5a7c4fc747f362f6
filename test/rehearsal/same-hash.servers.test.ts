/**
 * Two installations with other keys, other time zones, another PostgreSQL and another queue agree on what the city's roster is (`mingce hash`).
 * The commands are run as a person would, each in its own process.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allIdentifiers } from '../../samples/truth/all-identifiers.ts';
import { openChronicle } from '../../samples/world/chronicle.ts';

const CLI = path.resolve('cli/main.ts');
const folders: string[] = [];

async function makeHome(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mingce-same-'));
  // Under root the account of PostgreSQL has to pass; otherwise the cluster would lie under /var/lib and stay there.
  await chmod(folder, 0o711);
  folders.push(folder);
  return path.join(folder, 'home');
}

async function mingce(env: Record<string, string>, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [CLI, ...args], { env: { ...process.env, LOG_LEVEL: 'debug', ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece) => {
    stdout += piece;
  });
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  const status = await new Promise((resolve) => child.once('close', resolve));
  expect(status, stderr.slice(-4000)).toBe(0);
  return { stdout, stderr };
}

async function rehearsedHash(env: Record<string, string>): Promise<{ hash: string; output: string }> {
  const { stdout, stderr } = await mingce(env, 'sync');
  const hash = (await mingce(env, 'hash')).stdout.trim();
  return { hash, output: stdout + stderr };
}

const server = process.env.MINGCE_TEST_POSTGRES15_URL ?? '';
const redisUrl = process.env.MINGCE_TEST_REDIS_URL ?? '';
const database = `mingce_same_${randomBytes(4).toString('hex')}`;

async function admin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

let here: { hash: string; output: string };

beforeAll(async () => {
  expect(server, 'MINGCE_TEST_POSTGRES15_URL names a PostgreSQL 15').not.toBe('');
  expect(redisUrl, 'MINGCE_TEST_REDIS_URL names a Redis').not.toBe('');
  await admin(`CREATE DATABASE ${database}`);
  here = await rehearsedHash({ MINGCE_HOME: await makeHome(), TZ: 'UTC' });
}, 600_000);

afterAll(async () => {
  await admin(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

describe('the same city, elsewhere', () => {
  it('has the same hash under TZ=America/New_York as under TZ=UTC', async () => {
    const there = await rehearsedHash({ MINGCE_HOME: await makeHome(), TZ: 'America/New_York' });
    expect(there.hash).toBe(here.hash);
  });

  it('has the same hash on a PostgreSQL 15 and a Redis of its own, and Redis, logs and output hold no national id', async () => {
    const home = await makeHome();
    const keyFile = path.join(path.dirname(home), 'key');
    await writeFile(keyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
    const url = new URL(server);
    url.pathname = `/${database}`;
    const env = { MINGCE_HOME: home, DATABASE_URL: url.href, REDIS_URL: redisUrl, MINGCE_KEY_FILE: keyFile };
    const there = await rehearsedHash(env);
    expect(there.hash).toBe(here.hash);
    const redis = new Redis(redisUrl);
    let held = here.output + there.output;
    const keys = await redis.keys('bull:mingce:*');
    expect(keys.length).toBeGreaterThan(3);
    for (const key of keys) {
      const type = await redis.type(key);
      if (type === 'hash') held += JSON.stringify(await redis.hgetall(key));
      else if (type === 'stream') held += JSON.stringify(await redis.xrange(key, '-', '+'));
      else if (type === 'string') held += await redis.get(key);
    }
    await redis.quit();
    const ids = allIdentifiers(openChronicle(113));
    const found = (held.match(/[A-Za-z][A-Da-d\d]\d{8}/g) ?? []).filter((word) => ids.has(word.toUpperCase()));
    expect(found).toEqual([]);
  });
});
