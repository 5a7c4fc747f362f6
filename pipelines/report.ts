/**
 * Report: what the run did, summed up and kept with it. What only holds tonight (who is pending, which rows stand in quarantine, how many people
 * there are) is kept too, so that the report of an old run says what was true then.
 */
import { isCity } from '../schemas/guards.ts';
import type { RunPicture } from '../schemas/outputs/report.ts';
import type { RunDetail, RunLine } from '../schemas/outputs/run-list.ts';
import {
  type ChangesByEntity,
  type SyncResult,
  syncResult as syncResultSchema,
} from '../schemas/outputs/sync-result.ts';
import { WrongRequestError } from '../schemas/wrong-request.ts';
import { passedUnseen } from '../warehouse/closings.ts';
import type { Database, Transaction } from '../warehouse/connect.ts';
import { checkRunFence, type RunClaim } from '../warehouse/fence.ts';
import { type Expectation, type ReceivedSource, receivedSources } from '../warehouse/freshness.ts';
import { heldPlans } from '../warehouse/holds/standing-holds.ts';
import { wasOvertaken } from '../warehouse/owed-work.ts';
import { planHash } from '../warehouse/plan-hash.ts';
import { getRun, listSources, type Run, setStage } from '../warehouse/runs.ts';
import { warehouseHash } from '../warehouse/views/hash.ts';
import { institutionRefs } from '../warehouse/views/report-institutions.ts';
import { readPicture } from '../warehouse/views/report-picture.ts';
import {
  countCandidates,
  countOpenExceptions,
  countPlan,
  keepWithRun,
  listRunsWithCounts,
  previousHash,
  snapshotsOfRun,
} from '../warehouse/views/report-runs.ts';
import { revertConflicts } from '../warehouse/views/revert-conflicts.ts';
import { appliedRunBefore } from '../warehouse/views/snapshot-run.ts';
import type { AppliedCounts } from './apply.ts';
import { readingMoment } from './as-of.ts';
import { compliance } from './compliance.ts';
import type { PipelineContext } from './context.ts';
import { expectationsOf } from './find-late.ts';
import { sayGuard } from './holds.ts';
import type { SourceSpec } from './land.ts';
import { nextCutOff } from './next-cut-off.ts';
import { institutionOf } from './report/institution-of.ts';
import { sourceLedger } from './report/source-ledger.ts';

/** What is kept in `ops.run.summary`: apply's counts, and what the report stage adds. */
export interface KeptSummary extends Partial<AppliedCounts> {
  warehouseHash?: string;
  picture?: RunPicture;
}

/**
 * The report stage. Done twice it says the same twice. Owed by a run that another has overtaken it is let go: its picture of the night is gone.
 * @param specs the configured sources: what was expected of each, and what a deadline asks of schools
 * @param next the stage that follows; `report` while something of this one is owed
 * @throws FencedError
 */
export async function summarise(
  ctx: PipelineContext,
  claim: RunClaim,
  specs: ReadonlyMap<string, SourceSpec> = new Map(),
  next: 'report' | 'snapshot' = 'snapshot',
): Promise<void> {
  if (await wasOvertaken(ctx.db, claim.runId)) {
    ctx.log.warn({ run: claim.runId }, 'a later run was applied: the report of this one is made of what holds now');
    await setStage(ctx.db, claim, next);
    return;
  }
  const hash = (await unchangedHash(ctx.db, claim.runId)) ?? (await warehouseHash(ctx.db, ctx.keyring));
  await ctx.db.transaction(async (trx) => {
    await checkRunFence(trx, claim);
    const { clock } = await getRun(trx, claim.runId);
    const expectations = expectationsOf(specs);
    const kept: KeptSummary = {
      warehouseHash: hash,
      picture: {
        ...(await readPicture(trx, clock.slice(0, 10))),
        freshness: freshnessOf(expectations, await receivedSources(trx, expectations, clock)),
        compliance: await compliance(trx, specs, ctx.campaigns, clock),
        nextCutOff: nextCutOff(ctx.campaigns, clock),
        neverClosed: await neverClosed(ctx, trx, clock),
      },
    };
    await keepWithRun(trx, claim.runId, kept);
    await setStage(trx, claim, next);
  });
}

