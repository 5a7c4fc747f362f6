/** What went wrong with the freeze of a cut-off (R24), as far as the books of the runs tell. */
import type { Transaction } from './connect.ts';

export interface CareAtCutOff {
  /** Moment of the newest picture of the care system that was heard before the cut-off; null where there was none. */
  last: string | null;
  /** It is from before the cut-off's day. */
  stale: boolean;
}

/**
 * Whether kindergartens were heard on the cut-off's day (R15). What a run that was applied heard counts; a half run never is.
 * @param drops sources that speak for kindergartens' staff
 */
export async function careAtCutOff(trx: Transaction, drops: readonly string[], cutOff: string): Promise<CareAtCutOff> {
  const { rows } = await trx.raw(
    `SELECT heard.last, coalesce((heard.last AT TIME ZONE 'Asia/Taipei')::date < (c.at AT TIME ZONE 'Asia/Taipei')::date, true) AS stale
     FROM (SELECT CAST(:cutOff AS timestamptz) AS at) AS c
     CROSS JOIN LATERAL (
       SELECT max(coalesce(s.as_of, r.clock)) AS last FROM ops.run_source s JOIN ops.run r ON r.id = s.run_id
       WHERE s.drop_name = ANY(:drops) AND s.status = 'fresh' AND r.clock <= c.at AND r.recorded_at IS NOT NULL) AS heard`,
    { drops: [...drops], cutOff } as never,
  );
  return rows[0];
}

/** Somebody of the bureau looked at what was frozen, and corrected it. */
export async function wasCorrected(trx: Transaction, campaign: string, cutOff: string): Promise<boolean> {
  const { rows } = await trx.raw(
    `SELECT EXISTS (SELECT 1 FROM ops.snapshot WHERE campaign = ? AND cut_off = ?::timestamptz AND corrects IS NOT NULL AND NOT automatic) AS yes`,
    [campaign, cutOff],
  );
  return rows[0].yes;
}

/** The newest closing run of a cut-off that failed, where none has closed it since; null where there is none. */
export async function failedClosingOf(trx: Transaction, campaign: string, cutOff: string): Promise<number | null> {
  const { rows } = await trx.raw(
    `SELECT max(f.id) AS id FROM ops.run f
     WHERE f.kind = 'closing' AND f.status = 'failed' AND f.clock = :cutOff
       AND (f.slot LIKE 'closing@' || :campaign || ' failed %' OR f.slot LIKE 'closing@' || :campaign || '@%')
       AND NOT EXISTS (SELECT 1 FROM ops.run c WHERE c.kind = 'closing' AND c.status <> 'failed' AND c.clock = f.clock
                         AND (c.slot = 'closing@' || :campaign OR c.slot LIKE 'closing@' || :campaign || '@%'))`,
    { campaign, cutOff },
  );
  return rows[0].id;
}

/** Something was applied here before the cut-off: one that was set up later has nothing to freeze. */
export async function wasAtWork(trx: Transaction, cutOff: string): Promise<boolean> {
  const { rows } = await trx.raw(
    'SELECT EXISTS (SELECT 1 FROM ops.run WHERE clock < ?::timestamptz AND recorded_at IS NOT NULL) AS yes',
    [cutOff],
  );
  return rows[0].yes;
}
