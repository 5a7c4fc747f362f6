/** Decisions about held plans: recorded, never changed; a later one supersedes. */
import type { Transaction } from '../connect.ts';
import { changeLine } from '../plan-hash.ts';
import { REVERTED } from '../reverts/reverted.ts';
import { recordLine } from './lines.ts';
import { type Hold, holdsOfPlan } from './standing-holds.ts';

/** The newest hold with this plan, locked until the transaction ends: whoever decides second sees what the first did. */
export async function lockHold(trx: Transaction, planHash: string): Promise<Hold | null> {
  await trx.raw('SELECT 1 FROM review.hold WHERE plan_hash = ? ORDER BY id DESC LIMIT 1 FOR UPDATE', [planHash]);
  return (await holdsOfPlan(trx, planHash))[0] ?? null;
}

export async function recordDecision(
  trx: Transaction,
  hold: Hold,
  decision: { verdict: 'approve' | 'discard'; by: string; reason: string; at: string },
): Promise<void> {
  await trx('review.hold_decision').insert({
    hold_id: hold.id,
    verdict: decision.verdict,
    decided_by: decision.by,
    reason: decision.reason,
    decided_at: decision.at,
  });
  await trx('review.hold')
    .where({ id: hold.id })
    .update({ state: decision.verdict === 'approve' ? 'approved' : 'discarded' });
}

/** Another plan that somebody discarded and that has changes in common with this one; its hash. */
export async function discardedBeside(trx: Transaction, hold: Hold): Promise<string | null> {
  const { rows } = await trx.raw(
    `SELECT d.plan_hash AS hash FROM review.hold d
     WHERE d.closed_at IS NULL AND d.state = 'discarded' AND d.id <> :id AND EXISTS (
       SELECT 1 FROM ops.held_change c WHERE c.run_id = :run AND c.held_by @> ARRAY[:key, d.hold_key]) LIMIT 1`,
    { id: hold.id, run: hold.last_run_id, key: hold.hold_key },
  );
  return rows[0]?.hash ?? null;
}

/** Configured sources that a held plan is made of. */
export async function dropsOf(trx: Transaction, hold: Hold): Promise<string[]> {
  const { rows } = await trx.raw(
    `SELECT DISTINCT split_part(source, '/', 1) AS name FROM (
       SELECT source FROM ops.held_change WHERE run_id = :run AND :key = ANY(held_by)
       UNION SELECT source FROM ops.held_record WHERE run_id = :run AND hold_key = :key) AS s`,
    { run: hold.last_run_id, key: hold.hold_key },
  );
  return (rows as { name: string }[]).map(({ name }) => name);
}

/** Users who asked for what a held plan undoes. */
export async function askersOf(trx: Transaction, hold: Hold): Promise<string[]> {
  const { rows } = await trx.raw(
    `SELECT DISTINCT r.asked_by AS name FROM ops.held_change c JOIN ops.run r ON r.reverts = (c.after->>'reverts')::bigint AND NOT r.dry_run
     WHERE c.run_id = :run AND :key = ANY(c.held_by) AND c.reason = '${REVERTED}' AND r.asked_by IS NOT NULL`,
    { run: hold.last_run_id, key: hold.hold_key },
  );
  return (rows as { name: string }[]).map(({ name }) => name);
}

const lines = (hold: string): string => `
  SELECT ${changeLine('c')} FROM ops.held_change c JOIN review.hold h ON h.id = :${hold} AND c.run_id = h.last_run_id AND h.hold_key = ANY(c.held_by)
  UNION ALL
  SELECT ${recordLine('m')} FROM ops.held_record m
  JOIN review.hold h ON h.id = :${hold} AND m.run_id = h.last_run_id AND m.hold_key = h.hold_key`;

/** How a plan differs from the one that replaced it, in changes and missing people. */
export async function differenceOf(
  trx: Transaction,
  before: Hold,
  now: Hold,
): Promise<{ added: number; removed: number }> {
  const { rows } = await trx.raw(
    `SELECT (SELECT count(*) FROM ((${lines('now')}) EXCEPT (${lines('before')})) AS a) AS added,
            (SELECT count(*) FROM ((${lines('before')}) EXCEPT (${lines('now')})) AS r) AS removed`,
    { before: before.id, now: now.id },
  );
  return rows[0];
}
