/**
 * Fetch and land some sources of a run together: keep their raw objects, read them back, normalise, stage, merge, and balance the books. All
 * rows and the ledger come in one transaction under each source's fence: absent or complete. A source that fails lands nothing (I5), and the others
 * of the round land without it. Some 300 lines because it is one story, told in the order in which it happens.
 */
import type { ConnectorContext, Part, ReadNotes } from '../connectors/contract.ts';
import type { RawRow } from '../schemas/columns.ts';
import { readCorrectionReference } from '../schemas/correction.ts';
import type { NormalisedRow } from '../schemas/records.ts';
import { type Silence, silenceOf } from '../schemas/silent-columns.ts';
import { SourceError } from '../schemas/source-error.ts';
import type { Transaction } from '../warehouse/connect.ts';
import { checkSourceFences } from '../warehouse/fence.ts';
import { clearMissing } from '../warehouse/landing/clear-missing.ts';
import { countMissing } from '../warehouse/landing/count-missing.ts';
import {
  addDelivery,
  dropDelivery,
  replaceWarnings,
  type SettledDelivery,
  settleDeliveries,
} from '../warehouse/landing/deliveries.ts';
import { dropHeldObjects, takeHeldObjects } from '../warehouse/landing/held-objects.ts';
import type { KeyCutOver } from '../warehouse/landing/key-cut-over.ts';
import {
  type MergeCounts,
  type MergeRound,
  mergeStage,
  OUTCOMES,
  type StagedKind,
} from '../warehouse/landing/merge.ts';
import { countNotJudged } from '../warehouse/landing/not-judged.ts';
import { acceptedShape } from '../warehouse/landing/shapes.ts';
import { clearStage, createStage, unstage } from '../warehouse/landing/stage.ts';
import { failSource, finishSources } from '../warehouse/runs.ts';
import { tryWork } from '../warehouse/savepoint.ts';
import type { PipelineContext } from './context.ts';
import { ContractGate } from './landing/contract-gate.ts';
import { correctedBy } from './landing/corrected-by.ts';
import { holdToContract } from './landing/hold-to-contract.ts';
import {
  emptyLedger,
  type KeptDelivery,
  type KeptPart,
  keepPart,
  settledPart,
  storedDelivery,
} from './landing/keep-part.ts';
import { knownBytes } from './landing/known-bytes.ts';
import { readAgain } from './landing/read-again.ts';
import { readingDigest } from './landing/reading-digest.ts';
import { refuseSameAnswers } from './landing/same-answer.ts';
import { forgetSights } from './landing/sights.ts';
import type { ClaimedPart, SourceSpec } from './landing/source-spec.ts';
import { newStagedSource, type StagedSource, StageWriter } from './landing/stage-writer.ts';
import { makeNormaliser } from './normalise/normalise-row.ts';

export type { ClaimedPart, SourceSpec };

export interface LandingOutcome {
  landed: string[];
  failed: { source: string; error: SourceError }[];
}

/** What the ledger keeps of each delivery, for its receipt. */
export interface DeliveryNotes {
  complete: boolean;
  asOf: string;
  counts: MergeCounts & { read: number };
  notes: ReadNotes;
}

const PROGRESS_ROWS = 5000;

/** A file of a school speaks for that school only; a feed for whatever it lists. */
const partCode = (source: string): string | null => source.split('/')[1] ?? null;

/** Reads one delivery back from the store into the stage. @throws SourceError */
async function stageDelivery(
  ctx: PipelineContext,
  writer: StageWriter,
  { part }: KeptPart,
  spec: SourceSpec,
  reading: ConnectorContext,
  delivery: KeptDelivery,
  notes: ReadNotes,
  staged: StagedSource,
  gate: ContractGate,
): Promise<number[]> {
  const normalise = makeNormaliser({
    source: part.source,
    drop: part.drop,
    path: spec.path,
    partCode: partCode(part.source),
    asOf: delivery.asOf,
    registeredFallback: delivery.asOf,
    ...(spec.courseStates && { courseStates: spec.courseStates }),
  });
  const corrected: number[] = [];
  const normaliseAndNote = (row: RawRow): NormalisedRow => {
    const reference = readCorrectionReference(row.values.correction);
    if (reference !== null) corrected.push(reference);
    return normalise(row);
  };
  const ids = delivery.objects.map((o) => o.id);
  let told = 0;
  for await (const batch of spec.connector.read(storedDelivery(ctx, part.source, delivery), reading, notes)) {
    ctx.signal.throwIfAborted();
    await writer.write(part.source, batch, (row) => normaliseAndNote(gate.pass(row)), ids, staged);
    if (staged.rows - told < PROGRESS_ROWS) continue;
    told = staged.rows;
    ctx.progress(`rows of ${part.source}`, told, null);
  }
  return corrected;
}

