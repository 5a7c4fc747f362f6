/** Exceptions that were open when a run had ended, with the name of the person or account that each is about (its key stays inside). */
import type { Database, Transaction } from '../connect.ts';

export interface OpenExceptionRow {
  code: string;
  institution_key: string | null;
  about: string | null;
  /** Source of the record that it is about. */
  source: string | null;
  params: Record<string, string | number>;
  opened_at: string;
  opened_run_id: number;
  age_days: number;
}

/** @param now the run's moment, that ages are counted to */
export async function openExceptions(
  db: Database | Transaction,
  runId: number,
  now: string,
): Promise<OpenExceptionRow[]> {
  const { rows } = await db.raw(
    `SELECT e.code, e.institution_key, e.params, e.opened_at, e.opened_run_id,
            greatest(0, (?::timestamptz AT TIME ZONE 'Asia/Taipei')::date - (e.opened_at AT TIME ZONE 'Asia/Taipei')::date) AS age_days,
            CASE WHEN strpos(e.subject, ' ') > 0 THEN coalesce(s.name, a.holder_name) WHEN e.institution_key IS NULL THEN e.subject END AS about,
            CASE WHEN strpos(e.subject, ' ') > 0 THEN split_part(e.subject, ' ', 1) ELSE e.subject END AS source
     FROM review.exception e
     LEFT JOIN landing.staff_record s ON s.source = split_part(e.subject, ' ', 1) AND s.key = substr(e.subject, strpos(e.subject, ' ') + 1)
     LEFT JOIN landing.account_record a ON a.source = split_part(e.subject, ' ', 1) AND a.key = substr(e.subject, strpos(e.subject, ' ') + 1)
     WHERE e.opened_run_id <= ? AND (e.closed_run_id IS NULL OR e.closed_run_id > ?)
     ORDER BY e.code, e.opened_at, e.institution_key COLLATE "C", e.id`,
    [now, runId, runId],
  );
  return rows;
}
