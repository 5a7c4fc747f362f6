/**
 * Values that a person of the bureau sets by hand: read as a source's cell is, kept with owner, reason and last day, and laid over what the sources say by the
 * next run (`reconcile/manual.ts`). The audit trail says of whom and which field, never the value.
 */
import { MANUAL_FIELDS, type ManualEntity, manualFieldOf } from '../schemas/manual-values.ts';
import { type ManualValueLine, manualValueLine } from '../schemas/outputs/manual-values.ts';
import { sensitiveIn } from '../schemas/sensitive-text.ts';
import type { ActingUser } from '../schemas/users.ts';
import { ManualValueError } from '../schemas/value-error.ts';
import { appendAudit } from '../warehouse/audit.ts';
import type { Database, Transaction } from '../warehouse/connect.ts';
import { holdToRole } from '../warehouse/hold-to-role.ts';
import { standingPerson } from '../warehouse/joined-people.ts';
import {
  accountsByKey,
  addManualValue,
  endManualValue,
  institutionIdByKey,
  listManualValues,
  lockManualValues,
  type ManualValueRow,
  unitsOfPerson,
} from '../warehouse/manual-values.ts';
import { personExists } from '../warehouse/views/explain.ts';
import { institutionRefs } from '../warehouse/views/report-institutions.ts';
import { readManualValue } from './normalise/read-manual-value.ts';
import { institutionOf } from './report/institution-of.ts';
import { narrowTo } from './report/narrow-to.ts';
import { taipeiDay } from './taipei-day.ts';
import { tellRefusal } from './told-refusal.ts';

export interface ValueToSet {
  entity: ManualEntity;
  /** Our own id of a person; `CODE[:SECTION]` of an institution; key of an account, `064601:lin`. */
  id: string;
  /** Name of the field or its title. */
  field: string;
  value: string;
  /** `CODE[:SECTION]` of the unit where a title or subjects hold. */
  at: string | null;
  reason: string;
  /** ISO day, the last on which it wins. */
  until: string | null;
  by: ActingUser;
  /** ISO moment. */
  when: string;
}

interface Target {
  id: number;
  unit: { id: number; kindergarten: boolean } | null;
}

/** Where a title or subjects hold: the unit that was named, else the only one, else the service unit. */
async function unitOf(trx: Transaction, personId: number, at: string | null): Promise<NonNullable<Target['unit']>> {
  const units = await unitsOfPerson(trx, personId);
  const named = at === null ? null : (await narrowTo(trx, at)).key;
  const [first, second] = units;
  const clear = first !== undefined && (second === undefined || (first.primary && !second.primary));
  const unit = named === null ? (clear ? first : undefined) : units.find(({ key }) => key === named);
  if (unit === undefined) {
    const codes = units.map(({ key }) => key.slice(key.indexOf(':') + 1)).join(', ') || '—';
    throw new ManualValueError('value-unit-unclear', { units: codes });
  }
  return unit;
}

async function targetOf(trx: Transaction, { entity, id, at }: ValueToSet, atUnit: boolean): Promise<Target> {
  if (entity === 'institution') {
    const found = await institutionIdByKey(trx, (await narrowTo(trx, id)).key);
    return { id: found as number, unit: null };
  }
  if (entity === 'account') {
    const [account, another] = await accountsByKey(trx, id.toLowerCase());
    if (account === undefined || another !== undefined) throw new ManualValueError('value-account-unknown');
    return { id: account.id, unit: null };
  }
  const person = await standingPerson(trx, /^[1-9]\d{0,14}$/.test(id) ? Number(id) : 0);
  if (!(await personExists(trx, person))) throw new ManualValueError('value-person-unknown');
  return { id: person, unit: atUnit ? await unitOf(trx, person, at) : null };
}

function columnsOf(asked: ValueToSet, field: string, kindergarten: boolean): Record<string, unknown> {
  if (sensitiveIn(asked.value) !== null) throw new ManualValueError('value-sensitive');
  const reading = readManualValue(asked.entity, field, asked.value, { kindergarten, at: asked.when });
  if ('columns' in reading) return reading.columns;
  if ('none' in reading) throw new ManualValueError('value-missing', { field });
  throw new ManualValueError('value-unreadable', {}, reading.refused);
}

/**
 * @returns the value as it stands, and the number of the one that it replaces
 * @throws ManualValueError, InstitutionNotFoundError, UserRefusedError: nothing is set then
 */