interface RoundPart {
  kept: KeptPart;
  delivery: KeptDelivery;
  /** Its number among those that were landed. */
  id: number;
  /** What decided how it was read. */
  readAs: Buffer;
  staged: StagedSource;
  notes: ReadNotes;
  silence: Silence | null;
  /** Numbers of quarantined rows that rows of the delivery say they correct. */
  corrected: number[];
}

function enter(kept: KeptPart, delivery: KeptDelivery, rows: number, counts: MergeCounts, notes: ReadNotes): void {
  kept.ledger.read += rows;
  for (const outcome of OUTCOMES) kept.ledger[outcome] += counts[outcome];
  kept.ledger.asOf = delivery.asOf;
  const { complete, asOf } = delivery;
  const before = (kept.ledger.notes.deliveries ?? []) as DeliveryNotes[];
  const deliveries = [...before, { complete, asOf, counts: { read: rows, ...counts }, notes }];
  const { setAside, superseded } = kept;
  const leftOut = { ...(setAside.length > 0 && { setAside }), ...(superseded.length > 0 && { superseded }) };
  kept.ledger.notes = { ...notes, deliveries, ...leftOut };
}

/** Stages the n-th delivery of every part that has one; those that break are taken out again and marked. */
async function stageRound(
  ctx: PipelineContext,
  trx: Transaction,
  parts: readonly KeptPart[],
  nth: number,
  spec: SourceSpec,
  reading: ConnectorContext,
): Promise<RoundPart[]> {
  const writer = new StageWriter(trx, ctx.keyring);
  try {
    const round: RoundPart[] = [];
    for (const kept of parts) {
      const delivery = kept.deliveries[nth];
      if (!delivery || kept.error) continue;
      await writer.settle();
      const part = await stagePart(ctx, trx, writer, kept, delivery, spec, reading);
      if (part) round.push(part);
    }
    await writer.settle();
    return round;
  } finally {
    await writer.close();
  }
}

/** @returns null when there is nothing to merge: bytes known from before and read the same way, or a delivery that broke */
async function stagePart(
  ctx: PipelineContext,
  trx: Transaction,
  writer: StageWriter,
  kept: KeptPart,
  given: KeptDelivery,
  spec: SourceSpec,
  reading: ConnectorContext,
): Promise<RoundPart | null> {
  const { source } = kept.part;
  const { complete } = given;
  const shape = await acceptedShape(trx, source, complete);
  const known = kept.replay
    ? null
    : await knownBytes(trx, source, given, readingDigest(spec, source, complete, shape), spec.connector.present);
  if (known?.same) {
    const { rows, counts, notes } = known.same;
    enter(kept, given, rows, counts, notes);
    return null;
  }
  const delivery = known ? { ...given, asOf: known.asOf } : given;
  const staged = newStagedSource();
  const notes: ReadNotes = {};
  let id: number | null = delivery.id ?? null;
  try {
    id ??= await addDelivery(trx, { runId: kept.claim.runId, source, ...delivery });
    const gate = new ContractGate(spec.contract, shape);
    const corrected = await stageDelivery(ctx, writer, kept, spec, reading, delivery, notes, staged, gate);
    await writer.settle();
    const { fields = [], ...told } = notes;
    const verdict = gate.finish(fields);
    const { digest } = delivery;
    const replay = kept.replay === true;
    await holdToContract(trx, verdict, { source, runId: kept.claim.runId, complete, digest, replay }, staged);
    // In a list of changes that people typed an empty cell says nothing.
    const silence = silenceOf(source, fields, !complete && spec.connector.sentRows !== undefined);
    const readAs = readingDigest(spec, source, complete, replay ? shape : verdict.accepted);
    return { kept, delivery, id, readAs, staged, notes: told, silence, corrected };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    kept.error = error;
    await writer.settle();
    await unstage(trx, source);
    if (!kept.replay && id !== null) await dropDelivery(trx, id);
    return null;
  }
}

