import type { Database } from './connect.ts';

/**
 * A campaign's cut-off is due for its closing run: it has passed, no closing run spoke for it, and the installation was at work before it
 * (an installation set up years later has nothing to freeze).
 */
export async function closingDue(db: Database, campaign: string, cutOff: string, now: string): Promise<boolean> {
  const { rows } = await db.raw(
    `SELECT ?::timestamptz <= ?::timestamptz
            AND NOT EXISTS (SELECT 1 FROM ops.run WHERE kind = 'closing' AND slot = 'closing@' || ?)
            AND EXISTS (SELECT 1 FROM ops.run WHERE clock < ?::timestamptz AND recorded_at IS NOT NULL) AS due`,
    [cutOff, now, campaign, cutOff],
  );
  return rows[0].due;
}
