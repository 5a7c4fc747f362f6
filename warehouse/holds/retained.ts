/**
 * What stands held goes on standing, whatever the guards count by now, until the sources say something else of the institution: only a decision lets it in.
 * Institution by institution, so that of a hold of the city those stay whose changes are the same. An undoing is no word of a source: one that comes to a hold or is over (discarded with it)
 * makes no other word of what stands beside it.
 */
import type { GuardReason, HeldSet } from '../../schemas/guards.ts';
import type { Transaction } from '../connect.ts';
import { changeLine } from '../plan-hash.ts';
import { isUndoing, lineDigest, recordLine } from './lines.ts';

/** Of all lines, and of those that sources say: none where they say nothing. */
const hashed = (lines: string, by: string): string =>
  `SELECT ${by}, sha256(string_agg(digest, ''::bytea ORDER BY digest)) AS hash,
          sha256(string_agg(digest, ''::bytea ORDER BY digest) FILTER (WHERE NOT undoing)) AS said FROM (${lines}) AS lines GROUP BY ${by}`;

const BEFORE = `
  SELECT s.hold_key, s.institution_key, ${lineDigest(changeLine('c'))} AS digest, ${isUndoing('c')} AS undoing
  FROM standing s JOIN ops.held_change c ON c.run_id = s.last_run_id AND s.hold_key = ANY(c.held_by) AND c.institution_key = s.institution_key
  UNION ALL
  SELECT s.hold_key, s.institution_key, ${lineDigest(recordLine('m'))}, false
  FROM standing s JOIN ops.held_record m USING (hold_key, institution_key) WHERE m.run_id = s.last_run_id`;

const NOW = `
  SELECT c.institution_key, ${lineDigest(changeLine('c'))} AS digest, ${isUndoing('c')} AS undoing FROM ops.plan_change c
  WHERE c.run_id = :run AND c.institution_key IN (SELECT institution_key FROM standing)
  UNION ALL
  SELECT g.institution_key, ${lineDigest(recordLine('g'))}, false FROM guard_record g WHERE g.institution_key IN (SELECT institution_key FROM standing)`;

/** Needs `guard_record` of `measure.ts`. @returns the holds that stand, each with the institutions of which the same is proposed again */
export async function retainedSets(trx: Transaction, runId: number): Promise<HeldSet[]> {
  const { rows } = await trx.raw(
    `WITH standing AS MATERIALIZED (
       SELECT h.hold_key, h.last_run_id, unnest(h.institutions) AS institution_key FROM review.hold h WHERE h.closed_at IS NULL),
     before AS (${hashed(BEFORE, 'hold_key, institution_key')}),
     now AS (${hashed(NOW, 'institution_key')})
     SELECT b.hold_key, array_agg(b.institution_key ORDER BY b.institution_key COLLATE "C") AS institutions, p.reasons
     FROM before b JOIN now n ON n.institution_key = b.institution_key AND (n.hash = b.hash OR n.said = b.said)
     JOIN review.hold h ON h.hold_key = b.hold_key AND h.closed_at IS NULL
     JOIN ops.held_plan p ON p.run_id = h.last_run_id AND p.hold_key = h.hold_key
     GROUP BY b.hold_key, p.reasons`,
    { run: runId },
  );
  return rows.map((r: { hold_key: string; institutions: string[]; reasons: GuardReason[] }) => ({
    holdKey: r.hold_key,
    institutions: r.institutions,
    reasons: r.reasons,
  }));
}
