/**
 * Reconcile: what differs goes through the pure rules, institution by institution and person by person, into one plan. Nothing of the
 * warehouse changes here: a plan can be read, compared and refused. Whoever it would contradict itself about is left out of it and told; what it would
 * change too much of is held.
 */
import { setImmediate } from 'node:timers/promises';
import { cityKey } from '../schemas/guards.ts';
import type { Finding, PlanChange, StaffRow } from '../schemas/plan.ts';
import { setContradictionsAside } from '../warehouse/apply/set-aside.ts';
import type { Transaction } from '../warehouse/connect.ts';
import { checkRunFence, type RunClaim } from '../warehouse/fence.ts';
import { forgetHeld, type HoldBack, holdBack } from '../warehouse/holds/hold-back.ts';
import { measurePlan } from '../warehouse/holds/measure.ts';
import { retainedSets } from '../warehouse/holds/retained.ts';
import { createJoinedPeople } from '../warehouse/joined-people.ts';
import { absenceJudgements, unitJudgements } from '../warehouse/judgements.ts';
import { manualValuesFor } from '../warehouse/manual-values.ts';
import { createInstitutionLookup, type SystemsBySource } from '../warehouse/matching/institutions.ts';
import { PlanIds } from '../warehouse/plan-ids.ts';
import { lastAppliedRun, touchedAccounts, touchedInstitutions, touchedStaff } from '../warehouse/plans.ts';
import { keepInhabited, planReverts } from '../warehouse/reverts/plan-revert.ts';
import { getRun, setStage } from '../warehouse/runs.ts';
import { type EncodedChange, encodeChange, writeChanges, writeFindings } from '../warehouse/write-plan.ts';
import type { PipelineContext } from './context.ts';
import { centreOtherwise, reconcileAccount, superfluousOfAccount } from './reconcile/account.ts';
import { accountAsHeard, institutionAsHeard } from './reconcile/as-stands.ts';
import { heldSets, inSeason } from './reconcile/guards.ts';
import { reconcileInstitution, superfluousOfInstitution } from './reconcile/institution.ts';
import { reconcilePerson } from './reconcile/person.ts';

/** Small: what a block is made of is gone before it is old, which spares Node most of its collecting. */
const BLOCK = 500;
const ANALYZE_FROM_CHANGES = 1000;
const PEOPLE_AT_ONCE = 40;

/** Collects proposals and writes them in blocks, through a connection of its own: two blocks are on their way while the next is read and thought over. */
class PlanWriter {
  private changes: EncodedChange[] = [];
  private findings: Finding[] = [];
  private seq = 1;
  private before: Promise<void> = Promise.resolve();
  private onTheWay: Promise<void> = Promise.resolve();
  private readonly trx: Transaction;
  private readonly ids: PlanIds;
  private readonly runId: number;

  constructor(trx: Transaction, runId: number) {
    this.trx = trx;
    this.ids = new PlanIds(trx);
    this.runId = runId;
  }

  async add(changes: readonly PlanChange[], findings: readonly Finding[]): Promise<void> {
    for (const change of changes) this.changes.push(encodeChange(change));
    this.findings.push(...findings);
    if (this.changes.length >= BLOCK || this.findings.length >= BLOCK) await this.ship();
  }

  /** @throws what the database says about the last blocks */
  async settle(): Promise<void> {
    await this.ship();
    await this.onTheWay;
    await this.ids.giveBack();
  }

  /** Before the transaction is given up: what is on its way would come after its end. */
  async abandon(): Promise<void> {
    await this.onTheWay.catch(() => undefined);
  }

  private async ship(): Promise<void> {
    const { changes, findings, seq, onTheWay } = this;
    const before = this.before;
    this.seq += changes.length;
    this.changes = [];
    this.findings = [];
    this.before = onTheWay;
    this.onTheWay = onTheWay.then(() => this.send(seq, changes, findings));
    // Whoever waits for it next is told; until then nobody is, and that is no fault.
    this.onTheWay.catch(() => undefined);
    await before;
  }

