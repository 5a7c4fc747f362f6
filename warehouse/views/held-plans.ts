/** What a held plan would change, for people who decide on it. */
import type { Database, Transaction } from '../connect.ts';
import { REVERTED } from '../reverts/reverted.ts';

type Handle = Database | Transaction;

/** Of an undone run: the person's own row, where a spell says the same. */
const OWN_ROW = `(reason = '${REVERTED}' AND entity = 'person' AND action <> 'change')`;

export interface HeldGroup {
  reason: string;
  n: number;
}

/** Changes by reason, without the person's own row where a spell says the same. */
export async function heldGroups(db: Handle, runId: number, holdKey: string): Promise<HeldGroup[]> {
  const { rows } = await db.raw(
    `SELECT reason, count(*) AS n FROM (
       SELECT reason FROM ops.held_change WHERE run_id = :run AND :key = ANY(held_by) AND reason <> '新增人員' AND NOT ${OWN_ROW}
       UNION ALL SELECT '身分證字號更正' FROM ops.held_record WHERE run_id = :run AND hold_key = :key AND what = 'identifier') AS held
     GROUP BY 1 ORDER BY 2 DESC, 1`,
    { run: runId, key: holdKey },
  );
  return rows;
}

export interface HeldChangeRow {
  institution_key: string;
  reason: string;
  name: string | null;
  effective: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

/** @param limit how many rows of each kind; null for all. Missing people come first: they are what no list says */
export async function heldRows(
  db: Handle,
  runId: number,
  holdKey: string,
  limit: number | null,
): Promise<HeldChangeRow[]> {
  const { rows } = await db.raw(
    `SELECT institution_key, reason, name, effective, before, after FROM (
     SELECT *, row_number() OVER (PARTITION BY reason ORDER BY institution_key COLLATE "C", source COLLATE "C", key COLLATE "C") AS nth FROM (
       SELECT 0 AS rank, i.source || ':' || i.source_key AS institution_key, CASE m.what WHEN 'missing' THEN '未列' ELSE '身分證字號更正' END AS reason, r.name, NULL::date AS effective, NULL::jsonb AS before, NULL::jsonb AS after,
              r.source, r.key
       FROM ops.held_record m JOIN landing.staff_record r ON r.source = m.source AND r.key = m.key
       JOIN warehouse.assignment a ON a.source = m.source AND a.source_key = m.key AND a.spell = (
         SELECT max(spell) FROM warehouse.assignment b WHERE b.source = m.source AND b.source_key = m.key)
       JOIN warehouse.institution i ON i.id = a.institution_id
       WHERE m.run_id = :run AND m.hold_key = :key
       UNION ALL
       SELECT CASE c.action WHEN 'end' THEN 1 WHEN 'change' THEN 2 ELSE 3 END, c.institution_key, c.reason,
              CASE c.entity WHEN 'institution' THEN coalesce(c.before->>'name', c.after->>'name') WHEN 'account' THEN c.after->>'account_name' ELSE r.name END,
              c.effective, c.before, c.after, c.source, c.source_key
       FROM ops.held_change c LEFT JOIN landing.staff_record r ON r.source = c.source AND r.key = c.source_key AND c.entity IN ('person', 'assignment')
       WHERE c.run_id = :run AND :key = ANY(c.held_by) AND c.reason <> '新增人員' AND NOT ${OWN_ROW}) AS rows) AS numbered
     WHERE :limit::int IS NULL OR nth <= :limit
     ORDER BY rank, institution_key COLLATE "C", source COLLATE "C", key COLLATE "C", reason`,
    { run: runId, key: holdKey, limit },
  );
  return rows;
}