async function mergeRound(
  trx: Transaction,
  runId: number,
  round: readonly RoundPart[],
  spec: SourceSpec,
): Promise<void> {
  if (round.length === 0) return;
  const kinds = spec.kinds.map((kind): StagedKind => {
    const parts = round.flatMap(({ kept, staged }) => {
      const counted = staged.kinds.get(kind);
      return counted ? [{ source: kept.part.source, ...counted }] : [];
    });
    const rows = new Map(parts.map((p) => [p.source, p.rows]));
    return { kind, rows, underReview: sum(parts.map((p) => p.underReview)) };
  });
  const names = (parts: readonly RoundPart[]): string[] => parts.map((p) => p.kept.part.source);
  const merge: MergeRound = {
    runId,
    sources: names(round),
    objects: round.flatMap((p) => p.delivery.objects.map((o) => o.id)),
    complete: names(round.filter((p) => p.delivery.complete)),
    nameless: names(round.filter((p) => p.staged.nameless > 0)),
    kinds,
    silences: round.flatMap(({ silence }) => silence ?? []),
    rejected: sum(round.map((p) => p.staged.rejected)),
    incomplete: sum(round.map((p) => p.staged.incomplete)),
    corrected: await correctedBy(
      trx,
      round.map(({ kept, corrected, notes }) => ({ source: kept.part.source, corrected, notes })),
    ),
  };
  const cutOvers: KeyCutOver[] = [];
  const books = await mergeStage(trx, merge, cutOvers);
  const notJudged = await countNotJudged(trx, merge, round.filter(({ kept }) => kept.replay).map(readAgain));
  const settled: SettledDelivery[] = [];
  for (const { kept, delivery, id, readAs, staged, notes: read } of round) {
    const known = notJudged.get(kept.part.source);
    const keysChanged = cutOvers
      .filter(({ source }) => source === kept.part.source)
      .map((unit) => JSON.stringify(unit));
    const notes: ReadNotes = {
      ...read,
      ...(known !== undefined && { notJudged: known, nameless: staged.nameless }),
      ...(keysChanged.length > 0 && { keysChanged }),
    };
    const counts = books.get(kept.part.source) as MergeCounts;
    enter(kept, delivery, staged.rows, counts, notes);
    const told = kept.setAside.length > 0 ? { ...notes, setAside: kept.setAside } : notes;
    const { complete } = delivery;
    settled.push({ id, complete, rows: staged.rows, counts, notes: told, reading: readAs });
  }
  await settleDeliveries(trx, settled);
  await replaceWarnings(trx, runId, new Map(round.map((p) => [p.kept.part.source, p.staged.warnings])));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** A replayed source broke after some of what is kept of it was read: all goes back to before, and it is left out. */
class ReplayBroken extends Error {}

/** One delivery of every part after the other, the first of each at once. @throws ReplayBroken when its part is marked */
async function landRounds(
  ctx: PipelineContext,
  trx: Transaction,
  runId: number,
  parts: readonly KeptPart[],
  spec: SourceSpec,
  reading: ConnectorContext,
): Promise<void> {
  const whole = parts.filter((p) => p.error === null);
  for (const part of whole) part.ledger = emptyLedger();
  // Who is missing is missing from a complete list: where none is left, as it is configured by now, nobody is.
  const withoutList = whole.filter((p) => p.replay && !p.deliveries.some((d) => d.complete)).map((p) => p.part.source);
  await clearMissing(trx, withoutList, spec.kinds);
  const rounds = Math.max(0, ...whole.map((p) => p.deliveries.length));
  for (let nth = 0; nth < rounds; nth += 1) {
    if (nth > 0) await clearStage(trx);
    const round = await stageRound(ctx, trx, parts, nth, spec, reading);
    if (whole.some((p) => p.replay && p.error !== null)) throw new ReplayBroken();
    await mergeRound(trx, runId, round, spec);
  }
}

/**
 * @param lastTry a source that could succeed on another try is recorded as failed only then; before, it stays waiting
 * @throws FencedError when somebody else took one of the sources over
 */
export async function landParts(
  ctx: PipelineContext,
  claimed: readonly ClaimedPart[],
  spec: SourceSpec,
  reading: ConnectorContext,
  lastTry: boolean,
): Promise<LandingOutcome> {
  const claims = claimed.map(({ claim }) => claim);
  const held = await takeHeldObjects(ctx.db, claims);
  const parts: KeptPart[] = [];
  for (const one of claimed) parts.push(await keepPart(ctx, one, held.get(one.part.source) ?? [], spec, reading));
  if (spec.connector.present) await refuseSameAnswers(ctx.db, parts);
  const runId = claims[0]?.runId as number;
  const sourcesOf = (some: readonly KeptPart[]): string[] => some.map(({ part }) => part.source);
  await ctx.db.transaction(async (trx) => {
    await checkSourceFences(trx, claims);
    await createStage(trx);
    const rounds = (): Promise<void> => landRounds(ctx, trx, runId, parts, spec, reading);
    // Each time a part less takes part.
    while (!(await tryWork(trx, rounds, (error) => error instanceof ReplayBroken)));
    const missing = await countMissing(trx, sourcesOf(parts));
    await finishSources(
      trx,
      parts
        .filter(({ error }) => error === null)
        .map(({ claim, part, ledger }) => ({ claim, ledger: { ...ledger, missing: missing.get(part.source) ?? 0 } })),
    );
    for (const { claim, error } of parts) {
      if (error === null) continue;
      if (lastTry || !error.retryable) await failSource(trx, claim, { code: error.code, params: error.params });
    }
    const ended = parts.filter(({ error }) => error === null || lastTry || !error.retryable);
    await dropHeldObjects(trx, sourcesOf(ended));
  });
  const landed = parts.filter((p) => p.error === null);
  const settled: Part[] = [];
  try {
    for (const kept of landed) {
      if (kept.replay) continue;
      const part = settledPart(kept);
      await spec.connector.settle(part);
      settled.push(part);
    }
  } finally {
    await forgetSights(ctx, settled);
  }
  return {
    landed: landed.map((p) => p.part.source),
    failed: parts.flatMap((p) => (p.error ? [{ source: p.part.source, error: p.error }] : [])),
  };
}
