/** The part of a merge that is about what was not taken: what it settles, what is new, and good values that a bad one must not wipe out. */
import { KEPT_COLUMNS } from '../../schemas/messages/severity.ts';
import type { Transaction } from '../connect.ts';
import type { MergeRound } from './merge.ts';
import { RECORD_TABLES, REJECTED_STAGE, type RecordTable } from './record-tables.ts';
import { sum, type Tally, tally, tallyOf } from './tally.ts';

/**
 * What was quarantined before is settled by a complete picture, by a row of the same key, and by one that says it corrects it; what is still
 * wrong is entered anew below. What is settled by deletion was named by the file itself.
 */
async function settleQuarantine(trx: Transaction, round: MergeRound): Promise<void> {
  const told = round.kinds.filter((k) => sum(tallyOf(k.rows)) > 0).map((k) => RECORD_TABLES[k.kind]);
  const again = [
    `SELECT 1 FROM ${REJECTED_STAGE} x WHERE x.source = q.source AND x.kind = q.kind AND x.key = q.key`,
    ...told.map(
      (t) => `SELECT 1 FROM ${t.stage} s WHERE q.kind = '${t.kind}' AND s.source = q.source AND s.key = q.key`,
    ),
  ];
  await trx.raw(
    `UPDATE landing.quarantine q SET resolved_run_id = :run
     WHERE q.source = ANY(:sources) AND q.resolved_run_id IS NULL
       AND (q.source = ANY(:complete)
            OR (q.source, q.id) IN (SELECT * FROM unnest(:corrected_sources::text[], :corrected::bigint[]))
            OR (q.key IS NOT NULL AND (${again.map((sql) => `EXISTS (${sql})`).join(' OR ')})))`,
    {
      run: round.runId,
      sources: round.sources,
      complete: round.complete,
      corrected_sources: round.corrected.map((c) => c.source),
      corrected: round.corrected.map((c) => c.id),
    },
  );
}

/** @returns how many rows of each source were rejected */
export async function writeQuarantine(trx: Transaction, round: MergeRound, conflicting: number): Promise<Tally> {
  await settleQuarantine(trx, round);
  if (round.rejected + round.incomplete + conflicting === 0) return [];
  await trx.raw(
    `INSERT INTO landing.quarantine AS q (source, fingerprint, kind, key, object_id, row_no, issues, severity, first_run_id, last_run_id)
     SELECT DISTINCT ON (source, fingerprint) source, fingerprint, kind, key, object_id, row_no, issues, severity, :run, :run
     FROM (SELECT *, sha256(convert_to(concat_ws('|', kind, key, CASE WHEN key IS NULL THEN row_no END, nullif(severity, 'row'), issues::text,
                                                 nullif(nth, 1)), 'UTF8')) AS fingerprint
           FROM (SELECT *, row_number() OVER (PARTITION BY source, kind, key, severity, issues ORDER BY object_id, row_no) AS nth
                 FROM ${REJECTED_STAGE}) AS n) AS r
     ORDER BY source, fingerprint, object_id, row_no
     ON CONFLICT (source, fingerprint) DO UPDATE SET last_run_id = excluded.last_run_id, resolved_run_id = NULL,
       object_id = excluded.object_id, row_no = excluded.row_no`,
    { run: round.runId },
  );
  return tally(trx, `SELECT source, count(*) AS n FROM ${REJECTED_STAGE} WHERE severity = 'row' GROUP BY source`);
}

/**
 * A value that could not be read does not wipe out the last good one. The row's hash stays that of what was sent: the same row again is unchanged.
 */
export async function keepLastGoodValues(trx: Transaction, table: RecordTable): Promise<void> {
  const kept = Object.entries(KEPT_COLUMNS[table.kind]);
  const values = kept.map(
    ([column, field]) =>
      `${field} = CASE WHEN x.wrong @> '["${column}"]' THEN coalesce(s.${field}, r.${field}) ELSE s.${field} END`,
  );
  await trx.raw(
    `UPDATE ${table.stage} s SET ${values.join(', ')}
     FROM (SELECT source, key, object_id, row_no, jsonb_path_query_array(issues, '$[*].column') AS wrong
           FROM ${REJECTED_STAGE} WHERE severity = 'value' AND kind = '${table.kind}') AS x
     JOIN ${table.picture} r ON r.source = x.source AND r.key = x.key
     WHERE s.source = x.source AND s.key = x.key AND s.object_id = x.object_id AND s.row_no = x.row_no`,
  );
}
