/**
 * When a plan is applied, its holds stand: the same proposal is the hold that was there, another one replaces it, one that is proposed no more is
 * withdrawn, and one that was approved and is in the plan is done. What is left of one that stays out stands on as decided, under a hash of its own.
 */
import type { Transaction } from '../connect.ts';

/** @param lastApplied run before this one whose changes were applied. @param expireDays after which an undecided hold stays out without asking */
export async function settleHolds(
  trx: Transaction,
  runId: number,
  {
    recordedAt,
    lastApplied,
    clock,
    expireDays,
  }: { recordedAt: string; lastApplied: number; clock: string; expireDays: number },
): Promise<void> {
  const bindings = { run: runId, at: recordedAt, last: lastApplied, clock, days: expireDays };
  await trx.raw(
    `UPDATE review.hold h SET last_run_id = :run, institutions = p.institutions,
            state = CASE WHEN h.state = 'open' AND h.opened_at + make_interval(days => :days) < CAST(:clock AS timestamptz) THEN 'expired' ELSE h.state END
     FROM ops.held_plan p
     WHERE p.run_id = :run AND p.state <> 'released' AND h.closed_at IS NULL AND h.hold_key = p.hold_key AND h.plan_hash = p.plan_hash`,
    bindings,
  );
  const { rows } = await trx.raw(
    `UPDATE review.hold h SET closed_run_id = :run, closed_at = CAST(:at AS timestamptz),
            outcome = CASE (SELECT p.state = 'released' FROM ops.held_plan p WHERE p.run_id = :run AND p.hold_key = h.hold_key)
                      WHEN true THEN 'applied' WHEN false THEN 'replaced' ELSE 'withdrawn' END
     WHERE h.closed_at IS NULL AND h.last_run_id <> :run RETURNING h.id, h.hold_key, h.state, h.institutions, h.baseline_run_id`,
    bindings,
  );
  await trx.raw(
    `WITH ended AS MATERIALIZED (
       SELECT * FROM jsonb_to_recordset(CAST(:ended AS jsonb)) AS e(id bigint, hold_key text, state text, institutions text[], baseline_run_id bigint)),
     opened AS (
       INSERT INTO review.hold (hold_key, plan_hash, institutions, baseline_run_id, opened_run_id, opened_at, last_run_id, state)
       SELECT p.hold_key, p.plan_hash, p.institutions,
              least(:last, (SELECT min(e.baseline_run_id) FROM ended e WHERE e.institutions && p.institutions)),
              :run, CAST(:at AS timestamptz), :run, CASE p.state WHEN 'held' THEN 'open' ELSE b.state END
       FROM ops.held_plan p LEFT JOIN ended b ON b.hold_key = p.hold_key
       WHERE p.run_id = :run AND p.state IN ('held', 'kept-out') AND NOT EXISTS (
         SELECT 1 FROM review.hold h WHERE h.hold_key = p.hold_key AND h.closed_at IS NULL)
       RETURNING id, hold_key, state)
     INSERT INTO review.hold_decision (hold_id, verdict, decided_by, reason, decided_at)
     SELECT o.id, d.verdict, d.decided_by, d.reason, d.decided_at
     FROM opened o JOIN ended b USING (hold_key)
     JOIN LATERAL (SELECT * FROM review.hold_decision d WHERE d.hold_id = b.id ORDER BY d.id DESC LIMIT 1) AS d ON d.verdict = 'discard'
     WHERE o.state = 'discarded'`,
    { ...bindings, ended: JSON.stringify(rows) },
  );
}