/** Per configured source what was expected and what came last; a drop of schools by its most silent part. */
function freshnessOf(
  expectations: readonly Expectation[],
  received: readonly ReceivedSource[],
): NonNullable<RunPicture['freshness']> {
  return expectations.map(({ source, everyDays }) => {
    const parts = received.filter((r) => r.drop === source);
    const moments = parts.flatMap((part) => part.received ?? []).toSorted((a, b) => Date.parse(a) - Date.parse(b));
    return {
      source,
      expectEveryDays: everyDays,
      parts: moments.length,
      lastReceived: moments.at(-1) ?? null,
      longestSilent: moments[0] ?? null,
      late: parts.filter((part) => part.late).length,
      schools: parts
        .filter((part) => part.source !== source)
        .toSorted((a, b) => b.days - a.days)
        .map(({ source: school, received: lastReceived, days, late }) => ({
          source: school,
          lastReceived,
          days,
          late,
        })),
    };
  });
}

/** A run that wrote no version leaves the state, and so its hash, as the last applied run left it (I11). */
async function unchangedHash(db: Database, runId: number): Promise<string | null> {
  const run = await getRun(db, runId);
  const { changes } = keptSummary(run);
  const wrote = Object.values(changes ?? {}).some((c) => c.added + c.changed + c.ended > 0);
  return changes && !wrote ? previousHash(db, runId) : null;
}

/** The newest cut-off that passed before this installation's first run: nothing was known then, so nothing is frozen, and that is said. */
async function neverClosed(
  { campaigns, log }: PipelineContext,
  trx: Transaction,
  clock: string,
): Promise<RunPicture['nextCutOff']> {
  const passed = campaigns.filter((c) => Date.parse(c.cutOff) <= Date.parse(clock));
  const last = passed.toSorted((a, b) => Date.parse(b.cutOff) - Date.parse(a.cutOff))[0];
  if (last === undefined || !(await passedUnseen(trx, last.id, last.cutOff))) return null;
  log.warn(
    { campaign: last.id, cutOff: last.cutOff },
    'the cut-off passed before the first run: no closing run, no snapshots',
  );
  return { campaign: last.id, name: last.name, cutOff: last.cutOff };
}

export const keptSummary = (run: Run): KeptSummary => (run.summary ?? {}) as KeptSummary;

const ENTITIES = {
  institution: 'institutions',
  person: 'persons',
  assignment: 'assignments',
  account: 'accounts',
} as const;
const ACTIONS = { add: 'added', change: 'changed', end: 'ended' } as const;

async function plannedChanges(db: Database, runId: number): Promise<ChangesByEntity> {
  const none = () => ({ added: 0, changed: 0, ended: 0 });
  const changes = { institutions: none(), persons: none(), assignments: none(), accounts: none() };
  for (const { entity, action, n } of await countPlan(db, runId)) changes[ENTITIES[entity]][ACTIONS[action]] = n;
  return changes;
}

/** What a run kept out of its plan and somebody must decide. */
async function heldLines(db: Database, runId: number): Promise<RunDetail['held']> {
  const plans = (await heldPlans(db, runId)).filter((plan) => plan.state === 'held');
  const keys = plans.map((plan) => plan.hold_key).filter((key) => !isCity(key));
  const refs = keys.length > 0 ? await institutionRefs(db, keys, 'infinity') : new Map();
  return plans.map((plan) => ({
    institution: isCity(plan.hold_key) ? 'city' : (refs.get(plan.hold_key)?.code ?? plan.hold_key),
    reason: plan.reasons.map((r) => sayGuard(r).en).join(' '),
    planHash: `sha256:${plan.plan_hash}`,
  }));
}

