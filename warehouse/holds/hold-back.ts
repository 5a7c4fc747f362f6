/**
 * Takes what is held out of the plan of a run, with both sides of a transfer: all changes of an institution, and all changes of the people in them. A plan
 * that somebody approved stays in; one that is proposed again after it was discarded, or that expired, stays out without asking again, also where an undoing in it is over.
 */
import type { HeldSet } from '../../schemas/guards.ts';
import { forgetFindings } from '../apply/set-aside.ts';
import type { Transaction } from '../connect.ts';
import { changeLine } from '../plan-hash.ts';
import { CHANGE_COLUMNS } from '../write-plan.ts';
import { isUndoing, lineDigest, recordLine } from './lines.ts';

export interface HoldBack {
  held: number;
  keptOut: number;
  released: number;
  /** Changes taken out of the plan. */
  changes: number;
}

/** To be called before a plan is made anew. */
export async function forgetHeld(trx: Transaction, runId: number): Promise<void> {
  for (const table of ['ops.held_record', 'ops.held_change', 'ops.held_plan'])
    await trx(table).where({ run_id: runId }).delete();
}

const LINES = `
  CREATE TEMP TABLE hold_line ON COMMIT DROP AS
  WITH own AS (
    SELECT h.hold_key, c.seq, c.person_ref FROM hold_set h
    JOIN ops.plan_change c ON c.run_id = :run AND c.institution_key = h.institution_key)
  SELECT hold_key, seq FROM own
  UNION
  SELECT o.hold_key, c.seq FROM (SELECT DISTINCT hold_key, person_ref FROM own WHERE person_ref IS NOT NULL) AS o
  JOIN ops.plan_change c ON c.run_id = :run AND c.person_ref = o.person_ref`;

/** What a hold is about beside changes of the plan: who is missing, who comes under another identifier. */
const RECORDS = `
  INSERT INTO ops.held_record (run_id, hold_key, institution_key, source, key, what, detail)
  SELECT :run, h.hold_key, m.institution_key, m.source, m.key, m.what, m.detail FROM hold_set h JOIN guard_record m USING (institution_key)`;

/** One hash per hold: of its changes as of any plan, and of what is held beside them; over the digest of each line, since a text in PostgreSQL ends at 1 GiB. */
const HASHES = `
  SELECT hold_key, encode(sha256(string_agg(digest, ''::bytea ORDER BY digest)), 'hex') AS hash,
         count(*) FILTER (WHERE what <> 'missing') AS changes, count(*) FILTER (WHERE what = 'missing') AS missing
  FROM (SELECT l.hold_key, ${lineDigest(changeLine('c'))} AS digest, 'change' AS what
        FROM hold_line l JOIN ops.plan_change c ON c.run_id = :run AND c.seq = l.seq
        UNION ALL
        SELECT r.hold_key, ${lineDigest(recordLine('r'))}, r.what FROM ops.held_record r WHERE r.run_id = :run) AS lines
  GROUP BY hold_key`;

const STATE = `
  CASE WHEN s.plan_hash IS DISTINCT FROM n.hash THEN 'held' WHEN s.state = 'approved' THEN 'released'
       WHEN s.state IN ('discarded', 'expired') THEN 'kept-out' ELSE 'held' END`;

const BEFORE = `SELECT ${changeLine('b')} FROM ops.held_change b WHERE b.run_id = h.last_run_id AND p.hold_key = ANY(b.held_by)`;
const BEFORE_RECORDS = `SELECT ${recordLine('b')} FROM ops.held_record b WHERE b.run_id = h.last_run_id AND b.hold_key = p.hold_key`;
const NOW = `
  SELECT ${changeLine('c')} FROM hold_line l JOIN ops.plan_change c ON c.run_id = :run AND c.seq = l.seq WHERE l.hold_key = p.hold_key
  UNION ALL SELECT ${recordLine('r')} FROM ops.held_record r WHERE r.run_id = :run AND r.hold_key = p.hold_key`;

/** What is left of a plan that was discarded, or that expired: all of it but undoings, which are over with it. Nothing in it is new, so there is nothing to ask. */
const LEFT_OVER = `
  UPDATE ops.held_plan p SET state = 'kept-out' FROM review.hold h
  WHERE p.run_id = :run AND p.state = 'held' AND h.hold_key = p.hold_key AND h.closed_at IS NULL AND h.state IN ('discarded', 'expired')
    AND EXISTS (SELECT 1 FROM ops.held_change b WHERE b.run_id = h.last_run_id AND p.hold_key = ANY(b.held_by) AND ${isUndoing('b')})
    AND NOT EXISTS ((${NOW}) EXCEPT ALL (${BEFORE} UNION ALL ${BEFORE_RECORDS}))
    AND NOT EXISTS ((${BEFORE} AND NOT ${isUndoing('b')} UNION ALL ${BEFORE_RECORDS}) EXCEPT ALL (${NOW}))`;

