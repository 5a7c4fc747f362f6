/** Who asked to undo which run: a run of kind `revert`, made in one transaction with its row in the audit trail. */
import { RevertError } from '../../schemas/revert-error.ts';
import type { ActingUser } from '../../schemas/users.ts';
import { appendAudit } from '../audit.ts';
import type { Database, Transaction } from '../connect.ts';
import { historyHorizon } from '../history/horizon.ts';
import { holdToRole } from '../hold-to-role.ts';
import { createRun, getRun, type NewRun, type Run } from '../runs.ts';
import { REVERTED } from './reverted.ts';
import { heldUndoing } from './undoes-anything.ts';

/** What somebody decided; nobody decides a dry run. */
export interface RevertDecision {
  by: ActingUser;
  reason: string;
  /** ISO moment. */
  at: string;
}
export interface RevertRequest {
  /** The run whose changes are undone. */
  run: number;
  decision: RevertDecision | null;
}

/** The run by which something of it was undone, or may yet be: one of which nothing came (left for others' sake, discarded) stands in nobody's way. */
async function revertOf(db: Database | Transaction, runId: number): Promise<number | null> {
  const ofRun = "(c.after->>'reverts')::bigint = CAST(:run AS bigint)";
  const { rows } = await db.raw(
    `SELECT max(r.id) AS id FROM ops.run r WHERE r.reverts = :run AND NOT r.dry_run AND (r.status = 'running' OR (r.recorded_at IS NOT NULL AND (
       EXISTS (SELECT 1 FROM ops.plan_change c JOIN ops.run n ON n.id = c.run_id AND n.recorded_at IS NOT NULL WHERE c.run_id >= r.id AND c.reason = '${REVERTED}' AND ${ofRun})
       OR EXISTS (${heldUndoing('1')} AND ${ofRun}))))`,
    { run: runId },
  );
  return rows[0].id;
}

/** Follows what was undone, and undone in turn, to the run by which it stands now. */
async function refuseReverted(db: Database | Transaction, run: number): Promise<void> {
  const by = await revertOf(db, run);
  if (by === null) return;
  let last = by;
  let undone = false;
  for (let next = await revertOf(db, last); next !== null; next = await revertOf(db, last)) {
    last = next;
    undone = !undone;
  }
  if (!undone) throw new RevertError('revert-already', { run, by: last });
  throw new RevertError('revert-already-undone', { run, by, last });
}

/** @throws RevertError; WrongRequestError where there is no such run */
export async function checkRevertible(db: Database | Transaction, runId: number): Promise<void> {
  const run = await getRun(db, runId);
  if (run.status === 'running') throw new RevertError('revert-running', { run: runId });
  if (run.recorded_at === null) throw new RevertError('revert-not-applied', { run: runId });
  const { at, firstRun } = await historyHorizon(db);
  // Of the run whose state stood at the horizon, what stood before it is forgotten.
  if (at !== null && runId <= firstRun) throw new RevertError('revert-forgotten', { run: runId, horizon: at });
  await refuseReverted(db, runId);
  const { rows } = await db.raw(
    `SELECT EXISTS (SELECT 1 FROM ops.plan_change WHERE run_id = :run) OR EXISTS (SELECT 1 FROM warehouse.person_identifier WHERE run_id = :run) AS thing`,
    { run: runId },
  );
  if (!rows[0].thing) throw new RevertError('revert-nothing', { run: runId });
}

/**
 * Makes the run that undoes another, once: a second request for the same run is refused.
 * @returns null where another run goes on
 * @throws RevertError, UserRefusedError
 */
export async function createRevertRun(db: Database, run: NewRun, request: RevertRequest): Promise<Run | null> {
  return db.transaction(async (trx) => {
    const { decision } = request;
    if (decision !== null) await holdToRole(trx, decision.by, ['bureau']);
    await checkRevertible(trx, request.run);
    const asked = { reverts: request.run, askedBy: decision?.by.name ?? null, askedWhy: decision?.reason ?? null };
    const created = await createRun(trx, { ...run, ...asked });
    if (created === null || decision === null) return created;
    await appendAudit(trx, {
      at: decision.at,
      actor: decision.by.name,
      action: 'revert-asked',
      subject: `run:${request.run}`,
      detail: { by_run: created.id, reason: decision.reason },
    });
    return created;
  });
}
