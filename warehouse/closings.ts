import type { Database, Transaction } from './connect.ts';

type Handle = Database | Transaction;

/** Condition on `ops.run`, with the campaign as two bindings: a closing run of it that did not fail, of whichever cut-off. */
const closes = (r: string): string =>
  `${r}.kind = 'closing' AND (${r}.slot = 'closing@' || ? OR ${r}.slot LIKE 'closing@' || ? || '@%') AND ${r}.slot NOT LIKE '% failed %'`;

/** Names the closing run of a cut-off once and for all; of one that was moved although the former was closed it has the moment in it. */
export async function closingSlot(db: Database, campaign: string, cutOff: string): Promise<string> {
  const { rows } = await db.raw(
    `SELECT EXISTS (SELECT 1 FROM ops.run WHERE slot = 'closing@' || ? AND clock <> ?::timestamptz) AS used`,
    [campaign, cutOff],
  );
  return rows[0].used ? `closing@${campaign}@${cutOff}` : `closing@${campaign}`;
}

/**
 * A campaign's cut-off is due for its closing run: it has passed, no closing run spoke for it, and the installation was at work before it
 * (an installation set up years later has nothing to freeze).
 */
export async function closingDue(db: Database, campaign: string, cutOff: string, now: string): Promise<boolean> {
  const { rows } = await db.raw(
    `SELECT ?::timestamptz <= ?::timestamptz
            AND NOT EXISTS (SELECT 1 FROM ops.run r WHERE ${closes('r')} AND r.clock = ?::timestamptz)
            AND EXISTS (SELECT 1 FROM ops.run WHERE clock < ?::timestamptz AND recorded_at IS NOT NULL) AS due`,
    [cutOff, now, campaign, campaign, cutOff, cutOff],
  );
  return rows[0].due;
}

/** The cut-off passed before anything was ever applied here, so that no closing run comes for it. */
export async function passedUnseen(db: Handle, campaign: string, cutOff: string): Promise<boolean> {
  const { rows } = await db.raw(
    `SELECT NOT EXISTS (SELECT 1 FROM ops.run r WHERE ${closes('r')} AND r.clock = ?::timestamptz)
            AND NOT EXISTS (SELECT 1 FROM ops.run WHERE clock < ?::timestamptz AND recorded_at IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM ops.snapshot WHERE campaign = ? AND cut_off = ?::timestamptz AND recorded_through >= cut_off) AS unseen`,
    [campaign, campaign, cutOff, cutOff, campaign, cutOff],
  );
  return rows[0].unseen;
}

/** A plan for each audience was taken at this cut-off, by a closing run or by hand: nothing can spoil the freeze any more. */
export async function isFrozen(
  db: Database,
  campaign: string,
  cutOff: string,
  kinds: readonly string[],
): Promise<boolean> {
  const { rows } = await db.raw(
    `SELECT count(DISTINCT kind) = ? AS frozen FROM ops.snapshot WHERE campaign = ? AND cut_off = ?::timestamptz AND recorded_through >= cut_off AND kind = ANY(?)`,
    [kinds.length, campaign, cutOff, [...kinds]],
  );
  return rows[0].frozen;
}

/** Some snapshot of this cut-off stands; one that was taken before a run had closed it does not count. */
export async function isTaken(db: Handle, campaign: string, cutOff: string): Promise<boolean> {
  const { rows } = await db.raw(
    'SELECT EXISTS (SELECT 1 FROM ops.snapshot WHERE campaign = ? AND cut_off = ?::timestamptz AND recorded_through >= cut_off) AS taken',
    [campaign, cutOff],
  );
  return rows[0].taken;
}

/** The night asked for this closing run before: it failed, and is tried again with the next night. */
export async function wasAskedIn(db: Database, closingSlot: string, night: string): Promise<boolean> {
  const { rows } = await db.raw(
    `SELECT EXISTS (SELECT 1 FROM ops.run WHERE kind = 'closing' AND asked_in = ? AND (slot = ? OR slot LIKE ? || ' failed %')) AS asked`,
    [night, closingSlot, closingSlot],
  );
  return rows[0].asked;
}

/** The newest failed closing run of each cut-off that none has closed since, oldest first. */
export async function failedClosings(db: Database): Promise<number[]> {
  const { rows } = await db.raw(
    `SELECT max(id) AS id FROM ops.run f WHERE kind = 'closing' AND status = 'failed'
       AND NOT EXISTS (SELECT 1 FROM ops.run c WHERE c.kind = 'closing' AND c.status IN ('complete', 'held') AND c.slot = split_part(f.slot, ' failed ', 1))
     GROUP BY split_part(f.slot, ' failed ', 1) ORDER BY 1`,
  );
  return rows.map((r: { id: number }) => r.id);
}
