/**
 * One measurement of the care feed in a process of its own. Answers one JSON line: `{ seconds, peakMiB }`.
 * Usage: node bench/measure-care.ts WHAT SERVER_URL DATABASE_URL PAGE_SIZE
 */
import { randomBytes } from 'node:crypto';
import axios from 'axios';
import pino from 'pino';
import { openParserPool } from '../connectors/tables/sandbox/parser-pool.ts';
import { makeSources } from '../jobs/sources.ts';
import type { PipelineContext } from '../pipelines/context.ts';
import { landParts, type SourceSpec } from '../pipelines/land.ts';
import { sourceConfig } from '../schemas/config.ts';
import { DEFAULT_GUARDS } from '../schemas/guards.ts';
import { connect, type Database } from '../warehouse/connect.ts';
import { makeKeyring } from '../warehouse/keyring.ts';
import { addSources, claimRun, claimSources, createRun, failRun } from '../warehouse/runs.ts';

const CLOCK = '2024-07-30T02:00:00+08:00';

interface Setting {
  url: string;
  pageSize: number;
  db: Database;
  ctx: PipelineContext;
  spec: SourceSpec;
}
interface Page {
  items: unknown[];
  nextCursor: string | null;
}

/** Yardstick: the same pages one after the other, parsed, nothing kept. */
async function bare({ url, pageSize }: Setting): Promise<void> {
  const client = axios.create({ baseURL: url, proxy: false, responseType: 'arraybuffer' });
  for (const list of ['institutions', 'staff']) {
    let cursor: string | null = null;
    do {
      const params: Record<string, string | number> = { limit: pageSize, ...(cursor !== null && { cursor }) };
      const { data } = await client.get<Buffer>(`/v1/${list}`, { params });
      const page = JSON.parse(data.toString('utf8')) as Page;
      if (page.items.length === 0) throw new Error('nothing served');
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
}

/** The whole walk, proven; its bodies are taken and let go. */
async function walk({ spec, ctx }: Setting): Promise<void> {
  const reading = { log: ctx.log, signal: ctx.signal, now: CLOCK };
  const [part] = await spec.connector.discover(reading);
  if (!part) throw new Error('no part');
  for await (const delivery of spec.connector.fetch(part, reading)) {
    for await (const object of delivery.objects)
      if (typeof object.body === 'function') throw new Error('nothing is held');
    delivery.asOf();
  }
}

/** From the first request to landed rows: kept, read back, normalised, sealed, merged. */
async function land({ db, ctx, spec }: Setting): Promise<void> {
  const asked = {
    kind: 'manual' as const,
    clock: CLOCK,
    simulated: true,
    dryRun: false,
    onlySources: null,
    slot: null,
  };
  const run = await createRun(db, asked);
  if (!run) throw new Error('no run');
  const reading = { log: ctx.log, signal: ctx.signal, now: CLOCK };
  const parts = await spec.connector.discover(reading);
  await addSources(
    db,
    ctx.keyring,
    run.id,
    parts.map((part) => ({ ...part, job: 'care' })),
  );
  const claims = await claimSources(db, ctx.keyring, run.id, 'care', 'bench');
  const claimed = claims.map((claim) => ({ claim, part: { ...claim, drop: claim.drop } }));
  const outcome = await landParts(ctx, claimed, spec, reading, true);
  if (outcome.failed.length > 0) throw outcome.failed[0]?.error;
  const claim = await claimRun(db, run.id, 'bench');
  if (claim) await failRun(db, claim, { code: 'bench', message: 'measured, not finished' });
}

const MEASURES: Readonly<Record<string, (setting: Setting) => Promise<void>>> = { bare, walk, land };

async function main([what = '', url = '', databaseUrl = '', pageSize = '']: string[]): Promise<void> {
  const measure = MEASURES[what];
  if (!measure) throw new Error(`no such measurement: ${what}`);
  const db = connect(databaseUrl);
  const log = pino({ level: 'silent' });
  const signal = new AbortController().signal;
  const keyring = makeKeyring(randomBytes(32));
  const ctx: PipelineContext = {
    db,
    keyring,
    log,
    signal,
    campaigns: [],
    guards: DEFAULT_GUARDS,
    progress: () => undefined,
  };
  const config = sourceConfig.parse({
    type: 'care-system',
    name: 'care',
    url,
    clientId: 'bench',
    clientSecretEnv: 'BENCH',
    pageSize: Number(pageSize),
  });
  const parsers = openParserPool();
  const { specs } = makeSources([config], {
    home: '.',
    configDir: '.',
    secrets: () => 'bench',
    machineClock: null,
    parsers,
  });
  const spec = specs.get('care') as SourceSpec;
  const began = performance.now();
  await measure({ url, pageSize: Number(pageSize), db, ctx, spec });
  const seconds = (performance.now() - began) / 1000;
  await db.destroy();
  await parsers.close();
  process.stdout.write(`${JSON.stringify({ seconds, peakMiB: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`);
}

await main(process.argv.slice(2));
