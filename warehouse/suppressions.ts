/** Matters put aside: insert-only, so that the report of any moment can tell what was put aside then. */
import type { Transaction } from './connect.ts';

/**
 * SQL: the suppression of an exception that is in force at a moment, as a lateral join `s`; NULL columns where there is none.
 * @param e alias of `review.exception`. @param moment SQL of a timestamptz
 */
export const suppressionOf = (e: string, moment: string): string => `
  LEFT JOIN LATERAL (
    SELECT u.id, u.reason, u.until, u.set_by, u.set_at FROM review.suppression u LEFT JOIN review.suppression_end x ON x.suppression_id = u.id
    WHERE u.fingerprint = ${e}.fingerprint AND u.set_at <= ${moment} AND (u.until + 1)::timestamp AT TIME ZONE 'Asia/Taipei' > ${moment}
      AND coalesce(x.ended_at, 'infinity') > ${moment}
    ORDER BY u.id DESC LIMIT 1) AS s ON true`;

/** Open exceptions that nobody put aside at a moment. SQL of a condition. */
export const notSuppressed = (e: string, moment: string): string => `NOT EXISTS (
    SELECT 1 FROM review.suppression u LEFT JOIN review.suppression_end x ON x.suppression_id = u.id
    WHERE u.fingerprint = ${e}.fingerprint AND u.set_at <= ${moment} AND (u.until + 1)::timestamp AT TIME ZONE 'Asia/Taipei' > ${moment}
      AND coalesce(x.ended_at, 'infinity') > ${moment})`;

export interface LockedException {
  id: number;
  code: string;
  closed_at: string | null;
  /** Number of the suppression that is in force. */
  suppression: number | null;
}

/** Holds off whoever would decide about the same matter. */
export async function lockException(trx: Transaction, id: number, at: string): Promise<LockedException | null> {
  await trx.raw('SELECT 1 FROM review.exception WHERE id = ? FOR UPDATE', [id]);
  const { rows } = await trx.raw(
    `SELECT e.id, e.code, e.closed_at, s.id AS suppression FROM review.exception e ${suppressionOf('e', 'CAST(:at AS timestamptz)')} WHERE e.id = :id`,
    { id, at },
  );
  return rows[0] ?? null;
}

/** @param standing the suppression that this one supersedes */
export async function addSuppression(
  trx: Transaction,
  exception: LockedException,
  suppression: { reason: string; until: string; by: string; at: string },
): Promise<void> {
  if (exception.suppression !== null)
    await endSuppression(trx, exception.suppression, { by: suppression.by, reason: null, at: suppression.at });
  await trx.raw(
    `INSERT INTO review.suppression (exception_id, fingerprint, reason, until, set_by, set_at)
     SELECT id, fingerprint, ?, ?::date, ?, ?::timestamptz FROM review.exception WHERE id = ?`,
    [suppression.reason, suppression.until, suppression.by, suppression.at, exception.id],
  );
}

export const endSuppression = (
  trx: Transaction,
  id: number,
  end: { by: string; reason: string | null; at: string },
): Promise<unknown> =>
  trx('review.suppression_end').insert({
    suppression_id: id,
    ended_by: end.by,
    reason: end.reason,
    ended_at: end.at,
  });
