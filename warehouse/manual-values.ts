/**
 * Values set by hand: insert-only, so that every run of every moment can tell which of them won then. An end is a row of its own; what is over by its day needs
 * none. As long as nobody sets one, all that a night pays is a look at an empty table.
 */
import type { ManualEntity } from '../schemas/manual-values.ts';
import type { ManualValue } from '../schemas/plan.ts';
import type { Database, Transaction } from './connect.ts';

/** SQL: every value with the moment from which it wins no more. */
export const MANUAL_SPAN = `
  SELECT v.*, e.how, e.ended_by, e.reason AS ended_why, e.ended_at, least(e.ended_at, (v.until + 1)::timestamp AT TIME ZONE 'Asia/Taipei') AS ends_at
  FROM review.manual_value v LEFT JOIN review.manual_value_end e ON e.value_id = v.id`;

const CLOCK = '(SELECT clock FROM ops.run WHERE id = :run)';
const inForceAt = (m: string, moment: string): string =>
  `${m}.set_at <= ${moment} AND coalesce(${m}.ends_at, 'infinity') > ${moment}`;

/** Those that win in run `:run`, and those that came to an end since run `:last` was made: what they say is told once more. */
const LIVE = `SELECT m.entity, m.entity_id FROM (${MANUAL_SPAN}) AS m
  WHERE m.set_at <= ${CLOCK} AND coalesce(m.ends_at, 'infinity') >= coalesce((SELECT clock FROM ops.run WHERE id = :last), '-infinity')`;

const RECORDS: Readonly<Record<ManualEntity, string>> = {
  person: 'warehouse.assignment o ON l.entity_id IN (o.person_id, o.home_id)',
  institution: 'warehouse.institution o ON o.id = l.entity_id',
  account: 'warehouse.account o ON o.id = l.entity_id',
};

/** SQL: (source, key) of the records that must be looked at for a value set by hand. Binds `:run` and `:last`, the last applied one. */
export const underManualValue = (entity: ManualEntity): string =>
  `SELECT o.source, o.source_key AS key FROM (${LIVE}) AS l JOIN ${RECORDS[entity]} WHERE l.entity = '${entity}'`;

/** What there is of an entity, newest first, by its id, for reconcile; needs `joined_person`. Those that are over too: an end has its day. Few, so that they fit in memory. */
export async function manualValuesFor(
  trx: Transaction,
  runId: number,
  entity: ManualEntity,
): Promise<Map<number, ManualValue[]>> {
  const { rows } = await trx.raw(
    `SELECT coalesce(j.survivor_id, m.entity_id) AS "entityId", m.id, m.field, i.source || ':' || i.source_key AS "institutionKey", m.columns, m.set_at AS "setAt", m.ends_at AS "endsAt",
            ${inForceAt('m', CLOCK)} AS "inForce"
     FROM (${MANUAL_SPAN}) AS m LEFT JOIN warehouse.institution i ON i.id = m.institution_id
     LEFT JOIN joined_person j ON m.entity = 'person' AND j.person_id = m.entity_id
     WHERE m.entity = :entity AND m.set_at <= ${CLOCK} ORDER BY 1, m.set_at DESC, m.id DESC`,
    { run: runId, entity },
  );
  return Map.groupBy(rows as (ManualValue & { entityId: number })[], (row) => row.entityId);
}

export interface NewManualValue {
  entity: ManualEntity;
  entityId: number;
  institutionId: number | null;
  field: string;
  columns: Record<string, unknown>;
  reason: string;
  by: string;
  /** ISO moment. */
  at: string;
  /** Last day on which it wins. */
  until: string | null;
}

/** Holds off whoever would set or end a value at the same time. First in the transaction. */
export const lockManualValues = (trx: Transaction): Promise<unknown> =>
  trx.raw('LOCK TABLE review.manual_value IN SHARE ROW EXCLUSIVE MODE');

