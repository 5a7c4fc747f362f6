/**
 * Staged rows become the source's picture: set-based, only what changed is written. The order matters and is the rule:
 * duplicates and contradictions inside the delivery first, then what is under review (R13), then the difference to the picture, last who is missing.
 */
import type { RecordKind } from '../../schemas/records.ts';
import type { Transaction } from '../connect.ts';
import { pictureColumns, RECORD_TABLES, REJECTED_STAGE, type RecordTable } from './record-tables.ts';

export interface MergeScope {
  source: string;
  runId: number;
  /** Who is not in a complete delivery is missing. */
  complete: boolean;
}

export interface MergeCounts {
  accepted: number;
  unchanged: number;
  quarantined: number;
  excluded: number;
  duplicate: number;
}

const ANALYZE_FROM_ROWS = 2000;

interface CountRow {
  n: number;
}
const count = async (trx: Transaction, sql: string, bindings: unknown[] = []): Promise<number> => {
  const { rows } = (await trx.raw(sql, bindings as never)) as { rows: CountRow[] };
  return rows[0]?.n ?? 0;
};

/** One key given twice with the same content: the first stands. With different content: both are quarantined, nothing is guessed. */
async function settleKeys(trx: Transaction, table: RecordTable): Promise<{ duplicate: number; conflicting: number }> {
  const repeated = await count(
    trx,
    `SELECT count(*) AS n FROM (SELECT 1 FROM ${table.stage} GROUP BY key HAVING count(*) > 1) AS k`,
  );
  if (repeated === 0) return { duplicate: 0, conflicting: 0 };
  const conflicting = await count(
    trx,
    `WITH conflict AS (SELECT key FROM ${table.stage} GROUP BY key HAVING count(DISTINCT hash) > 1),
          gone AS (DELETE FROM ${table.stage} s USING conflict c WHERE s.key = c.key RETURNING s.key, s.object_id, s.row_no),
          rejected AS (
            INSERT INTO ${REJECTED_STAGE} (kind, key, object_id, row_no, issues)
            SELECT '${table.kind}', key, object_id, row_no, '[{"code": "key-conflict", "column": null, "value": null}]' FROM gone RETURNING 1)
     SELECT count(*) AS n FROM rejected`,
  );
  const duplicate = await count(
    trx,
    `WITH ranked AS (SELECT ctid AS place, row_number() OVER (PARTITION BY key ORDER BY object_id, row_no) AS nth FROM ${table.stage}),
          gone AS (DELETE FROM ${table.stage} s USING ranked r WHERE s.ctid = r.place AND r.nth > 1 RETURNING 1)
     SELECT count(*) AS n FROM gone`,
  );
  return { duplicate, conflicting };
}

/** Rows under review are listed and taken out; the last approved version stays as it is (R13). */
async function excludeUnderReview(trx: Transaction, table: RecordTable, scope: MergeScope): Promise<number> {
  const excluded = await count(
    trx,
    `WITH gone AS (DELETE FROM ${table.stage} WHERE review <> '核定' RETURNING *),
          listed AS (
            INSERT INTO landing.pending AS p (source, kind, key, institution_code, name, review, reviewing, has_previous, first_run_id, last_run_id)
            SELECT ?, '${table.kind}', g.key, g.${table.institution}, g.${table.label}, g.review, g.reviewing,
                   EXISTS (SELECT 1 FROM ${table.picture} r WHERE r.source = ? AND r.key = g.key), ?, ?
            FROM gone g
            ON CONFLICT (source, kind, key) DO UPDATE SET institution_code = excluded.institution_code, name = excluded.name,
              review = excluded.review, reviewing = excluded.reviewing, has_previous = excluded.has_previous, last_run_id = excluded.last_run_id
            RETURNING 1)
     SELECT count(*) AS n FROM listed`
      .replaceAll(':source', '?')
      .replaceAll(':run', '?'),
    [scope.source, scope.source, scope.runId, scope.runId],
  );
  return excluded;
}

