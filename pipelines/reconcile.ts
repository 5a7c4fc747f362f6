/**
 * Reconcile: what differs goes through the pure rules, institution by institution and person by person, into one plan. Nothing of the
 * warehouse changes here: a plan can be read, compared and refused. Whoever it would contradict itself about is left out of it and told; what it would
 * change too much of is held.
 */
import { cityKey } from '../schemas/guards.ts';
import type { Finding, PlanChange, StaffRow } from '../schemas/plan.ts';
import { setContradictionsAside } from '../warehouse/apply/set-aside.ts';
import type { Transaction } from '../warehouse/connect.ts';
import { checkRunFence, type RunClaim } from '../warehouse/fence.ts';
import { forgetHeld, type HoldBack, holdBack } from '../warehouse/holds/hold-back.ts';
import { measurePlan } from '../warehouse/holds/measure.ts';
import { retainedSets } from '../warehouse/holds/retained.ts';
import { createInstitutionLookup, type SystemsBySource } from '../warehouse/matching/institutions.ts';
import {
  lastAppliedRun,
  touchedAccounts,
  touchedInstitutions,
  touchedStaff,
  writeChanges,
  writeFindings,
} from '../warehouse/plans.ts';
import { keepInhabited, planReverts } from '../warehouse/reverts/plan-revert.ts';
import { getRun, setStage } from '../warehouse/runs.ts';
import type { PipelineContext } from './context.ts';
import { reconcileAccount } from './reconcile/account.ts';
import { heldSets, inSeason } from './reconcile/guards.ts';
import { reconcileInstitution } from './reconcile/institution.ts';
import { reconcilePerson } from './reconcile/person.ts';

const BLOCK = 5000;

/** Collects proposals and writes them in blocks, through a connection of its own while another reads. */
class PlanWriter {
  private changes: PlanChange[] = [];
  private findings: Finding[] = [];
  private seq = 1;
  private readonly trx: Transaction;
  private readonly runId: number;

  constructor(trx: Transaction, runId: number) {
    this.trx = trx;
    this.runId = runId;
  }

  async add(changes: readonly PlanChange[], findings: readonly Finding[]): Promise<void> {
    this.changes.push(...changes);
    this.findings.push(...findings);
    if (this.changes.length >= BLOCK || this.findings.length >= BLOCK) await this.flush();
  }

  async flush(): Promise<void> {
    await writeChanges(this.trx, this.runId, this.seq, this.changes);
    await writeFindings(this.trx, this.runId, this.findings);
    this.seq += this.changes.length;
    this.changes = [];
    this.findings = [];
  }

  get written(): number {
    return this.seq - 1;
  }
}

/** Rows come ordered by person; yields all rows of one person at a time. */
async function* byPerson(blocks: AsyncIterable<StaffRow[]>): AsyncGenerator<StaffRow[]> {
  let rows: StaffRow[] = [];
  for await (const block of blocks) {
    for (const row of block) {
      if (rows.length > 0 && rows[0]?.person_ref !== row.person_ref) {
        yield rows;
        rows = [];
      }
      rows.push(row);
    }
  }
  if (rows.length > 0) yield rows;
}

const ofSystem = (systems: SystemsBySource, system: string): string[] =>
  Object.keys(systems).filter((source) => systems[source] === system);

/** What a night would change too much stays out of its plan until a second person decides (I6). */
async function guard(ctx: PipelineContext, trx: Transaction, runId: number): Promise<HoldBack> {
  const { clock } = await getRun(trx, runId);
  const day = clock.slice(0, 10);
  const lastApplied = await lastAppliedRun(trx);
  const season = inSeason(day, ctx.guards);
  const { measures, city } = await measurePlan(trx, runId, { day, season, lastApplied, limits: ctx.guards });
  const retained = await retainedSets(trx, runId);
  const standing = new Set(retained.flatMap(({ institutions }) => institutions));
  const others = measures.filter(({ institutionKey }) => !standing.has(institutionKey));
  return holdBack(trx, runId, [...retained, ...heldSets(others, city, ctx.guards, cityKey(runId))]);
}

/** @param systems how each institution source writes its codes */
export async function reconcile(ctx: PipelineContext, claim: RunClaim, systems: SystemsBySource): Promise<void> {
  const care = ofSystem(systems, 'care');
  await ctx.db.transaction(async (out) => {
    await checkRunFence(out, claim);
    await out('ops.plan_change').where({ run_id: claim.runId }).delete();
    await forgetHeld(out, claim.runId);
    const plan = new PlanWriter(out, claim.runId);
    await ctx.db.transaction(async (from) => {
      const lastApplied = await lastAppliedRun(from);
      await createInstitutionLookup(from, systems);
      for await (const block of touchedInstitutions(from, lastApplied)) {
        for (const row of block) {
          const change = reconcileInstitution(row);
          if (change) await plan.add([change], []);
        }
      }
      for await (const rows of byPerson(touchedStaff(from, claim.runId, lastApplied, care))) {
        const { changes, findings } = reconcilePerson(rows);
        await plan.add(changes, findings);
        ctx.progress('changes planned', plan.written, null);
      }
      for await (const block of touchedAccounts(from, lastApplied, care)) {
        for (const row of block) {
          const { change, finding } = reconcileAccount(row);
          await plan.add(change ? [change] : [], finding ? [finding] : []);
        }
      }
    });
    await plan.flush();
    const undone = await planReverts(out, claim.runId);
    await out.raw('ANALYZE ops.plan_change');
    const setAside = await setContradictionsAside(out, claim.runId);
    const { changes: heldBack, ...holds } = await guard(ctx, out, claim.runId);
    const kept = await keepInhabited(out, claim.runId);
    await setStage(out, claim, 'apply');
    const changes = plan.written + undone - setAside - heldBack - kept;
    ctx.log.info({ run: claim.runId, changes, setAside, heldBack, ...holds }, 'plan made');
  });
}