async function writeHeldPlans(trx: Transaction, runId: number, sets: readonly HeldSet[]): Promise<void> {
  await trx('ops.held_plan').where({ run_id: runId }).whereNot({ state: 'released' }).delete();
  await trx.raw(
    `INSERT INTO ops.held_plan (run_id, hold_key, plan_hash, state, reasons, institutions, changes, missing)
     SELECT :run, n.hold_key, n.hash, ${STATE}, g.reasons, g.institutions, n.changes, n.missing
     FROM (${HASHES}) AS n
     JOIN (SELECT * FROM jsonb_to_recordset(CAST(:sets AS jsonb)) AS t("holdKey" text, reasons jsonb, institutions text[])) AS g ON g."holdKey" = n.hold_key
     LEFT JOIN review.hold s ON s.hold_key = n.hold_key AND s.closed_at IS NULL
     WHERE NOT EXISTS (SELECT 1 FROM ops.held_plan p WHERE p.run_id = :run AND p.hold_key = n.hold_key)`,
    { run: runId, sets: JSON.stringify(sets) },
  );
  await trx.raw(LEFT_OVER, { run: runId });
}

/** What was approved is carried out whole, with the other side of its transfers, also where another hold would have them: that one shrinks. */
async function release(trx: Transaction, runId: number): Promise<number> {
  const { rowCount } = await trx.raw(
    `DELETE FROM hold_line WHERE seq IN (
       SELECT l.seq FROM hold_line l JOIN ops.held_plan p ON p.run_id = ? AND p.hold_key = l.hold_key AND p.state = 'released')`,
    [runId],
  );
  await trx.raw(
    `DELETE FROM ops.held_record m USING ops.held_plan p
     WHERE m.run_id = :run AND p.run_id = :run AND p.hold_key = m.hold_key AND p.state = 'released'`,
    { run: runId },
  );
  return rowCount ?? 0;
}

const MOVE = `
  WITH gone AS (
    DELETE FROM ops.plan_change c USING (SELECT seq, array_agg(hold_key ORDER BY hold_key COLLATE "C") AS held_by FROM hold_line GROUP BY seq) AS l
    WHERE c.run_id = :run AND c.seq = l.seq RETURNING c.*, l.held_by)
  INSERT INTO ops.held_change (${[...CHANGE_COLUMNS, 'held_by'].join(', ')}) SELECT ${[...CHANGE_COLUMNS, 'held_by'].join(', ')} FROM gone`;

/** Needs `guard_record` of `measure.ts`. @param sets of the guards */
export async function holdBack(trx: Transaction, runId: number, sets: readonly HeldSet[]): Promise<HoldBack> {
  if (sets.length === 0) return { held: 0, keptOut: 0, released: 0, changes: 0 };
  await trx.raw('DROP TABLE IF EXISTS hold_set, hold_line');
  await trx.raw(
    `CREATE TEMP TABLE hold_set ON COMMIT DROP AS
     SELECT "holdKey" AS hold_key, unnest(institutions) AS institution_key
     FROM jsonb_to_recordset(CAST(? AS jsonb)) AS t("holdKey" text, institutions text[])`,
    [JSON.stringify(sets)],
  );
  await trx.raw('ANALYZE hold_set');
  await trx.raw(LINES, { run: runId });
  await trx.raw(RECORDS, { run: runId });
  await writeHeldPlans(trx, runId, sets);
  if ((await release(trx, runId)) > 0) await writeHeldPlans(trx, runId, sets);
  const { rowCount } = await trx.raw(MOVE, { run: runId });
  await forgetFindings(trx, runId, 'SELECT person_ref FROM ops.held_change WHERE run_id = :run');
  const { rows } = await trx.raw(
    `SELECT count(*) FILTER (WHERE state = 'held') AS held, count(*) FILTER (WHERE state = 'kept-out') AS "keptOut",
            count(*) FILTER (WHERE state = 'released') AS released FROM ops.held_plan WHERE run_id = ?`,
    [runId],
  );
  return { ...rows[0], changes: rowCount ?? 0 };
}
