/**
 * One night, from beginning to end. Read this file to see the whole flow:
 *
 *   begin → hear every source (fetch, land; one job per feed or block of school files, in parallel) → match → reconcile → apply → report → snapshot → done
 *
 * `ops.run.stage` says how far a run is; each stage moves it in the transaction that does its work, so that a run killed anywhere goes on from
 * there, and a stage done twice is done once. Every write is fenced by the claim.
 */
import type { ConnectorContext, Part } from '../connectors/contract.ts';
import { SourceError } from '../schemas/source-error.ts';
import { INSTALLATION } from '../schemas/users.ts';
import { FencedError, type RunClaim } from '../warehouse/fence.ts';
import { holdsAnything } from '../warehouse/holds/standing-holds.ts';
import { landedSources } from '../warehouse/landing/deliveries.ts';
import type { SystemsBySource } from '../warehouse/matching/institutions.ts';
import {
  addSources,
  claimSources,
  failSource,
  failUnheardSources,
  finishRun,
  getRun,
  listSources,
  type PlannedSource,
  type Run,
  type Stage,
  setStage,
  waitingJobs,
} from '../warehouse/runs.ts';
import { apply } from './apply.ts';
import { recordCampaign } from './campaigns/record-campaign.ts';
import type { PipelineContext } from './context.ts';
import { forgetHistory } from './forget-history.ts';
import { forgetRaw } from './forget-raw.ts';
import { hears } from './heard-by.ts';
import { hearsUntil } from './hears-until.ts';
import { type ClaimedPart, type LandingOutcome, landParts, type SourceSpec } from './land.ts';
import { sightsFor } from './landing/sights.ts';
import { match } from './match.ts';
import { ReceiptsOwedError } from './receipt/receipts-owed-error.ts';
import { giveReceipts } from './receipts.ts';
import { reconcile } from './reconcile.ts';
import { summarise } from './report.ts';
import { takeDueSnapshots } from './snapshot.ts';

/** The configured sources as they stand at the run's moment, by drop name, and how institution codes read. */
export interface Sources {
  specs: ReadonlyMap<string, SourceSpec>;
  systems: SystemsBySource;
}

/** Connectors know no state of ours: they are told the run's moment and nothing else. */
const readingContext = (ctx: PipelineContext, run: Run, now = run.clock): ConnectorContext => ({
  log: ctx.log,
  signal: ctx.signal,
  now,
});

/** School files are many and small: a job hears a block of them, and a block lands in one transaction. */
const FILES_PER_JOB = 40;

/** A feed is a job of its own; the parts of a drop share jobs in blocks. */
function planJobs(parts: readonly Part[]): PlannedSource[] {
  const places = new Map<string, number>();
  return parts.map((part) => {
    if (part.source === part.drop) return { ...part, job: part.drop };
    const place = places.get(part.drop) ?? 0;
    places.set(part.drop, place + 1);
    return { ...part, job: `${part.drop}-${Math.floor(place / FILES_PER_JOB) + 1}` };
  });
}

/** A replay hears what is kept of every source that ever landed something, and asks nobody for more. */
async function keptParts(ctx: PipelineContext, run: Run, sources: Sources): Promise<Part[]> {
  const landed = await landedSources(ctx.db, run.only_sources);
  const parts = landed.map((source): Part => ({ source, drop: source.split('/')[0] as string, files: [] }));
  return parts.filter(({ drop }) => sources.specs.has(drop));
}

/** What the run is made by: a campaign whose file changed is a version from now on. */
async function recordCampaigns({ db, campaigns }: PipelineContext, run: Run): Promise<void> {
  const at = run.simulated ? run.clock : new Date().toISOString();
  await db.transaction(async (trx) => {
    for (const campaign of campaigns) await recordCampaign(trx, campaign, { at, by: INSTALLATION, run: run.id });
  });
}

/** Sets down which sources the run will hear. A drop that cannot be looked into is a failed source, not a failed run. @returns the jobs that hear them */
export async function beginRun(ctx: PipelineContext, run: Run, sources: Sources): Promise<string[]> {
  const known = await listSources(ctx.db, run.id);
  if (known.length > 0) return waitingJobs(ctx.db, run.id);
  await recordCampaigns(ctx, run);
  const schoolsUntil = await hearsUntil(ctx, run);
  const parts: Part[] = run.kind === 'replay' ? await keptParts(ctx, run, sources) : [];
  const broken: { drop: string; error: SourceError }[] = [];
  for (const [drop, spec] of sources.specs) {
    if (!hears(run, drop, spec)) continue;
    try {
      const now = spec.path === 'school' ? schoolsUntil : run.clock;
      const sights = sightsFor(ctx, { at: run.clock, until: now, past: run.kind === 'closing' });
      const { progress } = ctx;
      parts.push(...(await spec.connector.discover({ ...readingContext(ctx, run, now), progress, sights })));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      broken.push({ drop, error });
    }
  }
  await ctx.db.transaction(async (trx) => {
    const failed = broken.map(({ drop }) => ({ source: drop, drop, job: drop, files: [] }));
    await addSources(trx, ctx.keyring, run.id, [...planJobs(parts), ...failed]);
    for (const { drop, error } of broken) {
      const claim = { runId: run.id, source: drop, epoch: 0 };
      await failSource(trx, claim, { code: error.code, params: error.params });
    }
  });
  return waitingJobs(ctx.db, run.id);
}

