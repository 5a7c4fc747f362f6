/** What was expected of each source, and what came. A run finds who is late; the matter stays one, with its age, until something comes. */
import type { Finding } from '../schemas/plan.ts';
import { UNDATED } from '../schemas/undated.ts';
import type { Database, Transaction } from './connect.ts';
import { inForce } from './views/in-force.ts';
import type { SnapshotInstitution } from './views/snapshot-institutions.ts';

/** What the configuration expects of a source. */
export interface Expectation {
  source: string;
  /** Something new at least so often; null: whenever it comes. */
  everyDays: number | null;
}

export interface ReceivedSource {
  drop: string;
  /** The drop itself, or one school's part of it. */
  source: string;
  /** Moment of its newest picture: a file's arrival, a feed's `asOf`. Null: nothing yet. */
  received: string | null;
  /** Whole days since then (or since the installation began), and whether that is more than expected. */
  days: number;
  late: boolean;
}

/** SQL condition on a qualified code: lists knew its institution, and none that still holds it calls it open. Nobody expects anything of it any more. */
const goneFromLists = (code: string): string =>
  `(EXISTS (SELECT 1 FROM landing.institution_record l WHERE l.code = ${code})
    AND NOT EXISTS (SELECT 1 FROM landing.institution_record l WHERE l.code = ${code} AND l.missing_since IS NULL AND l.status <> '停辦'))`;

/**
 * Every source that was ever heard, and every configured one. A school of which every file was refused brought nothing, and counts from its first
 * one. What a replay read again is nothing new.
 * @param at moment of the run
 */
export async function receivedSources(
  db: Database | Transaction,
  expectations: readonly Expectation[],
  at: string,
): Promise<ReceivedSource[]> {
  const { rows } = await db.raw(
    `WITH expected AS (SELECT * FROM unnest(:drops::text[], :every::integer[]) AS e (drop_name, every_days)),
     heard AS (
       SELECT s.drop_name, s.source, min(r.clock) AS first,
              max(CASE WHEN s.as_of > :undated::timestamptz THEN s.as_of ELSE r.clock END) FILTER (WHERE s.status = 'fresh') AS received
       FROM ops.run_source s JOIN ops.run r ON r.id = s.run_id
       WHERE s.status IN ('fresh', 'failed') AND r.kind <> 'replay' AND r.clock <= :at::timestamptz GROUP BY 1, 2
       HAVING bool_or(s.status = 'fresh') OR s.source <> s.drop_name AND s.source NOT LIKE '%/unknown-%'),
     known AS (
       SELECT e.drop_name, e.every_days, coalesce(h.source, e.drop_name) AS source, h.received,
              coalesce(h.received, h.first, (SELECT min(clock) FROM ops.run), :at::timestamptz) AS since
       FROM expected e LEFT JOIN heard h USING (drop_name))
     SELECT drop_name AS "drop", source, received, greatest(0, floor(extract(epoch FROM :at::timestamptz - since) / 86400))::integer AS days,
            coalesce(:at::timestamptz - since > make_interval(days => every_days), false)
              AND NOT ${goneFromLists(`split_part(known.source, '/', 2)`)} AS late
     FROM known ORDER BY drop_name COLLATE "C", source COLLATE "C"`,
    {
      drops: expectations.map((e) => e.source),
      every: expectations.map((e) => e.everyDays),
      undated: UNDATED,
      at,
    } as never,
  );
  return rows;
}

export function lateSources(expectations: readonly Expectation[], received: readonly ReceivedSource[]): Finding[] {
  const every = new Map(expectations.map((e) => [e.source, e.everyDays]));
  return received
    .filter((source) => source.late)
    .map(({ source, drop, days }) => ({
      code: 'source-late',
      institutionKey: null,
      subject: source,
      personRef: null,
      params: { days, every: every.get(drop) ?? 0 },
    }));
}

/** What came from a school since a moment that a deadline asks from. */
export interface SchoolUpdate extends SnapshotInstitution {
  key: string;
  /** Moment of its newest picture, whenever it came; null: nothing yet. */
  last: string | null;
  /** Moment of the first one since the deadline asks; null: none. */
  first: string | null;
}

/**
 * Schools in force, and on a list still, with what came from each; one row per section. What a replay read again is nothing new, and a file
 * of which no row could be read brought nothing.
 * @param drops sources that hold what is asked of schools
 */
export async function schoolUpdates(
  trx: Transaction,
  drops: readonly string[],
  since: string,
  day: string,
): Promise<SchoolUpdate[]> {
  const { rows } = await trx.raw(
    `WITH heard AS (
       SELECT split_part(s.source, '/', 2) AS code, max(s.as_of) FILTER (WHERE s.as_of > :undated::timestamptz) AS last,
              min(s.as_of) FILTER (WHERE s.as_of >= :since::timestamptz) AS first
       FROM ops.run_source s JOIN ops.run r ON r.id = s.run_id
       WHERE s.drop_name = ANY(:drops) AND s.source <> s.drop_name AND s.status = 'fresh' AND s.accepted + s.unchanged > 0 AND r.kind <> 'replay' GROUP BY 1)
     SELECT i.id, i.source || ':' || i.source_key AS key, v.path, c.code, v.section, NULL AS moe_code, v.name, v.ownership, v.legal_class,
            v.district, v.status, h.last, h.first
     FROM warehouse.institution i JOIN warehouse.institution_version v ON v.institution_id = i.id AND ${inForce('v', ':day')}
     JOIN warehouse.institution_code c ON c.institution_id = i.id AND c.system = 'school'
     LEFT JOIN heard h ON h.code = c.code
     WHERE v.path = 'school' AND NOT ${goneFromLists('c.code')}
     ORDER BY c.code COLLATE "C", v.section COLLATE "C"`,
    { drops: [...drops], since, day, undated: UNDATED },
  );
  return rows;
}
