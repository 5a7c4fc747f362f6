/**
 * What is kept of earlier runs says something of people too, and goes with their history: values and pseudonyms of changes, what was held in holds that are over, whom records were matched to, names in
 * reports and receipts. That there was a change, of what kind and by which source, stays: it is how a source is known to have been heard before.
 */
import type { Transaction } from '../connect.ts';
import type { Portion, PortionAsked } from './portion.ts';

/** What went is not found again: the next portion begins anew. */
const whole = (rowCount: number | null, limit: number): Portion => ({
  rows: rowCount ?? 0,
  more: rowCount === limit,
  until: null,
});

/** Changes of earlier runs, in their order; once all were emptied none is looked at any more. */
export async function emptyPlans(trx: Transaction, { limit, from }: PortionAsked): Promise<Portion> {
  const [run, seq] = from ?? [0, 0];
  const { rows } = await trx.raw(
    `WITH old AS MATERIALIZED (
       SELECT p.run_id, p.seq FROM ops.plan_change p
       WHERE (p.run_id, p.seq) > (CAST(:run AS bigint), CAST(:seq AS bigint)) AND num_nonnulls(p.before, p.after, p.person_ref) > 0
         AND p.run_id > (SELECT plans_through FROM ops.history_horizon) AND p.run_id < (SELECT first_run_id FROM ops.history_horizon)
       ORDER BY p.run_id, p.seq LIMIT :limit),
     emptied AS (
       UPDATE ops.plan_change c SET before = NULL, after = NULL, person_ref = NULL FROM old WHERE c.run_id = old.run_id AND c.seq = old.seq)
     SELECT count(*) OVER () AS rows, run_id AS run, seq FROM old ORDER BY run_id DESC, seq DESC LIMIT 1`,
    { limit, run, seq },
  );
  const last: { rows: number; run: number; seq: number } | undefined = rows[0];
  if ((last?.rows ?? 0) < limit)
    await trx.raw(
      'UPDATE ops.history_horizon SET plans_through = first_run_id - 1 WHERE plans_through < first_run_id - 1',
    );
  if (last === undefined) return { rows: 0, more: false, until: null };
  return { rows: last.rows, more: last.rows === limit, until: [last.run, last.seq] };
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

/** @param table one of `WORKING_ROWS` */
export async function forgetRows(trx: Transaction, table: string, { limit }: PortionAsked): Promise<Portion> {
  const { rowCount } = await trx.raw(
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
       SELECT t.ctid FROM ${table} t CROSS JOIN ops.history_horizon h WHERE t.run_id < h.first_run_id AND ${ROWS[table]} LIMIT ?))`,
    [limit],
  );
  return whole(rowCount, limit);
}

/** Names of whom a night missed, or who waited for review, stand in what was kept of it for its report. */
export async function emptyReports(trx: Transaction, { limit }: PortionAsked): Promise<Portion> {
  const { rowCount } = await trx.raw(
    `UPDATE ops.run r SET summary = summary - 'picture' FROM (
       SELECT o.id FROM ops.run o CROSS JOIN ops.history_horizon h WHERE o.id < h.first_run_id AND jsonb_exists(o.summary, 'picture') LIMIT ?) AS old
     WHERE r.id = old.id`,
    [limit],
  );
  return whole(rowCount, limit);
}

/** What senders were told, but for the newest of each source; a file that lies on is not told of anew. */
export async function emptyReceipts(trx: Transaction, { limit }: PortionAsked): Promise<Portion> {
  const { rowCount } = await trx.raw(
    `UPDATE ops.receipt t SET body = NULL FROM (
       SELECT o.run_id, o.source FROM ops.receipt o CROSS JOIN ops.history_horizon h
       WHERE o.run_id < h.first_run_id AND o.body IS NOT NULL AND EXISTS (SELECT 1 FROM ops.receipt n WHERE n.source = o.source AND n.run_id > o.run_id) LIMIT ?) AS old
     WHERE t.run_id = old.run_id AND t.source = old.source`,
    [limit],
  );
  return whole(rowCount, limit);
}
