/**
 * Night after night of a part of the sample city: what differs between two snapshots is told whole, every difference with its reason and the run that brought it, and the delta makes
 * the newer of the older one, byte for byte.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PipelineContext } from '../../pipelines/context.ts';
import { deltaLines, deltaOf } from '../../pipelines/snapshot/difference/delta.ts';
import { diffSnapshots } from '../../pipelines/snapshot/difference/diff-snapshots.ts';
import { storedSnapshot } from '../../pipelines/snapshot/list-snapshots.ts';
import { createSnapshot } from '../../pipelines/snapshot.ts';
import { readDelta } from '../../samples/planning-consumer/delta.ts';
import { openRoster, type Signed } from '../../samples/planning-consumer/roster.ts';
import type { Manifest } from '../../samples/planning-consumer/verify.ts';
import { PLAN_KINDS, type PlanKind } from '../../schemas/campaign.ts';
import { readSnapshotFile } from '../../warehouse/snapshots.ts';
import { openSeries, type Series } from './support/series-of-nights.ts';

const NIGHTS = 8;
let series: Series;
let ctx: PipelineContext;
let dir: string;
const taken: Record<PlanKind, string[]> = { 'teacher-plan': [], 'school-plan': [] };

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'mingce-differences-'));
  series = await openSeries(NIGHTS);
  const { db, keyring, campaigns, config } = series.city.installation;
  const { guards } = config;
  const signal = new AbortController().signal;
  ctx = { db, keyring, campaigns, guards, log: series.city.log.logger, signal, progress: () => undefined };
  for (let index = 0; index < NIGHTS; index += 1) {
    const { result } = await series.play(index);
    const { recorded_at: asOf } = await db('ops.run').where({ id: result.run }).first('recorded_at');
    for (const kind of PLAN_KINDS) {
      const { snapshot } = await createSnapshot(ctx, { campaignId: '113', kind, asOf, correction: null });
      taken[kind].push(snapshot.id);
    }
  }
}, 300_000);
afterAll(async () => {
  await series?.close();
  await rm(dir, { recursive: true });
});

async function fileOf(id: string, name: string): Promise<string> {
  const file = path.join(dir, name);
  const pieces: Uint8Array[] = [];
  for await (const piece of readSnapshotFile(ctx.db, ctx.keyring, id, name)) pieces.push(piece);
  await writeFile(file, Buffer.concat(pieces));
  return file;
}
async function signedOf(id: string): Promise<Signed & { path: string }> {
  const manifest = (await storedSnapshot(ctx, id)).manifest as unknown as Manifest;
  const source = manifest.resources.find(({ format }) => format === 'jsonl');
  if (!source) throw new Error(`${id} has no JSON Lines`);
  return { manifest, fields: source.schema?.fields ?? [], rows: source.rows, hash: source.hash, path: source.path };
}

it.each(
  PLAN_KINDS,
)('%s: night by night by deltas the copy is what was signed, and over all nights in one', async (kind) => {
  const ids = taken[kind];
  const [first, last] = [ids[0] as string, ids.at(-1) as string];
  const step = async (roster: ReturnType<typeof openRoster>, from: string, to: string) => {
    const delta = path.join(dir, 'delta.jsonl');
    await writeFile(delta, [...deltaLines(deltaOf(await diffSnapshots(ctx, from, to)))].join(''));
    const [older, newer] = [await signedOf(from), await signedOf(to)];
    const operations = readDelta(delta, older.manifest.mingce.fingerprint, newer.manifest.mingce.fingerprint);
    expect((await roster.apply(newer, operations)).id).toBe(to);
  };
  const begin = async () => {
    const roster = openRoster(':memory:');
    const signed = await signedOf(first);
    await roster.replace(signed, await fileOf(first, signed.path));
    return roster;
  };
  const nightly = await begin();
  for (const [i, to] of ids.slice(1).entries()) await step(nightly, ids[i] as string, to);
  const once = await begin();
  await step(once, first, last);
  expect(nightly.standing()).toEqual(once.standing());
  for (const roster of [nightly, once]) roster.close();
});

it.each(PLAN_KINDS)('%s: every difference has a reason, and the run that brought it', async (kind) => {
  let rows = 0;
  for (const [i, to] of taken[kind].slice(1).entries()) {
    const difference = await diffSnapshots(ctx, taken[kind][i] as string, to);
    const { from } = difference;
    rows += difference.rows.length;
    for (const row of difference.rows) {
      expect(row.why, JSON.stringify(row)).not.toContain('unknown');
      expect(row.why.length, JSON.stringify(row)).toBeGreaterThan(0);
      expect(row.evidence.length, JSON.stringify(row)).toBeGreaterThan(0);
      for (const { recordedAt, cause } of row.evidence) {
        // What was known before comes into force on its day.
        if (cause !== 'change') expect(Date.parse(recordedAt)).toBeGreaterThan(Date.parse(from.recordedThrough));
        expect(Date.parse(recordedAt)).toBeLessThanOrEqual(Date.parse(difference.to.recordedThrough));
      }
    }
  }
  expect(rows).toBeGreaterThan(20);
});
