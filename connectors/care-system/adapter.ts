/** Wire item to canonical row. Every field of the contract is mapped to a column or ignored by name (null). */
import type { z } from 'zod';
import { careInstitution, careStaff } from '../../schemas/care-system.ts';
import type { Column, InstitutionColumn, RawRow, StaffColumn } from '../../schemas/columns.ts';
import type { Origin } from '../../schemas/records.ts';
import { fieldMap, type ItemShape, readItem } from '../json-item.ts';
import { type ShapeCollector, withFindings } from '../json-shape.ts';
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
  institutions: {
    kind: 'institution',
    fields: fieldMap(INSTITUTION_FIELDS),
    schema: careInstitution,
    prefix: 'institutions.',
  },
  staff: { kind: 'staff', fields: fieldMap(STAFF_FIELDS), schema: careStaff, prefix: 'staff.' },
} as const satisfies Record<CareList, ItemShape>;

/** Everybody and everything in this feed is of this section. */
const SECTION = '幼兒園';

/** `shape` collects the fields of all items. */
export function toRow(list: CareList, item: unknown, origin: Origin, shape: ShapeCollector): RawRow {
  const values: RawRow['values'] = { section: SECTION };
  const { issues, drift } = readItem(item, LISTS[list], values, shape);
  return withFindings({ kind: LISTS[list].kind, values, origin }, issues, drift);
}
