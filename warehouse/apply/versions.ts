/**
 * The bitemporal write of one kind of entity, set-based from the plan. Nothing recorded is edited but `recorded_to`: a change closes the open
 * version as known, writes what was true until the change, and what is true from it.
 */
import type { Transaction } from '../connect.ts';

export interface VersionedEntity {
  entity: 'institution' | 'person' | 'assignment' | 'account';
  /** Own columns and how to take each from the plan's `after`. */
  columns: readonly (readonly [name: string, fromAfter: string])[];
}

const text = (name: string, key = name): readonly [string, string] => [name, `c.after->>'${key}'`];
const typed = (name: string, type: string, key = name): readonly [string, string] => [
  name,
  `(c.after->>'${key}')::${type}`,
];

export const VERSIONED: readonly VersionedEntity[] = [
  {
    entity: 'institution',
    columns: [
      text('path'),
      text('name'),
      text('section'),
      text('ownership'),
      text('legal_class'),
      typed('quasi_public', 'boolean'),
      text('district'),
      text('address'),
      text('phone'),
      text('principal'),
      text('parent_school_code'),
      text('status'),
    ],
  },
  {
    entity: 'person',
    columns: [
      text('name'),
      text('name_key'),
      text('sex'),
      typed('birth_date', 'date'),
      text('email'),
      text('phone'),
      text('certificate_no'),
    ],
  },
  {
    entity: 'assignment',
    columns: [
      text('title'),
      typed('title_code', 'smallint', 'titleCode'),
      ['subjects', `ARRAY(SELECT jsonb_array_elements_text(c.after->'subjects'))`],
      typed('is_primary', 'boolean', 'isPrimary'),
      typed('on_leave', 'boolean', 'onLeave'),
      text('end_reason', 'endReason'),
    ],
  },
  {
    entity: 'account',
    columns: [
      text('account_kind'),
      ['id_hmac', `decode(c.after->>'id_hmac', 'hex')`],
      text('holder_name'),
      text('state'),
      typed('enabled_on', 'date'),
      typed('last_login_at', 'timestamptz'),
    ],
  },
];

const ORIGIN = 'registered_at, source, source_key, object_id, row_no, run_id, rule, reason';
const FROM_PLAN = 'c.registered_at, c.source, c.source_key, c.object_id, c.row_no, c.run_id, c.rule, c.reason';

/** Columns that an entity never changes keep the old version's value. */
const KEPT: Readonly<Partial<Record<VersionedEntity['entity'], string>>> = { institution: 'path' };

/** Writes the versions of one entity; @returns how many were added, changed, ended */
export async function writeVersions(
  trx: Transaction,
  spec: VersionedEntity,
  runId: number,
  recordedAt: string,
): Promise<{ added: number; changed: number; ended: number }> {
  const { entity } = spec;
  const table = `warehouse.${entity}_version`;
  const names = spec.columns.map(([name]) => name).join(', ');
  const values = spec.columns.map(([, from]) => from).join(', ');
  // The version that a change starts from: the open one, or of a spell that ended the one that says so (a corrected or withdrawn end).
  const standing = spec.columns.some(([name]) => name === 'end_reason')
    ? `(v.valid_to = 'infinity' OR v.end_reason IS NOT NULL)`
    : `v.valid_to = 'infinity'`;
  const given = [recordedAt, runId, entity];
  const added = await trx.raw(
    `INSERT INTO ${table} (${entity}_id, valid_from, valid_to, recorded_from, ${names}, ${ORIGIN})
     SELECT c.entity_id, c.effective, coalesce((c.after->>'validTo')::date, 'infinity'), ?::timestamptz, ${values}, ${FROM_PLAN}
     FROM ops.plan_change c WHERE c.run_id = ? AND c.entity = ? AND c.action = 'add'`,
    given,
  );
  await trx.raw('DROP TABLE IF EXISTS replaced');
  await trx.raw(
    `CREATE TEMP TABLE replaced ON COMMIT DROP AS
     SELECT v.*, c.seq, c.action, c.effective FROM ops.plan_change c
     JOIN ${table} v ON v.${entity}_id = c.entity_id AND v.recorded_to = 'infinity' AND ${standing}
     WHERE c.run_id = ? AND c.entity = ? AND c.action IN ('change', 'end')`,
    [runId, entity],
  );
  await trx.raw(
    `UPDATE ${table} v SET recorded_to = ?::timestamptz FROM replaced r
     WHERE v.${entity}_id = r.${entity}_id AND v.recorded_to = 'infinity' AND ${standing}`,
    [recordedAt],
  );
  const old = spec.columns.map(([name]) => (name === 'end_reason' ? `c.reason` : `r.${name}`)).join(', ');
  const ended = await trx.raw(
    `INSERT INTO ${table} (${entity}_id, valid_from, valid_to, recorded_from, ${names}, ${ORIGIN})
     SELECT r.${entity}_id, least(r.valid_from, r.effective - 1), r.effective, ?::timestamptz, ${old}, ${FROM_PLAN}
     FROM replaced r JOIN ops.plan_change c ON c.run_id = ? AND c.seq = r.seq WHERE r.action = 'end'`,
    [recordedAt, runId],
  );
  const before = spec.columns.map(([name]) => `r.${name}`).join(', ');
  await trx.raw(
    `INSERT INTO ${table} (${entity}_id, valid_from, valid_to, recorded_from, ${names}, ${ORIGIN})
     SELECT r.${entity}_id, r.valid_from, r.effective, ?::timestamptz, ${before}, c.registered_at, r.source, r.source_key, r.object_id, r.row_no,
            c.run_id, r.rule, r.reason
     FROM replaced r JOIN ops.plan_change c ON c.run_id = ? AND c.seq = r.seq WHERE r.action = 'change' AND r.effective > r.valid_from`,
    [recordedAt, runId],
  );
  const now = spec.columns.map(([name, from]) => (KEPT[entity] === name ? `r.${name}` : from)).join(', ');
  const changed = await trx.raw(
    `INSERT INTO ${table} (${entity}_id, valid_from, recorded_from, ${names}, ${ORIGIN})
     SELECT r.${entity}_id, greatest(r.valid_from, r.effective), ?::timestamptz, ${now}, ${FROM_PLAN}
     FROM replaced r JOIN ops.plan_change c ON c.run_id = ? AND c.seq = r.seq WHERE r.action = 'change'`,
    [recordedAt, runId],
  );
  return { added: added.rowCount ?? 0, changed: changed.rowCount ?? 0, ended: ended.rowCount ?? 0 };
}

/** Fresh statistics after a large apply: what reads the whole warehouse next would be planned for empty tables. */
export async function analyzeWarehouse(
  trx: Transaction,
  changes: Readonly<Record<string, { added: number; changed: number; ended: number }>>,
): Promise<void> {
  const written = Object.values(changes).reduce((sum, c) => sum + c.added + c.changed + c.ended, 0);
  if (written < 1000) return;
  const entities = VERSIONED.map(({ entity }) => entity);
  const tables = entities.flatMap((entity) => [`warehouse.${entity}`, `warehouse.${entity}_version`]);
  await trx.raw(`ANALYZE ${[...tables, 'warehouse.person_identifier', 'landing.identifier'].join(', ')}`);
}