/** What a run undid, and what it could not. */
async function revertOf(db: Database, run: Run): Promise<RunDetail['revert']> {
  const conflicts = await revertConflicts(db, run.id);
  if (run.reverts === null && conflicts.length === 0) return null;
  const keys = [...new Set(conflicts.flatMap(({ institution_key: key }) => key ?? []))];
  const refs = await institutionRefs(db, keys, 'infinity');
  return {
    run: run.reverts === null ? null : String(run.reverts),
    by: run.asked_by,
    reason: run.asked_why,
    conflicts: conflicts.map(
      ({ institution_key: key, person, account, field, changed_run_id, manual_value, judgement_id }) => ({
        institution: key === null ? null : institutionOf(refs, key),
        person,
        account,
        field,
        run: String(changed_run_id),
        decided:
          manual_value !== null
            ? { what: 'value', number: manual_value }
            : judgement_id !== null
              ? { what: 'judgement', number: judgement_id }
              : null,
      }),
    ),
  };
}

/** One run with its ledger, whether it ended or goes on. @throws Error when there is no such run */
export async function runDetail(db: Database, runId: number): Promise<RunDetail> {
  const run = await getRun(db, runId);
  const kept = keptSummary(run);
  const applied = run.recorded_at !== null || run.dry_run;
  return {
    run: String(run.id),
    kind: run.kind,
    status: run.status,
    stage: run.stage,
    clock: run.clock,
    dryRun: run.dry_run,
    startedAt: run.started_at,
    finishedAt: run.finished_at,
    sources: sourceLedger(await listSources(db, runId)),
    changes: kept.changes ?? (await plannedChanges(db, applied ? runId : 0)),
    exceptions: kept.exceptions ?? { opened: 0, closed: 0, open: await countOpenExceptions(db, runId) },
    held: await heldLines(db, runId),
    revert: await revertOf(db, run),
    reviewWaiting: kept.crosswalk?.waiting ?? (await countCandidates(db)),
    snapshots: (await snapshotsOfRun(db, runId)).map((s) => s.id),
    warehouseHash: kept.warehouseHash ?? null,
    planHash: run.dry_run && run.status === 'complete' ? await planHash(db, runId) : null,
    error: run.error,
  };
}

/** Runs, newest first. */
export async function runLines(db: Database, limit: number): Promise<RunLine[]> {
  return (await listRunsWithCounts(db, limit)).map((run) => ({
    run: String(run.id),
    kind: run.kind,
    status: run.status,
    stage: run.stage,
    clock: run.clock,
    dryRun: run.dry_run,
    startedAt: run.started_at,
    finishedAt: run.finished_at,
    sources: run.sources,
    changes: run.changes,
    error: run.error,
  }));
}

/** What `mingce sync --json` answers. A source never heard because the run failed before it counts as failed (I5). @throws Error while the run goes on */
export async function syncResult(db: Database, runId: number): Promise<SyncResult> {
  const { stage, ...detail } = await runDetail(db, runId);
  if (detail.status === 'running') throw new Error(`run ${runId} goes on (stage ${stage}); it has no result yet`);
  const ended = <Line extends { status: string }>(line: Line): Line =>
    line.status === 'waiting' ? { ...line, status: 'failed' } : line;
  const sources = detail.sources.map((s) => ({ ...ended(s), ...(s.parts ? { parts: s.parts.map(ended) } : {}) }));
  return syncResultSchema.parse({ ...detail, sources });
}

/**
 * The newest run that was recorded before a moment.
 * @param now the machine's moment, ISO
 * @throws WrongRequestError for a moment that has not come, and where there was no run
 */
export async function runBefore(db: Database, asOf: string, now: string): Promise<number> {
  const run = await appliedRunBefore(db, await readingMoment(db, asOf, now));
  if (run === null)
    throw new WrongRequestError(`--as-of ${asOf}: no run was recorded before; "mingce runs" lists them`);
  return run;
}
