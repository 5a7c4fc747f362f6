/** Exceptions that were open when a run had ended, with the name of the person or account that each is about (its key stays inside). */
import type { Database, Transaction } from '../connect.ts';
import { suppressionOf } from '../suppressions.ts';

export interface OpenExceptionRow {
  id: number;
  code: string;
  institution_key: string | null;
  about: string | null;
  /** Source of the record that it is about. */
  source: string | null;
  params: Record<string, string | number>;
  opened_at: string;
  opened_run_id: number;
  age_days: number;
  /** Put aside: by whom, why, and the last day; null where it is not. */
  set_by: string | null;
  reason: string | null;
  until: string | null;
}

const NOW = 'CAST(:now AS timestamptz)';
const rowsWhere = (condition: string): string => `
  SELECT e.id, e.code, e.institution_key, e.params, e.opened_at, e.opened_run_id,
         greatest(0, (${NOW} AT TIME ZONE 'Asia/Taipei')::date - (e.opened_at AT TIME ZONE 'Asia/Taipei')::date) AS age_days,
         CASE WHEN strpos(e.subject, ' ') > 0 THEN coalesce(f.name, a.holder_name) WHEN e.institution_key IS NULL THEN e.subject END AS about,
         CASE WHEN strpos(e.subject, ' ') > 0 THEN split_part(e.subject, ' ', 1) ELSE e.subject END AS source, s.set_by, s.reason, s.until
  FROM review.exception e
  LEFT JOIN landing.staff_record f ON f.source = split_part(e.subject, ' ', 1) AND f.key = substr(e.subject, strpos(e.subject, ' ') + 1)
  LEFT JOIN landing.account_record a ON a.source = split_part(e.subject, ' ', 1) AND a.key = substr(e.subject, strpos(e.subject, ' ') + 1)
  ${suppressionOf('e', NOW)}
  WHERE ${condition}
  ORDER BY e.code, e.opened_at, e.institution_key COLLATE "C", e.id`;

/** @param now the run's moment, that ages are counted to, and at which it counts what was put aside */
export async function openExceptions(
  db: Database | Transaction,
  runId: number,
  now: string,
): Promise<OpenExceptionRow[]> {
  const open = rowsWhere('e.opened_run_id <= :run AND (e.closed_run_id IS NULL OR e.closed_run_id > :run)');
  const { rows } = await db.raw(open, { now, run: runId });
  return rows;
}

/** Those that are open now. @param now ISO moment */
export async function standingExceptions(db: Database | Transaction, now: string): Promise<OpenExceptionRow[]> {
  const { rows } = await db.raw(rowsWhere('e.closed_at IS NULL'), { now });
  return rows;
}
