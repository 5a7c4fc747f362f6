/**
 * The bitemporal write of one kind of entity, set-based from the plan. Nothing recorded is edited but `recorded_to`: a change closes what was known
 * and writes what is known from now on. Spells of service may hold changes that are still to come and have their own way (`spells.ts`).
 */
import type { Transaction } from '../connect.ts';
import { REVERTED } from '../reverts/reverted.ts';
import { writeStretches } from './spells.ts';

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
      typed('began', 'date'),
      text('taken_by', 'takenBy'),
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
      text('applied_by'),
      text('enabled_by'),
    ],
  },
];

const ORIGIN = 'registered_at, source, source_key, object_id, row_no, run_id, rule, reason, manual_value, judgement_id';
const FROM_PLAN =
  'c.registered_at, c.source, c.source_key, c.object_id, c.row_no, c.run_id, c.rule, c.reason, c.manual_value, c.judgement_id';

/** Columns that an entity never changes keep the old version's value. */
const KEPT: Readonly<Partial<Record<VersionedEntity['entity'], string>>> = { institution: 'path' };

export interface WrittenVersions {
  added: number;
  changed: number;
  ended: number;
}

/** Writes the versions of one entity. */
export async function writeVersions(
  trx: Transaction,
  spec: VersionedEntity,
  runId: number,
  recordedAt: string,
): Promise<void> {
  await addVersions(trx, spec, runId, recordedAt);
  if (spec.entity === 'assignment') await writeStretches(trx, runId, recordedAt);
  else await replaceVersions(trx, spec, runId, recordedAt);
}

/** How many of each entity the plan of a run adds, changes and ends. */
export async function countChanges(
  trx: Transaction,
  runId: number,
): Promise<Record<VersionedEntity['entity'], WrittenVersions>> {
  const { rows } = await trx.raw(
    'SELECT entity, action, count(*) AS n FROM ops.plan_change WHERE run_id = ? GROUP BY entity, action',
    [runId],
  );
  const count = (entity: string, action: string): number =>
    rows.find((r: { entity: string; action: string }) => r.entity === entity && r.action === action)?.n ?? 0;
  const written = ({ entity }: VersionedEntity) =>
    [entity, { added: count(entity, 'add'), changed: count(entity, 'change'), ended: count(entity, 'end') }] as const;
  return Object.fromEntries(VERSIONED.map(written)) as Record<VersionedEntity['entity'], WrittenVersions>;
}

async function addVersions(trx: Transaction, spec: VersionedEntity, runId: number, recordedAt: string): Promise<void> {
  const { entity } = spec;
  const names = spec.columns.map(([name]) => name).join(', ');
  const values = spec.columns.map(([, from]) => from).join(', ');
  await trx.raw(
    `INSERT INTO warehouse.${entity}_version (${entity}_id, valid_from, valid_to, recorded_from, ${names}, ${ORIGIN})
     SELECT c.entity_id, c.effective, coalesce((c.after->>'validTo')::date, 'infinity'), ?::timestamptz, ${values}, ${FROM_PLAN}
     FROM ops.plan_change c WHERE c.run_id = ? AND c.entity = ? AND c.action = 'add' AND c.reason <> '${REVERTED}'
       AND c.after->'stretches' IS NULL`,
    [recordedAt, runId, entity],
  );
}

/**
 * A change of what has one open version: that one is closed, what was true until the change and what is true from it are written. An end on or before the
 * day of the last change leaves of it an empty stretch: what held before it stays, and nothing holds from then on.
 */
async function replaceVersions(
  trx: Transaction,
  spec: VersionedEntity,
  runId: number,
  recordedAt: string,
): Promise<void> {
  const { entity } = spec;
  const table = `warehouse.${entity}_version`;
  const names = spec.columns.map(([name]) => name).join(', ');
  const open = `v.recorded_to = 'infinity' AND v.valid_to = 'infinity'`;
  await trx.raw('DROP TABLE IF EXISTS replaced');
  await trx.raw(
    `CREATE TEMP TABLE replaced ON COMMIT DROP AS
     SELECT v.*, c.seq, c.action, c.effective FROM ops.plan_change c
     JOIN ${table} v ON v.${entity}_id = c.entity_id AND ${open}
     WHERE c.run_id = ? AND c.entity = ? AND c.action IN ('change', 'end') AND c.reason <> '${REVERTED}'`,
    [runId, entity],
  );
  await trx.raw(
    `UPDATE ${table} v SET recorded_to = ?::timestamptz FROM replaced r WHERE v.${entity}_id = r.${entity}_id AND ${open}`,
    [recordedAt],
  );
  const before = spec.columns.map(([name]) => `r.${name}`).join(', ');
  await trx.raw(
    `INSERT INTO ${table} (${entity}_id, valid_from, valid_to, recorded_from, ${names}, ${ORIGIN})
     SELECT r.${entity}_id, r.valid_from, greatest(r.valid_from, r.effective), ?::timestamptz, ${before}, ${FROM_PLAN}
     FROM replaced r JOIN ops.plan_change c ON c.run_id = ? AND c.seq = r.seq WHERE r.action = 'end'`,
    [recordedAt, runId],
  );
  await trx.raw(
    `INSERT INTO ${table} (${entity}_id, valid_from, valid_to, recorded_from, ${names}, ${ORIGIN})
     SELECT r.${entity}_id, r.valid_from, r.effective, ?::timestamptz, ${before}, c.registered_at, r.source, r.source_key, r.object_id, r.row_no,
            c.run_id, r.rule, r.reason, r.manual_value, r.judgement_id
     FROM replaced r JOIN ops.plan_change c ON c.run_id = ? AND c.seq = r.seq WHERE r.action = 'change' AND r.effective > r.valid_from`,
    [recordedAt, runId],
  );
  const now = spec.columns.map(([name, from]) => (KEPT[entity] === name ? `r.${name}` : from)).join(', ');
  await trx.raw(
    `INSERT INTO ${table} (${entity}_id, valid_from, recorded_from, ${names}, ${ORIGIN})
     SELECT r.${entity}_id, greatest(r.valid_from, r.effective), ?::timestamptz, ${now}, ${FROM_PLAN}
     FROM replaced r JOIN ops.plan_change c ON c.run_id = ? AND c.seq = r.seq WHERE r.action = 'change'`,
    [recordedAt, runId],
  );
}

/** Fresh statistics after a large apply: what reads the whole warehouse next would be planned for empty tables. */
export async function analyzeWarehouse(
  trx: Transaction,
  changes: Readonly<Record<string, WrittenVersions>>,
): Promise<void> {
  const written = Object.values(changes).reduce((sum, c) => sum + c.added + c.changed + c.ended, 0);
  if (written < 1000) return;
  const entities = VERSIONED.map(({ entity }) => entity);
  const tables = entities.flatMap((entity) => [`warehouse.${entity}`, `warehouse.${entity}_version`]);
  await trx.raw(`ANALYZE ${[...tables, 'warehouse.person_identifier', 'landing.identifier'].join(', ')}`);
}
