import type { Transaction } from '../connect.ts';
import { REVERTED } from './reverted.ts';

/**
 * Whether the plan of a run may hold changes that undo another: it was asked to, or such changes stand held. To be asked before the run's holds are
 * settled; a night without any pays for this question only.
 */
export async function undoesAnything(trx: Transaction, runId: number): Promise<boolean> {
  const { rows } = await trx.raw(
    `SELECT EXISTS (SELECT 1 FROM ops.run WHERE id = :run AND reverts IS NOT NULL) OR EXISTS (
       SELECT 1 FROM review.hold h JOIN ops.held_change c ON c.run_id = h.last_run_id AND h.hold_key = ANY(c.held_by)
       WHERE h.closed_at IS NULL AND c.reason = '${REVERTED}') AS yes`,
    { run: runId },
  );
  return rows[0].yes;
}
