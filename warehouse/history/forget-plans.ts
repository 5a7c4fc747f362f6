/**
 * What plans of earlier runs say of people is history too, and goes with it: values and pseudonyms of changes, what was held in holds that are over, whom records were matched to. That there was
 * a change, of what kind and by which source, stays: it is how a source is known to have been heard before.
 */
import type { Transaction } from '../connect.ts';

/** @returns how many changes were emptied, at most `limit`; none once all were, however often it is asked */
export async function emptyPlans(trx: Transaction, limit: number): Promise<number> {
  const { rowCount } = await trx.raw(
    `UPDATE ops.plan_change c SET before = NULL, after = NULL, person_ref = NULL FROM (
       SELECT p.run_id, p.seq FROM ops.plan_change p CROSS JOIN ops.history_horizon h
       WHERE p.run_id > h.plans_through AND p.run_id < h.first_run_id AND num_nonnulls(p.before, p.after, p.person_ref) > 0 LIMIT ?) AS old
     WHERE c.run_id = old.run_id AND c.seq = old.seq`,
    [limit],
  );
  const emptied = rowCount ?? 0;
  if (emptied < limit)
    await trx.raw(
      'UPDATE ops.history_horizon SET plans_through = first_run_id - 1 WHERE plans_through < first_run_id - 1',
    );
  return emptied;
}

/** Holds that stand, or stood at the horizon: a snapshot says what was held then. */
const STILL_TOLD = `SELECT h.last_run_id FROM review.hold h, ops.history_horizon o WHERE h.closed_at IS NULL OR h.closed_at >= o.at`;

const ROWS: Readonly<Record<string, string>> = {
  'ops.held_change': `t.run_id NOT IN (${STILL_TOLD})`,
  'ops.held_record': `t.run_id NOT IN (${STILL_TOLD})`,
  'ops.run_match': 'true',
  'ops.finding': 'true',
};
export const WORKING_ROWS = Object.keys(ROWS);

/** @param table one of `WORKING_ROWS` @returns how many rows went, at most `limit` */
export async function forgetRows(trx: Transaction, table: string, limit: number): Promise<number> {
  const { rowCount } = await trx.raw(
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
       SELECT t.ctid FROM ${table} t CROSS JOIN ops.history_horizon h WHERE t.run_id < h.first_run_id AND ${ROWS[table]} LIMIT ?))`,
    [limit],
  );
  return rowCount ?? 0;
}
