/**
 * Wire item to canonical row. Every field of the contract is mapped to a column or ignored by name (null); any other is named in
 * the notes. An item of the wrong shape becomes a row with its issues: what can be read of it still tells whose row it is (I12).
 */
import type { z } from 'zod';
import { careInstitution, careStaff } from '../../schemas/care-system.ts';
import type { Column, InstitutionColumn, RawRow, StaffColumn } from '../../schemas/columns.ts';
import type { Issue, Origin } from '../../schemas/records.ts';
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

/** `unknownFields` collects names of fields that the contract does not have. */
export function toRow(list: CareList, item: unknown, origin: Origin, unknownFields: Set<string>): RawRow {
  const { kind, schema } = LISTS[list];
  const fields: Readonly<Record<string, Column | null>> = LISTS[list].fields;
  const parsed = schema.safeParse(item);
  const values: RawRow['values'] = { section: SECTION };
  const issues: Issue[] = [];
  const given = item !== null && typeof item === 'object' ? Object.entries(item) : [];
  for (const [field, value] of given) {
    const column = fields[field];
    if (column === undefined) unknownFields.add(`${list}.${field.slice(0, 40)}`);
    else if (column !== null) {
      const text = asText(value);
      if (text === null) continue;
      if (!text.isWellFormed() || text.includes('\0'))
        issues.push({ code: 'raw-text-broken', column, value: null, params: { field } });
      else values[column] = text;
    }
  }
  for (const { path, message } of parsed.error?.issues ?? []) {
    const field = String(path[0] ?? '');
    issues.push({
      code: 'raw-field-shape',
      column: fields[field] ?? null,
      value: null,
      params: { field, problem: message },
    });
  }
  return issues.length > 0 ? { kind, values, origin, issues } : { kind, values, origin };
}

/** Text as received; null for what no column can hold (its issue tells). */
function asText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  return typeof value === 'boolean' ? String(value) : null;
}