/** Sets a value; one of the same field that still wins is replaced by it. @returns its number, and that of the one replaced */
export async function addManualValue(
  trx: Transaction,
  value: NewManualValue,
): Promise<{ id: number; replaced: number | null }> {
  const { rows: standing } = await trx.raw(
    `SELECT m.id FROM (${MANUAL_SPAN}) AS m WHERE m.entity = ? AND m.entity_id = ? AND m.field = ? AND m.institution_id IS NOT DISTINCT FROM ?
       AND coalesce(m.ends_at, 'infinity') > ?::timestamptz AND m.how IS NULL`,
    [value.entity, value.entityId, value.field, value.institutionId, value.at] as never,
  );
  const [row] = await trx('review.manual_value')
    .insert({
      entity: value.entity,
      entity_id: value.entityId,
      institution_id: value.institutionId,
      field: value.field,
      columns: JSON.stringify(value.columns),
      reason: value.reason,
      set_by: value.by,
      set_at: value.at,
      until: value.until,
    })
    .returning('id');
  const replaced: number | null = standing[0]?.id ?? null;
  if (replaced !== null)
    await endManualValue(trx, { id: replaced, how: 'replaced', by: value.by, reason: value.reason, at: value.at });
  return { id: row.id, replaced };
}

export const endManualValue = (
  trx: Transaction,
  end: { id: number; how: 'expired' | 'replaced'; by: string; reason: string; at: string },
): Promise<unknown> =>
  trx('review.manual_value_end').insert({
    value_id: end.id,
    how: end.how,
    ended_by: end.by,
    reason: end.reason,
    ended_at: end.at,
  });

export interface ManualValueRow {
  id: number;
  entity: ManualEntity;
  entity_id: number;
  /** What people call it: an account by its key. */
  name: string | null;
  account_key: string | null;
  /** Key of the institution itself, or of the unit where it holds. */
  institution_key: string | null;
  field: string;
  columns: Record<string, unknown>;
  reason: string;
  set_by: string;
  set_at: string;
  until: string | null;
  ends_at: string | null;
  how: 'expired' | 'replaced' | null;
  ended_by: string | null;
  ended_why: string | null;
  ended_at: string | null;
}

/** All values there ever were, the newest first. @param of only those of one person */
export async function listManualValues(
  db: Database | Transaction,
  of: { id?: number; person?: number } = {},
): Promise<ManualValueRow[]> {
  const { rows } = await db.raw(
    `SELECT m.*, p.name, a.source_key AS account_key, i.source || ':' || i.source_key AS institution_key
     FROM (${MANUAL_SPAN}) AS m
     LEFT JOIN LATERAL (SELECT name FROM warehouse.person_version v WHERE m.entity = 'person' AND v.person_id = m.entity_id
                        ORDER BY v.recorded_to DESC, v.valid_to DESC LIMIT 1) AS p ON true
     LEFT JOIN warehouse.account a ON m.entity = 'account' AND a.id = m.entity_id
     LEFT JOIN warehouse.institution i ON i.id = CASE WHEN m.entity = 'institution' THEN m.entity_id ELSE coalesce(m.institution_id, a.institution_id) END
     WHERE (?::bigint IS NULL OR m.id = ?::bigint) AND (?::bigint IS NULL OR (m.entity = 'person' AND (m.entity_id = ?::bigint OR m.entity_id IN (SELECT a.home_id FROM warehouse.assignment a WHERE a.person_id = ?::bigint))))
     ORDER BY m.id DESC`,
    [of.id ?? null, of.id ?? null, of.person ?? null, of.person ?? null, of.person ?? null] as never,
  );
  return rows;
}

/** Accounts by their key, `064601:lin`. */
export async function accountsByKey(db: Database | Transaction, key: string): Promise<{ id: number }[]> {
  return db('warehouse.account').where({ source_key: key }).select('id');
}

/** Units where a person serves or is still to serve, as known now, the service unit first. */
export async function unitsOfPerson(
  db: Database | Transaction,
  personId: number,
): Promise<{ id: number; key: string; primary: boolean; kindergarten: boolean }[]> {
  const { rows } = await db.raw(
    `SELECT i.id, i.source || ':' || i.source_key AS key, bool_or(v.is_primary) AS "primary",
            EXISTS (SELECT 1 FROM warehouse.institution_version w WHERE w.institution_id = i.id AND w.recorded_to = 'infinity' AND w.path = 'kindergarten') AS kindergarten
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity'
     JOIN warehouse.institution i ON i.id = a.institution_id
     WHERE a.person_id = ? GROUP BY i.id ORDER BY bool_or(v.is_primary) DESC, i.id`,
    [personId],
  );
  return rows;
}

export async function institutionIdByKey(db: Database | Transaction, key: string): Promise<number | null> {
  const { rows } = await db.raw(`SELECT id FROM warehouse.institution WHERE source || ':' || source_key = ?`, [key]);
  return rows[0]?.id ?? null;
}
