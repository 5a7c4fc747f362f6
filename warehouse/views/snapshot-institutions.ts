/** Institutions as a snapshot sees them, and when each was last heard of. A city has some thousand: they are read whole. */
import type { LegalClass, Ownership, Section } from '../../schemas/records.ts';
import type { Transaction } from '../connect.ts';
import { type SnapshotMoments, visible } from './snapshot-visible.ts';

export interface SnapshotInstitution {
  id: number;
  path: 'school' | 'kindergarten';
  /** A school's code, or the care system's sid of a kindergarten. */
  code: string;
  section: Section;
  /** Code of the MOE list, where the crosswalk knows it. */
  moe_code: string | null;
  name: string;
  ownership: Ownership;
  legal_class: LegalClass | null;
  district: string | null;
  status: string;
}

/** Codes as they were known at the moment of a snapshot. */
const CODES = `(
  SELECT system, code, institution_id FROM warehouse.institution_code WHERE recorded_from <= :through
  UNION ALL SELECT system, code, institution_id FROM warehouse.past_institution_code WHERE recorded_from <= :through AND recorded_to > :through)`;

/** Every institution of the city, in the order of its code and section. */
export async function snapshotInstitutions(trx: Transaction, moments: SnapshotMoments): Promise<SnapshotInstitution[]> {
  const { rows } = await trx.raw(
    `SELECT v.institution_id AS id, v.path, c.code, v.section, m.code AS moe_code, v.name, v.ownership, v.legal_class, v.district, v.status
     FROM warehouse.institution_version v
     JOIN ${CODES} AS c ON c.institution_id = v.institution_id
       AND c.system = CASE v.path WHEN 'school' THEN 'school' ELSE 'care' END
     LEFT JOIN (SELECT institution_id, min(code COLLATE "C") AS code FROM ${CODES} AS l
                WHERE system = 'moe-kindergarten' GROUP BY institution_id) AS m ON m.institution_id = v.institution_id
     WHERE ${visible('v', 'institution')}
     ORDER BY c.code COLLATE "C", v.section COLLATE "C"`,
    moments as never,
  );
  return rows;
}

export interface LastPicture {
  /** Moment of the newest proven picture. */
  at: string;
  /** Heard in the very run that the snapshot stands on. */
  now: boolean;
}
export interface StaffSources {
  /** Newest proven picture per source, landed by the run or an earlier one. */
  pictures: ReadonlyMap<string, LastPicture>;
  /** Sources whose last try failed. */
  failing: ReadonlySet<string>;
  /** Sources that gave staff, per institution id. */
  byInstitution: ReadonlyMap<number, readonly string[]>;
  /** The care source of each kindergarten: it speaks for the staff too (R11). */
  ofKindergarten: ReadonlyMap<number, string>;
  /** Of institutions with changes held when the run was recorded: the limits that they were over. */
  held: ReadonlyMap<number, readonly string[]>;
  /** Drops that hold a roster per school, as `<drop>/<code>`. */
  drops: readonly string[];
}

/** @param runId the run that the snapshot stands on; needs `snapshot_scope` */
export async function staffSources(trx: Transaction, runId: number): Promise<StaffSources> {
  const pictures = await trx.raw(
    `SELECT source, max(at) AS at, bool_or(run_id = :run) AS now FROM (
       SELECT s.source, s.run_id, coalesce(s.as_of, r.clock) AS at FROM ops.run_source s JOIN ops.run r ON r.id = s.run_id
       WHERE s.status = 'fresh' AND s.run_id <= :run
       UNION ALL SELECT source, run_id, as_of FROM landing.delivery WHERE run_id <= :run) AS heard
     GROUP BY source`,
    { run: runId },
  );
  const failing = await trx.raw(
    `SELECT source FROM (SELECT DISTINCT ON (source) source, status FROM ops.run_source
                         WHERE run_id <= ? AND status <> 'waiting' ORDER BY source, run_id DESC) AS last WHERE status = 'failed'`,
    [runId],
  );
  const gave = await trx.raw(
    // Few pairs of so many spells: of each one spell that was known then is enough.
    `SELECT p.institution_id, array_agg(p.source ORDER BY p.source) AS sources
     FROM (SELECT institution_id, source FROM warehouse.assignment GROUP BY institution_id, source) AS p JOIN snapshot_scope s ON s.id = p.institution_id
     CROSS JOIN LATERAL (
       SELECT FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id
       WHERE a.institution_id = p.institution_id AND a.source = p.source AND v.recorded_from <= (SELECT recorded_at FROM ops.run WHERE id = :run) LIMIT 1) AS one
     GROUP BY p.institution_id`,
    { run: runId },
  );
  const care = await trx.raw(
    `SELECT i.id, i.source FROM warehouse.institution i JOIN snapshot_scope s ON s.id = i.id WHERE s.path = 'kindergarten'`,
  );
  const held = await trx.raw(
    `SELECT i.id, array_agg(DISTINCT r->>'guard' ORDER BY r->>'guard') AS guards
     FROM review.hold h
     JOIN ops.run run ON run.id = :run
     JOIN ops.held_plan p ON p.run_id = h.last_run_id AND p.hold_key = h.hold_key
     CROSS JOIN LATERAL (
       SELECT unnest(h.institutions) AS institution_key
       UNION SELECT c.institution_key FROM ops.held_change c WHERE c.run_id = h.last_run_id AND h.hold_key = ANY(c.held_by)) AS k
     CROSS JOIN LATERAL jsonb_array_elements(p.reasons) AS r
     JOIN warehouse.institution i ON i.source || ':' || i.source_key = k.institution_key
     WHERE h.opened_at <= run.recorded_at AND (h.closed_at IS NULL OR h.closed_at > run.recorded_at)
     GROUP BY i.id`,
    { run: runId },
  );
  const byInstitution = new Map<number, string[]>(
    gave.rows.map((r: { institution_id: number; sources: string[] }) => [r.institution_id, r.sources]),
  );
  const drops = [...byInstitution.values()].flat().filter((source) => source.includes('/'));
  return {
    pictures: new Map(
      pictures.rows.map((r: LastPicture & { source: string }) => [r.source, { at: r.at, now: r.now }] as const),
    ),
    failing: new Set(failing.rows.map((r: { source: string }) => r.source)),
    held: new Map(held.rows.map((r: { id: number; guards: string[] }) => [r.id, r.guards] as const)),
    byInstitution,
    ofKindergarten: new Map(care.rows.map((r: { id: number; source: string }) => [r.id, r.source] as const)),
    drops: [...new Set(drops.map((source) => source.split('/')[0] as string))],
  };
}