export async function setManualValue(
  db: Database,
  asked: ValueToSet,
): Promise<{ line: ManualValueLine; replaced: number | null }> {
  const { entity, by, when } = asked;
  const field = manualFieldOf(entity, asked.field);
  const fields = Object.keys(MANUAL_FIELDS[entity]).join(', ');
  if (field === null) throw new ManualValueError('value-field-unknown', { field: asked.field, fields });
  const today = taipeiDay(when);
  if (asked.until !== null && asked.until < today)
    throw new ManualValueError('value-until-past', { until: asked.until, today });
  const set = (): Promise<{ id: number; replaced: number | null }> =>
    db.transaction(async (trx) => {
      await holdToRole(trx, by, ['bureau']);
      await lockManualValues(trx);
      const target = await targetOf(trx, asked, MANUAL_FIELDS[entity][field]?.atUnit ?? false);
      const columns = columnsOf(asked, field, target.unit?.kindergarten ?? false);
      const { reason, until } = asked;
      const value = {
        entity,
        entityId: target.id,
        institutionId: target.unit?.id ?? null,
        field,
        columns,
        reason,
        until,
      };
      const made = await addManualValue(trx, { ...value, by: by.name, at: when });
      const detail = { of: `${entity}:${target.id}`, field, reason, until, replaced: made.replaced };
      await appendAudit(trx, {
        at: when,
        actor: by.name,
        action: 'value-set',
        subject: `manual-value:${made.id}`,
        detail,
      });
      return made;
    });
  const made = await tellRefusal(db, { by, at: when, subject: `manual-value:${entity}` }, set);
  const [line] = await shownValues(db, { id: made.id }, when);
  return { line: line as ManualValueLine, replaced: made.replaced };
}

/** Ends a value before its time; the sources' last word is back with the next run. @throws ManualValueError, UserRefusedError */
export async function expireManualValue(
  db: Database,
  asked: { id: number; reason: string; by: ActingUser; when: string },
): Promise<ManualValueLine> {
  const { id, reason, by, when } = asked;
  const expire = (): Promise<void> =>
    db.transaction(async (trx) => {
      await holdToRole(trx, by, ['bureau']);
      await lockManualValues(trx);
      const [row] = await listManualValues(trx, { id });
      if (row === undefined) throw new ManualValueError('value-unknown', { id });
      if (statusOf(row, when) !== 'in-force') throw new ManualValueError('value-over', { id });
      await endManualValue(trx, { id, how: 'expired', by: by.name, reason, at: when });
      const detail = { of: `${row.entity}:${row.entity_id}`, field: row.field, reason };
      await appendAudit(trx, {
        at: when,
        actor: by.name,
        action: 'value-expired',
        subject: `manual-value:${id}`,
        detail,
      });
    });
  await tellRefusal(db, { by, at: when, subject: `manual-value:${id}` }, expire);
  return (await shownValues(db, { id }, when))[0] as ManualValueLine;
}

function statusOf(row: ManualValueRow, when: string): ManualValueLine['status'] {
  if (row.how !== null) return row.how;
  return row.ends_at !== null && Date.parse(row.ends_at) <= Date.parse(when) ? 'over' : 'in-force';
}

/** A value as people read it. @param columns as the warehouse holds it */
export function shownColumns(columns: Record<string, unknown>): string | null {
  const [value] = Object.values(columns);
  if (Array.isArray(value)) return value.length === 0 ? null : value.join('、');
  return value === null || value === undefined || value === '' ? null : String(value);
}

/** @param when ISO moment at which it is asked what is in force */
async function shownValues(
  db: Database,
  of: { id?: number; person?: number },
  when: string,
): Promise<ManualValueLine[]> {
  const rows = await listManualValues(db, of);
  const keys = rows.flatMap((row) => row.institution_key ?? []);
  const refs = await institutionRefs(db, [...new Set(keys)], 'infinity');
  return rows.map((row) => {
    const institution = row.institution_key === null ? null : institutionOf(refs, row.institution_key);
    const code = institution && [institution.code, institution.path === 'kindergarten' ? null : institution.section];
    const ids = {
      person: String(row.entity_id),
      account: row.account_key,
      institution: code?.filter(Boolean).join(':'),
    };
    return manualValueLine.parse({
      number: row.id,
      entity: row.entity,
      id: ids[row.entity],
      name: row.name,
      field: row.field,
      value: shownColumns(row.columns),
      institution,
      reason: row.reason,
      by: row.set_by,
      setAt: row.set_at,
      until: row.until,
      status: statusOf(row, when),
      end: row.how === null ? null : { by: row.ended_by, reason: row.ended_why, at: row.ended_at },
    });
  });
}

/** Those in force, or with `all` every one there ever was, the newest first. */
export async function manualValues(db: Database, when: string, all = false): Promise<ManualValueLine[]> {
  const lines = await shownValues(db, {}, when);
  return all ? lines : lines.filter(({ status }) => status === 'in-force');
}
