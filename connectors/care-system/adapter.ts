/**
 * Wire item to canonical row. Every field of the contract is mapped to a column or ignored by name (null); any other, and a value of
 * another type, is drift. An item of the wrong shape becomes a row with its issues: what can be read of it still tells whose row it is (I12).
 */
import type { z } from 'zod';
import { careInstitution, careStaff } from '../../schemas/care-system.ts';
import type { Column, InstitutionColumn, RawRow, StaffColumn } from '../../schemas/columns.ts';
import type { Origin } from '../../schemas/records.ts';
import { asText, fieldName, judge, type ShapeCollector, withFindings } from '../json-shape.ts';
import type { CareList } from './wire.ts';

type Fields<Shape, Name extends Column> = Readonly<Record<Extract<KnownKey<Shape>, string>, Name | null>>;
/** Keys of a loose object without its index signature. */
type KnownKey<T> = keyof { [K in keyof T as string extends K ? never : K]: T[K] };

const INSTITUTION_FIELDS: Fields<z.infer<typeof careInstitution>, InstitutionColumn> = {
  sid: 'code',
  name: 'name',
  ownership: 'ownership',
  legalClass: 'legalClass',
  parentSchoolCode: 'parentSchoolCode',
  quasiPublic: 'quasiPublic',
  town: 'district',
  address: 'address',
  telephone: 'phone',
  principal: 'principal',
  approvedCapacity: null,
  status: 'status',
  reviewStatus: 'review',
  updatedAt: 'registeredAt',
};

const STAFF_FIELDS: Fields<z.infer<typeof careStaff>, StaffColumn> = {
  staffId: 'staffId',
  institutionSid: 'institutionCode',
  nationalId: 'nationalId',
  name: 'name',
  sex: 'sex',
  birthDate: 'birthDate',
  title: 'title',
  certificateNo: 'certificateNo',
  hiredOn: 'startOn',
  leftOn: 'endOn',
  leaveReason: 'endReason',
  email: 'email',
  mobile: 'phone',
  reviewStatus: 'review',
  changeType: 'reviewing',
  updatedAt: 'registeredAt',
};

const LISTS = {
  institutions: { kind: 'institution', fields: INSTITUTION_FIELDS, schema: careInstitution },
  staff: { kind: 'staff', fields: STAFF_FIELDS, schema: careStaff },
} as const;

/** Everybody and everything in this feed is of this section. */
const SECTION = '幼兒園';

const NO_ITEM: Readonly<Record<string, unknown>> = {};

/** `shape` collects the fields of all items. */
export function toRow(list: CareList, item: unknown, origin: Origin, shape: ShapeCollector): RawRow {
  const { kind, schema } = LISTS[list];
  const fields: Readonly<Record<string, Column | null>> = LISTS[list].fields;
  const parsed = schema.safeParse(item);
  const values: RawRow['values'] = { section: SECTION };
  const given =
    item !== null && typeof item === 'object' && !Array.isArray(item) ? (item as Record<string, unknown>) : NO_ITEM;
  const nameOf = (field: string): string => `${list}.${fieldName(field)}`;
  const { issues, drift } =
    parsed.error === undefined
      ? { issues: [], drift: [] }
      : judge(parsed.error.issues, given, (field) => fields[field] ?? null, nameOf);
  for (const [field, value] of Object.entries(given)) {
    const column = fields[field];
    shape.add(nameOf(field), column ?? null, value, kind);
    if (column === undefined) drift.push({ kind: 'unknown-column', field: nameOf(field), column: null });
    else if (column !== null) {
      const text = asText(value);
      if (text === null) continue;
      if (!text.isWellFormed() || text.includes('\0'))
        issues.push({ code: 'raw-text-broken', column, value: null, params: { field } });
      else values[column] = text;
    }
  }
  return withFindings({ kind, values, origin }, issues, drift);
}
