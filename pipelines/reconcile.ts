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
import { absenceJudgements, unitJudgements } from '../warehouse/judgements.ts';
import { manualValuesFor } from '../warehouse/manual-values.ts';
import { createInstitutionLookup, type SystemsBySource } from '../warehouse/matching/institutions.ts';
import {
  lastAppliedRun,
  touchedAccounts,
  touchedInstitutions,
  touchedStaff,
  writeChanges,
  writeFindings,
} from '../warehouse/plans.ts';
import { getRun, setStage } from '../warehouse/runs.ts';
import type { PipelineContext } from './context.ts';
import { reconcileAccount, superfluousOfAccount } from './reconcile/account.ts';
import { heldSets, inSeason } from './reconcile/guards.ts';
import { reconcileInstitution, superfluousOfInstitution } from './reconcile/institution.ts';
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
      const ofInstitutions = await manualValuesFor(from, claim.runId, 'institution');
      for await (const block of touchedInstitutions(from, claim.runId, lastApplied)) {
        for (const row of block) {
          const manual = ofInstitutions.get(row.institution_id ?? 0) ?? [];
          const change = reconcileInstitution(row, manual);
          const finding = superfluousOfInstitution(row, manual);
          await plan.add(change ? [change] : [], finding ? [finding] : []);
        }
      }
      const ofPeople = await manualValuesFor(from, claim.runId, 'person');
      const units = await unitJudgements(from, claim.runId);
      const absences = await absenceJudgements(from, claim.runId);
      for await (const rows of byPerson(touchedStaff(from, claim.runId, care))) {
        const person = rows[0]?.person_id ?? 0;
        const { changes, findings } = reconcilePerson(
          rows,
          ofPeople.get(person),
          units.get(person),
          absences.get(person),
        );
        await plan.add(changes, findings);
        ctx.progress('changes planned', plan.written, null);
      }
      const ofAccounts = await manualValuesFor(from, claim.runId, 'account');
      for await (const block of touchedAccounts(from, claim.runId, lastApplied, care)) {
        for (const row of block) {
          const manual = ofAccounts.get(row.account_id ?? 0) ?? [];
          const { change, finding } = reconcileAccount(row, manual);
          const findings = [finding, superfluousOfAccount(row, manual)].filter((f) => f !== null);
          await plan.add(change ? [change] : [], findings);
        }
      }
    });
    await plan.flush();
    await out.raw('ANALYZE ops.plan_change');
    const setAside = await setContradictionsAside(out, claim.runId);
    const { changes: heldBack, ...holds } = await guard(ctx, out, claim.runId);
    await setStage(out, claim, 'apply');
    const changes = plan.written - setAside - heldBack;
    ctx.log.info({ run: claim.runId, changes, setAside, heldBack, ...holds }, 'plan made');
  });
}