/** Changed staff of an institution that is itself under review wait with it (reading of R13). */
async function excludeStaffOfPendingInstitutions(
  trx: Transaction,
  table: RecordTable,
  scope: MergeScope,
): Promise<number> {
  if (table.kind !== 'staff') return 0;
  return count(
    trx,
    `WITH gone AS (
            DELETE FROM ${table.stage} s USING landing.pending i
            WHERE i.source = ? AND i.kind = 'institution' AND i.last_run_id = ? AND i.institution_code = s.institution_code
              AND NOT EXISTS (SELECT 1 FROM ${table.picture} r WHERE r.source = ? AND r.key = s.key AND r.hash = s.hash)
            RETURNING s.*),
          listed AS (
            INSERT INTO landing.pending AS p (source, kind, key, institution_code, name, review, reviewing, has_previous, first_run_id, last_run_id)
            SELECT ?, 'staff', g.key, g.institution_code, g.name, '異動待審', '機構待審',
                   EXISTS (SELECT 1 FROM ${table.picture} r WHERE r.source = ? AND r.key = g.key), ?, ?
            FROM gone g
            ON CONFLICT (source, kind, key) DO UPDATE SET review = excluded.review, reviewing = excluded.reviewing,
              has_previous = excluded.has_previous, last_run_id = excluded.last_run_id
            RETURNING 1)
     SELECT count(*) AS n FROM listed`,
    [scope.source, scope.runId, scope.source, scope.source, scope.source, scope.runId, scope.runId],
  );
}

async function keepIdentifiers(trx: Transaction, table: RecordTable): Promise<void> {
  if (table.kind === 'institution') return;
  const strong = table.kind === 'staff' ? 'id_strong' : 'true';
  await trx.raw(
    `INSERT INTO landing.identifier AS i (hmac, kind, strong, sealed)
     SELECT DISTINCT ON (id_hmac) id_hmac, id_kind, ${strong}, id_sealed FROM ${table.stage}
     WHERE id_hmac IS NOT NULL ORDER BY id_hmac, (id_kind = 'hashed')
     ON CONFLICT (hmac) DO UPDATE SET kind = excluded.kind, strong = excluded.strong, sealed = excluded.sealed
       WHERE i.kind = 'hashed' AND excluded.kind <> 'hashed'`,
  );
}

/** Writes what is new or changed; @returns how many rows that were. */
async function writeChanged(trx: Transaction, table: RecordTable, scope: MergeScope): Promise<number> {
  const columns = pictureColumns(table);
  const updates = columns.filter((c) => c !== 'key').map((c) => `${c} = excluded.${c}`);
  return count(
    trx,
    `WITH written AS (
       INSERT INTO ${table.picture} AS p (source, run_id, ${columns.join(', ')})
       SELECT ?, ?, ${columns.map((c) => `s.${c}`).join(', ')}
       FROM ${table.stage} s LEFT JOIN ${table.picture} r ON r.source = ? AND r.key = s.key
       WHERE r.key IS NULL OR r.hash <> s.hash
       ON CONFLICT (source, key) DO UPDATE SET run_id = excluded.run_id, missing_since = NULL, ${updates.join(', ')}
       RETURNING 1)
     SELECT count(*) AS n FROM written`,
    [scope.source, scope.runId, scope.source],
  );
}

/** I12: a row that was rejected or is under review is there; only a known key that a complete list does not hold at all is missing. */
async function markMissing(trx: Transaction, table: RecordTable, scope: MergeScope): Promise<void> {
  await trx.raw(
    `UPDATE ${table.picture} r SET missing_since = NULL
     WHERE r.source = ? AND r.missing_since IS NOT NULL AND EXISTS (SELECT 1 FROM stage_seen s WHERE s.kind = ? AND s.key = r.key)`,
    [scope.source, table.kind],
  );
  if (!scope.complete) return;
  const nameless = await count(trx, `SELECT count(*) AS n FROM ${REJECTED_STAGE} WHERE kind = ? AND key IS NULL`, [table.kind]);
  // A rejected row that could not even be named may be any of those not seen: then nobody new is called missing.
  if (nameless > 0) return settlePending(trx, table, scope);
  await trx.raw(
    `UPDATE ${table.picture} r SET missing_since = ?
     WHERE r.source = ? AND r.missing_since IS NULL AND NOT EXISTS (SELECT 1 FROM stage_seen s WHERE s.kind = ? AND s.key = r.key)`,
    [scope.runId, scope.source, table.kind],
  );
  await settlePending(trx, table, scope);
}

/** What a complete picture no longer shows under review is settled. */
async function settlePending(trx: Transaction, table: RecordTable, scope: MergeScope): Promise<void> {
  await trx.raw('DELETE FROM landing.pending WHERE source = ? AND kind = ? AND last_run_id <> ?', [
    scope.source,
    table.kind,
    scope.runId,
  ]);
}

