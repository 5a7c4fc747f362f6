/**
 * Fetch and land one source of a run: keep its raw objects, read them back, normalise, stage, merge, and balance the books. All rows and
 * the ledger come in one transaction under the source's fence: absent or complete. A source that fails lands nothing (I5).
 */
import { createHash } from 'node:crypto';
import type { Connector, ConnectorContext, Part, ReadNotes } from '../connectors/contract.ts';
import type { RecordKind } from '../schemas/records.ts';
import { SourceError } from '../schemas/source-error.ts';
import type { Transaction } from '../warehouse/connect.ts';
import { checkSourceFence, type SourceClaim } from '../warehouse/fence.ts';
import {
  addDelivery,
  countsOfKnownDelivery,
  replaceWarnings,
  setDeliveryCounts,
} from '../warehouse/landing/deliveries.ts';
import { countMissing, type MergeCounts, mergeStage } from '../warehouse/landing/merge.ts';
import { type ObjectMeta, readObject, storeObject } from '../warehouse/landing/objects.ts';
import { clearStage, createStage } from '../warehouse/landing/stage.ts';
import { finishSource, type SourceLedger } from '../warehouse/runs.ts';
import type { PipelineContext } from './context.ts';
import { makeStageWriter } from './landing/stage-writer.ts';
import { makeNormaliser } from './normalise/normalise-row.ts';

/** A configured source: its connector and what its rows are. */
export interface SourceSpec {
  connector: Connector;
  path: 'school' | 'kindergarten' | 'list';
  /** Kinds of record it speaks for; a complete picture makes others of these kinds missing. Institutions come first (R14). */
  kinds: readonly RecordKind[];
}

interface KeptDelivery {
  objects: ObjectMeta[];
  complete: boolean;
  asOf: string;
}

const PROGRESS_ROWS = 5000;
const NO_COUNTS: MergeCounts = { accepted: 0, unchanged: 0, quarantined: 0, excluded: 0, duplicate: 0 };

/** A file of a school speaks for that school only; a feed for whatever it lists. */
const partCode = (source: string): string | null => source.split('/')[1] ?? null;

async function keepDeliveries(
  ctx: PipelineContext,
  runId: number,
  part: Part,
  spec: SourceSpec,
  reading: ConnectorContext,
): Promise<KeptDelivery[]> {
  const kept: KeptDelivery[] = [];
  for await (const delivery of spec.connector.fetch(part, reading)) {
    const objects: ObjectMeta[] = [];
    for await (const object of delivery.objects) {
      objects.push(
        await storeObject(ctx.db, ctx.keyring, { source: part.source, runId, receivedAt: reading.now, ...object }),
      );
    }
    kept.push({ objects, complete: delivery.complete, asOf: delivery.asOf() });
  }
  return kept;
}

async function stageDelivery(
  ctx: PipelineContext,
  trx: Transaction,
  part: Part,
  spec: SourceSpec,
  reading: ConnectorContext,
  delivery: KeptDelivery,
  notes: ReadNotes,
): Promise<{ rows: number; warnings: ReadonlyMap<string, number> }> {
  const writer = makeStageWriter(trx, ctx.keyring);
  const normalise = makeNormaliser({
    source: part.source,
    drop: part.drop,
    path: spec.path,
    partCode: partCode(part.source),
    asOf: delivery.asOf,
    registeredFallback: delivery.asOf,
  });
  const objects = delivery.objects.map((o) => ({
    name: o.name,
    mediaType: o.mediaType,
    bytes: o.bytes,
    body: () => readObject(ctx.db, ctx.keyring, o.id),
  }));
  const ids = delivery.objects.map((o) => o.id);
  let told = 0;
  const stored = { objects, complete: delivery.complete, asOf: delivery.asOf, source: part.source };
  for await (const batch of spec.connector.read(stored, reading, notes)) {
    ctx.signal.throwIfAborted();
    await writer.write(batch.map(normalise), ids);
    if (writer.rows - told >= PROGRESS_ROWS) {
      told = writer.rows;
      ctx.progress(`rows of ${part.source}`, told, null);
    }
  }
  await writer.end();
  return { rows: writer.rows, warnings: writer.warnings };
}

async function landDelivery(
  ctx: PipelineContext,
  trx: Transaction,
  runId: number,
  part: Part,
  spec: SourceSpec,
  reading: ConnectorContext,
  delivery: KeptDelivery,
): Promise<{ rows: number; counts: MergeCounts; notes: ReadNotes }> {
  const digest = createHash('sha256')
    .update(Buffer.concat(delivery.objects.map((o) => o.sha256)))
    .digest();
  const known = await countsOfKnownDelivery(trx, part.source, digest);
  if (known) return { ...known, notes: { sameBytesAsBefore: true } };
  const notes: ReadNotes = {};
  await clearStage(trx);
  const staged = await stageDelivery(ctx, trx, part, spec, reading, delivery, notes);
  await addDelivery(trx, { runId, source: part.source, digest, rows: staged.rows, notes, ...delivery });
  const counts = await mergeStage(trx, spec.kinds, { source: part.source, runId, complete: delivery.complete });
  await setDeliveryCounts(trx, part.source, digest, counts);
  await replaceWarnings(trx, part.source, runId, staged.warnings);
  return { rows: staged.rows, counts, notes };
}

/** @throws SourceError when nothing of the source could be landed; FencedError when somebody else took it over. */
export async function landSource(
  ctx: PipelineContext,
  claim: SourceClaim,
  part: Part,
  spec: SourceSpec,
  reading: ConnectorContext,
): Promise<SourceLedger> {
  const deliveries = await keepDeliveries(ctx, claim.runId, part, spec, reading);
  if (deliveries.length === 0) throw new SourceError('source-empty', { source: part.source });
  const ledger = await ctx.db.transaction(async (trx) => {
    await checkSourceFence(trx, claim);
    await createStage(trx);
    const sum: SourceLedger = { ...NO_COUNTS, read: 0, missing: 0, asOf: null, notes: {} };
    for (const delivery of deliveries) {
      const landed = await landDelivery(ctx, trx, claim.runId, part, spec, reading, delivery);
      sum.read += landed.rows;
      for (const name of Object.keys(landed.counts) as (keyof MergeCounts)[]) sum[name] += landed.counts[name];
      sum.asOf = delivery.asOf;
      sum.notes = landed.notes;
    }
    sum.missing = await countMissing(trx, part.source);
    await finishSource(trx, claim, sum);
    return sum;
  });
  await spec.connector.settle(part);
  return ledger;
}
