/**
 * What is kept of earlier runs says something of people too, and goes with their history: values and pseudonyms of changes, what was held in holds that are over, whom records were matched to, names in
 * reports and receipts. That there was a change, of what kind and by which source, stays: it is how a source is known to have been heard before.
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

/** Names of whom a night missed, or who waited for review, stand in what was kept of it for its report. @returns how many runs, at most `limit` */
export async function emptyReports(trx: Transaction, limit: number): Promise<number> {
  const { rowCount } = await trx.raw(
    `UPDATE ops.run r SET summary = summary - 'picture' FROM (
       SELECT o.id FROM ops.run o CROSS JOIN ops.history_horizon h WHERE o.id < h.first_run_id AND jsonb_exists(o.summary, 'picture') LIMIT ?) AS old
     WHERE r.id = old.id`,
    [limit],
  );
  return rowCount ?? 0;
}

/** What senders were told, but for the newest of each source; a file that lies on is not told of anew. @returns how many receipts, at most `limit` */
export async function emptyReceipts(trx: Transaction, limit: number): Promise<number> {
  const { rowCount } = await trx.raw(
    `UPDATE ops.receipt t SET body = NULL FROM (
       SELECT o.run_id, o.source FROM ops.receipt o CROSS JOIN ops.history_horizon h
       WHERE o.run_id < h.first_run_id AND o.body IS NOT NULL AND EXISTS (SELECT 1 FROM ops.receipt n WHERE n.source = o.source AND n.run_id > o.run_id) LIMIT ?) AS old
     WHERE t.run_id = old.run_id AND t.source = old.source`,
    [limit],
  );
  return rowCount ?? 0;
}