/**
 * Hears the sources of one job: fetch and land. What a source does wrong is recorded as its failure; its previous picture stands (I5).
 * @throws SourceError when one could succeed on another try, and this is not the last
 */
export async function hearSources(
  ctx: PipelineContext,
  runId: number,
  job: string,
  worker: string,
  sources: Sources,
  lastTry: boolean,
): Promise<void> {
  const claims = await claimSources(ctx.db, ctx.keyring, runId, job, worker);
  const [first] = claims;
  if (!first) return;
  const spec = sources.specs.get(first.drop);
  if (!spec) throw new Error(`source ${first.drop} of run ${runId} is not in the configuration any more`);
  const run = await getRun(ctx.db, runId);
  const claimed = claims.map((claim) => ({
    claim,
    part: { source: claim.source, drop: claim.drop, files: claim.files, stamps: claim.stamps },
    replay: run.kind === 'replay',
  }));
  const reading = readingContext(ctx, run);
  // What broke a whole block breaks only its own file when each is heard by itself.
  const outcome = lastTry
    ? await landEach(ctx, claimed, spec, reading)
    : await landParts(ctx, claimed, spec, reading, false);
  for (const { source, error } of outcome.failed) {
    ctx.log.warn({ run: runId, source, code: error.code, ...error.params }, 'source failed');
  }
  ctx.log.info({ run: runId, job, landed: outcome.landed.length, failed: outcome.failed.length }, 'sources heard');
  const again = outcome.failed.find(({ error }) => error.retryable);
  if (again && !lastTry) throw again.error;
}

/** Hears the parts of a job one by one, each in a transaction of its own: one that crashes is recorded as failed, and the others are taken in. */
async function landEach(
  ctx: PipelineContext,
  claimed: readonly ClaimedPart[],
  spec: SourceSpec,
  reading: ConnectorContext,
): Promise<LandingOutcome> {
  const whole: LandingOutcome = { landed: [], failed: [] };
  for (const one of claimed) {
    const { source } = one.part;
    try {
      const { landed, failed } = await landParts(ctx, [one], spec, reading, true);
      whole.landed.push(...landed);
      whole.failed.push(...failed);
    } catch (error) {
      if (error instanceof FencedError || ctx.signal.aborted) throw error;
      ctx.log.error({ run: one.claim.runId, source, err: error }, 'source crashed');
      const crash = new SourceError('source-crashed', { source }, { cause: error });
      await failSource(ctx.db, one.claim, { code: crash.code, params: crash.params });
      whole.failed.push({ source, error: crash });
    }
  }
  return whole;
}

/** What each stage does; it moves the run to the next one itself. */
type StageWork = (ctx: PipelineContext, claim: RunClaim, sources: Sources) => Promise<void>;

const STAGE_WORK: Readonly<Record<Exclude<Stage, 'done'>, StageWork>> = {
  collect: async (ctx, claim) => {
    await failUnheardSources(ctx.db, claim);
    await setStage(ctx.db, claim, 'match');
  },
  match,
  reconcile: (ctx, claim, sources) => reconcile(ctx, claim, sources.systems),
  apply: async (ctx, claim, sources) => {
    const run = await getRun(ctx.db, claim.runId);
    if (run.dry_run) await setStage(ctx.db, claim, 'report');
    else await apply(ctx, claim, sources.systems, sources.specs);
  },
  report: async (ctx, claim, sources) => {
    const owed = await giveReceipts(ctx, claim, sources.specs);
    await summarise(ctx, claim, sources.specs, owed.length === 0 ? 'snapshot' : 'report');
    if (owed.length > 0) throw new ReceiptsOwedError(owed);
  },
  snapshot: async (ctx, claim) => {
    const run = await getRun(ctx.db, claim.runId);
    if (!run.dry_run) {
      await takeDueSnapshots(ctx, claim);
      await forgetRaw(ctx, claim);
      await forgetHistory(ctx, claim);
    }
    await finishRun(ctx.db, claim, { status: (await holdsAnything(ctx.db, claim.runId)) ? 'held' : 'complete' });
  },
};

/** After every source was heard: steps through the stages that remain. @throws FencedError when another worker took the run over */
export async function stepRun(ctx: PipelineContext, claim: RunClaim, sources: Sources): Promise<void> {
  for (;;) {
    const run = await getRun(ctx.db, claim.runId);
    if (run.status !== 'running' || run.stage === 'done') return;
    ctx.signal.throwIfAborted();
    ctx.progress(run.stage, 0, null);
    const started = performance.now();
    await STAGE_WORK[run.stage](ctx, claim, sources);
    ctx.log.info({ run: claim.runId, stage: run.stage, ms: Math.round(performance.now() - started) }, 'stage done');
  }
}
