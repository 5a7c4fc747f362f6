import type { Transaction } from '../connect.ts';
import { REVERTED } from './reverted.ts';

/**
 * SQL: changes `c` that undo something and stand held. An undoing that was discarded, or that nobody decided in time, is none any more: no source says it, so nothing else would ever end
 * it, and whatever else the institution says would wait with it.
 * @param columns what is selected
 */
export const heldUndoing = (columns: string): string => `
  SELECT ${columns} FROM review.hold h JOIN ops.held_change c ON c.run_id = h.last_run_id AND h.hold_key = ANY(c.held_by)
  WHERE h.closed_at IS NULL AND h.state NOT IN ('discarded', 'expired') AND c.reason = '${REVERTED}'`;
const HELD_UNDOING = heldUndoing('1');

/**
 * Whether the plan of a run may hold changes that undo another: it was asked to, or such changes stand held. To be asked before the run's holds are
 * settled; a night without any pays for this question only.
 */
export async function undoesAnything(trx: Transaction, runId: number): Promise<boolean> {
  const { rows } = await trx.raw(
    `SELECT EXISTS (SELECT 1 FROM ops.run WHERE id = :run AND reverts IS NOT NULL) OR EXISTS (
       ${HELD_UNDOING}) AS yes`,
    { run: runId },
  );
  return rows[0].yes;
}
