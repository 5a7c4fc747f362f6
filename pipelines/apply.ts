/**
 * Apply: the plan becomes versions, in one transaction under the run's fence: all of it or nothing (I3). Its recorded moment is taken after
 * the serialising lock, so "as recorded before T" is a consistent cut. A plan that would contradict itself is refused.
 */
import {
  addAccounts,
  addAssignments,
  addInstitutions,
  addPeople,
  adoptInstitutions,
  openRecordedMoment,
} from '../warehouse/apply/identities.ts';
import { joinPeople, noteHomesOfIdentifiers, noteHomesOfSpells } from '../warehouse/apply/join-people.ts';
import { refuseOverlaps } from '../warehouse/apply/refuse-overlaps.ts';
import { analyzeWarehouse, countChanges, VERSIONED, writeVersions } from '../warehouse/apply/versions.ts';
import { findInWholeState, settleExceptions } from '../warehouse/exceptions.ts';
import { checkRunFence, type RunClaim } from '../warehouse/fence.ts';
import { settleHolds } from '../warehouse/holds/settle-holds.ts';
import { joinListedKindergartens, type SystemsBySource } from '../warehouse/matching/institutions.ts';
import { findPossibleDoubles } from '../warehouse/matching/possible-doubles.ts';
import { lastAppliedRun } from '../warehouse/plans.ts';
import { recountMissing } from '../warehouse/recount-missing.ts';
import { restoreVersions } from '../warehouse/reverts/restore.ts';
import { settleRevertedWords } from '../warehouse/reverts/reverted-words.ts';
import { getRun, setStage } from '../warehouse/runs.ts';
import { writeFindings } from '../warehouse/write-plan.ts';
import { accountQuestions } from './accounts/account-questions.ts';
import type { PipelineContext } from './context.ts';
import { findDueSnapshots } from './find-due-snapshots.ts';
import { findIncidents } from './find-incidents.ts';
import { findLate } from './find-late.ts';
import { hears } from './heard-by.ts';
import type { SourceSpec } from './land.ts';

export interface AppliedCounts {
  changes: Record<
    'institutions' | 'persons' | 'assignments' | 'accounts',
    { added: number; changed: number; ended: number }
  >;
  exceptions: { opened: number; closed: number; open: number };
  crosswalk: { joined: number; waiting: number };
}

const PLURAL = {
  institution: 'institutions',
  person: 'persons',
  assignment: 'assignments',
  account: 'accounts',
} as const;

/** @param specs the configured sources: by them it is known who is late, and whom this run did not hear */
export async function apply(
  ctx: PipelineContext,
  claim: RunClaim,
  systems: SystemsBySource,
  specs: ReadonlyMap<string, SourceSpec> = new Map(),
): Promise<void> {
  await ctx.db.transaction(async (trx) => {
    await checkRunFence(trx, claim);
    const run = await getRun(trx, claim.runId);
    const recordedAt = await openRecordedMoment(trx, () => (run.simulated ? run.clock : new Date().toISOString()));
    const lastApplied = await lastAppliedRun(trx);
    await joinPeople(trx, claim.runId, recordedAt);
    await addInstitutions(trx, claim.runId);
    await adoptInstitutions(trx, claim.runId);
    await addPeople(trx, claim.runId);
    await noteHomesOfIdentifiers(trx, claim.runId);
    await addAssignments(trx, claim.runId);
    await noteHomesOfSpells(trx, claim.runId);
    await addAccounts(trx, claim.runId);
    const applied: AppliedCounts = {
      changes: {} as AppliedCounts['changes'],
      exceptions: { opened: 0, closed: 0, open: 0 },
      crosswalk: { joined: 0, waiting: 0 },
    };
    for (const spec of VERSIONED) {
      await writeVersions(trx, spec, claim.runId, recordedAt);
      ctx.progress('kinds applied', VERSIONED.indexOf(spec) + 1, VERSIONED.length);
    }
    await restoreVersions(trx, claim.runId, recordedAt);
    await settleRevertedWords(trx, claim.runId);
    for (const [entity, counts] of Object.entries(await countChanges(trx, claim.runId)))
      applied.changes[PLURAL[entity as keyof typeof PLURAL]] = counts;
    await analyzeWarehouse(trx, applied.changes);
    await refuseOverlaps(trx, claim.runId);
    await recountMissing(trx, claim.runId);
    applied.crosswalk = await joinListedKindergartens(trx, systems, claim.runId);
    const unheard = [...specs].flatMap(([drop, spec]) => (hears(run, drop, spec) ? [] : [drop]));
    const { expireDays } = ctx.guards;
    await settleHolds(trx, claim.runId, { recordedAt, lastApplied, clock: run.clock, expireDays });
    await findInWholeState(trx, claim.runId, unheard, accountQuestions(ctx, run.clock));
    await findPossibleDoubles(trx, claim.runId);
    await writeFindings(trx, claim.runId, await findLate(trx, specs, ctx.campaigns, run.clock));
    await writeFindings(trx, claim.runId, await findIncidents(trx, specs, ctx, run.clock));
    await writeFindings(trx, claim.runId, await findDueSnapshots(trx, ctx, run.clock));
    applied.exceptions = await settleExceptions(trx, claim.runId, recordedAt);
    await trx('ops.run')
      .where({ id: claim.runId })
      .update({ recorded_at: recordedAt, summary: JSON.stringify(applied) });
    await setStage(trx, claim, 'report');
    ctx.log.info({ run: claim.runId, ...applied.changes }, 'plan applied');
  });
}
