/** Rows and values that were not taken, until they are corrected. Values are masked on the way in; the raw row is in its sealed object. */
import { CORRECTED_BY_DELETION, KEPT_COLUMNS } from '../../schemas/messages/severity.ts';
import type { Issue, RecordKind } from '../../schemas/records.ts';
import type { Database, Transaction } from '../connect.ts';
import { RECORD_TABLES } from './record-tables.ts';

export interface QuarantinedRow {
  id: number;
  source: string;
  kind: RecordKind;
  severity: 'row' | 'value';
  object_id: number;
  object: string;
  row_no: number;
  issues: Issue[];
  /** Moment of the run that first found it. */
  since: string;
  first_run_id: number;
  last_run_id: number;
  /** A last good version stays in force: of the row, or of each value that was left out. null where it cannot be told whose row it is. */
  kept: boolean | null;
  /** Open rows of the same source. */
  of_source: number;
}

export interface QuarantineFilter {
  /** Configured sources, or single ones such as `roster/064601`; null for all. */
  sources: readonly string[] | null;
  /** Code of an institution; null for all. */
  institution: string | null;
  limit: number;
  /** At most so many of each source. */
  perSource?: number;
}

/** Whether the picture holds a good value for every column that an issue of the row names. */
const VALUES_KEPT = (Object.keys(RECORD_TABLES) as RecordKind[])
  .map((kind) => {
    const known = Object.entries(KEPT_COLUMNS[kind]).map(([column, field]) => `'${column}', '${field}'`);
    return `WHEN '${kind}' THEN jsonb_build_object(${known.join(', ')})`;
  })
  .join(' ');

const PICTURES = Object.values(RECORD_TABLES)
  .map(
    (t) =>
      `SELECT to_jsonb(r) AS held, r.${t.institution} AS institution FROM ${t.picture} r WHERE q.kind = '${t.kind}' AND r.source = q.source AND r.key = q.key`,
  )
  .join(' UNION ALL ');

/** Open rows, those of one cause together, the cause that hits most rows first; each in the order of its file. */
export async function openQuarantine(db: Database, filter: QuarantineFilter): Promise<QuarantinedRow[]> {
  const { rows } = await db.raw(
    `SELECT * FROM (
     SELECT q.id, q.source, q.kind, q.severity, q.object_id, o.name AS object, q.row_no, q.issues, q.first_run_id, q.last_run_id,
            coalesce(f.clock, o.received_at) AS since,
            CASE WHEN q.key IS NULL THEN NULL WHEN p.held IS NULL THEN false WHEN q.severity = 'row' THEN true
                 ELSE NOT EXISTS (SELECT 1 FROM jsonb_array_elements(q.issues) i
                                  WHERE p.held ->> ((CASE q.kind ${VALUES_KEPT} END) ->> (i ->> 'column')) IS NULL) END AS kept,
            count(*) OVER (PARTITION BY q.source) AS of_source,
            count(*) OVER (PARTITION BY q.source, q.severity, q.issues->0->>'code', q.issues->0->>'column') AS of_cause
     FROM landing.quarantine q JOIN landing.object o ON o.id = q.object_id
     LEFT JOIN ops.run f ON f.id = q.first_run_id
     LEFT JOIN LATERAL (${PICTURES}) AS p ON true
     WHERE q.resolved_run_id IS NULL
       AND (:sources::text[] IS NULL OR q.source = ANY(:sources) OR split_part(q.source, '/', 1) = ANY(:sources))
       AND (:institution::text IS NULL OR split_part(q.source, '/', 2) = :institution OR p.institution = :institution)
     ) AS o
     WHERE :per_source::integer IS NULL OR id IN (
       SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY source ORDER BY object_id, row_no, id) AS nth
                       FROM landing.quarantine WHERE resolved_run_id IS NULL) AS n WHERE nth <= :per_source)
     ORDER BY of_cause DESC, source COLLATE "C", severity, issues->0->>'code', issues->0->>'column', object_id, row_no, id
     LIMIT :limit`,
    { ...filter, per_source: filter.perSource ?? null } as never,
  );
  return rows;
}

/** Of these numbers, the open rows of a source that are corrected by being deleted. */
export async function deletableRows(trx: Transaction, source: string, ids: readonly number[]): Promise<number[]> {
  const { rows } = await trx.raw(
    `SELECT id FROM landing.quarantine WHERE source = ? AND id = ANY(?::bigint[]) AND resolved_run_id IS NULL
       AND issues->0->>'code' = ANY(?::text[])`,
    [source, [...ids], [...CORRECTED_BY_DELETION]],
  );
  return (rows as { id: number }[]).map((row) => row.id);
}