  private async send(seq: number, changes: readonly EncodedChange[], findings: readonly Finding[]): Promise<void> {
    await writeChanges(this.trx, this.ids, this.runId, seq, changes);
    await writeFindings(this.trx, this.runId, findings);
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

/** Puts what differs through the rules, institutions first, and what they propose into the plan. */
async function propose(
  ctx: PipelineContext,
  from: Transaction,
  runId: number,
  systems: SystemsBySource,
  plan: PlanWriter,
): Promise<void> {
  const care = ofSystem(systems, 'care');
  const lastApplied = await lastAppliedRun(from);
  await createInstitutionLookup(from, systems);
  await createJoinedPeople(from, runId);
  const ofInstitutions = await manualValuesFor(from, runId, lastApplied, 'institution');
  for await (const block of touchedInstitutions(from, runId, lastApplied)) {
    for (const told of block) {
      const manual = ofInstitutions.get(told.institution_id ?? 0) ?? [];
      const row = institutionAsHeard(told, manual);
      if (row === null) continue;
      const change = reconcileInstitution(row, manual);
      const finding = superfluousOfInstitution(row, manual);
      await plan.add(change ? [change] : [], finding ? [finding] : []);
    }
  }
  const ofPeople = await manualValuesFor(from, runId, lastApplied, 'person');
  const units = await unitJudgements(from, runId);
  const absences = await absenceJudgements(from, runId);
  let people = 0;
  for await (const rows of byPerson(touchedStaff(from, runId, lastApplied, care))) {
    const person = rows[0]?.person_id ?? 0;
    const { changes, findings } = reconcilePerson(rows, ofPeople.get(person), units.get(person), absences.get(person));
    await plan.add(changes, findings);
    ctx.progress('changes planned', plan.written, null);
    people += 1;
    // What is on its way moves only while nothing is thought over.
    if (people % PEOPLE_AT_ONCE === 0) await setImmediate();
  }
  const ofAccounts = await manualValuesFor(from, runId, lastApplied, 'account');
  for await (const block of touchedAccounts(from, runId, lastApplied, care)) {
    for (const told of block) {
      const manual = ofAccounts.get(told.account_id ?? 0) ?? [];
      const row = accountAsHeard(told, manual);
      if (row === null) continue;
      const { change, finding } = reconcileAccount(row, manual);
      const otherwise = told.set_aside ? null : centreOtherwise(row);
      const findings = [finding, superfluousOfAccount(row, manual), otherwise].filter((f) => f !== null);
      await plan.add(change ? [change] : [], findings);
    }
  }
}

/** @param systems how each institution source writes its codes */
export async function reconcile(ctx: PipelineContext, claim: RunClaim, systems: SystemsBySource): Promise<void> {
  const { runId } = claim;
  await ctx.db.transaction(async (out) => {
    await checkRunFence(out, claim);
    await out('ops.plan_change').where({ run_id: runId }).delete();
    await forgetHeld(out, runId);
    const plan = new PlanWriter(out, runId);
    try {
      await ctx.db.transaction((from) => propose(ctx, from, runId, systems, plan));
    } catch (error) {
      await plan.abandon();
      throw error;
    }
    await plan.settle();
    const undone = await planReverts(out, runId);
    if (plan.written + undone >= ANALYZE_FROM_CHANGES) await out.raw('ANALYZE ops.plan_change');
    const setAside = await setContradictionsAside(out, runId);
    const { changes: heldBack, ...holds } = await guard(ctx, out, runId);
    const kept = await keepInhabited(out, runId);
    await setStage(out, claim, 'apply');
    const changes = plan.written + undone - setAside - heldBack - kept;
    ctx.log.info({ run: runId, changes, setAside, heldBack, ...holds }, 'plan made');
  });
}