/** A complete picture settles what was quarantined before and is not in it any more. */
async function writeQuarantine(trx: Transaction, scope: MergeScope): Promise<number> {
  if (scope.complete) {
    await trx.raw('UPDATE landing.quarantine SET resolved_run_id = ? WHERE source = ? AND resolved_run_id IS NULL', [
      scope.runId,
      scope.source,
    ]);
  }
  return count(
    trx,
    `WITH kept AS (
       INSERT INTO landing.quarantine AS q (source, fingerprint, kind, key, object_id, row_no, issues, first_run_id, last_run_id)
       SELECT DISTINCT ON (fingerprint) ?, fingerprint, kind, key, object_id, row_no, issues, ?::bigint, ?::bigint
       FROM (SELECT *, sha256(convert_to(concat_ws('|', kind, key, CASE WHEN key IS NULL THEN row_no END, issues::text), 'UTF8')) AS fingerprint
             FROM ${REJECTED_STAGE}) AS r
       ORDER BY fingerprint, object_id, row_no
       ON CONFLICT (source, fingerprint) DO UPDATE SET last_run_id = excluded.last_run_id, resolved_run_id = NULL, object_id = excluded.object_id, row_no = excluded.row_no
       RETURNING 1)
     SELECT (SELECT count(*) FROM ${REJECTED_STAGE}) AS n FROM (SELECT count(*) FROM kept) AS written`,
    [scope.source, scope.runId, scope.runId],
  );
}

/** @param kinds kinds that the delivery speaks for (a roster for staff, the care feed for institutions and staff), institutions first (R14). */
export async function mergeStage(
  trx: Transaction,
  kinds: readonly RecordKind[],
  scope: MergeScope,
): Promise<MergeCounts> {
  const counts: MergeCounts = { accepted: 0, unchanged: 0, quarantined: 0, excluded: 0, duplicate: 0 };
  await trx.raw(
    'DROP TABLE IF EXISTS stage_seen; CREATE TEMP TABLE stage_seen (kind text NOT NULL, key text NOT NULL) ON COMMIT DROP',
  );
  for (const kind of kinds) {
    const table = RECORD_TABLES[kind];
    const staged = await count(trx, `SELECT count(*) AS n FROM ${table.stage}`);
    await trx.raw(
      `INSERT INTO stage_seen SELECT '${kind}', key FROM ${table.stage}
       UNION SELECT kind, key FROM ${REJECTED_STAGE} WHERE kind = '${kind}' AND key IS NOT NULL`,
    );
    // Whole-picture joins: a nested loop, chosen on statistics from before the load, would take hours where a hash takes seconds.
    if (staged >= ANALYZE_FROM_ROWS) await trx.raw(`ANALYZE ${table.stage}; ANALYZE stage_seen; SET LOCAL enable_nestloop = off`);
    const { duplicate, conflicting } = await settleKeys(trx, table);
    const excluded = await excludeUnderReview(trx, table, scope);
    await keepIdentifiers(trx, table);
    const waiting = await excludeStaffOfPendingInstitutions(trx, table, scope);
    const accepted = await writeChanged(trx, table, scope);
    if (accepted >= ANALYZE_FROM_ROWS) await trx.raw(`ANALYZE ${table.picture}`);
    await markMissing(trx, table, scope);
    counts.duplicate += duplicate;
    counts.excluded += excluded + waiting;
    counts.accepted += accepted;
    counts.unchanged += staged - duplicate - conflicting - excluded - waiting - accepted;
  }
  counts.quarantined = await writeQuarantine(trx, scope);
  return counts;
}

/** Known keys that the last complete picture of a source no longer holds and that were not told to have ended. */
export async function countMissing(trx: Transaction, source: string): Promise<number> {
  return count(
    trx,
    `SELECT (SELECT count(*) FROM landing.staff_record WHERE source = ? AND missing_since IS NOT NULL AND end_on IS NULL)
          + (SELECT count(*) FROM landing.institution_record WHERE source = ? AND missing_since IS NOT NULL)
          + (SELECT count(*) FROM landing.account_record WHERE source = ? AND missing_since IS NOT NULL) AS n`,
    [source, source, source],
  );
}
