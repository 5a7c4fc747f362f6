/**
 * Columns that a delivery may do without, and what of a record they are. One that it does not have at all says nothing: the record keeps what it told
 * before. So does an empty cell in a list of changes (異動). In a complete list an empty cell says that there is nothing.
 */
import type { Column } from './columns.ts';
import type { ShapeField } from './drift.ts';
import type { RecordKind } from './records.ts';

export interface OptionalValue {
  /** Any of them tells it. */
  columns: readonly Column[];
  /** Where it stands in the picture. */
  fields: readonly string[];
  /** Whether a default stands for it: then an empty cell cannot be told from one that says so. */
  hasDefault?: boolean;
}

const one = (column: Column, field: string): OptionalValue => ({ columns: [column], fields: [field] });

export const OPTIONAL_VALUES: Readonly<Record<RecordKind, readonly OptionalValue[]>> = {
  staff: [
    one('sex', 'sex'),
    one('birthDate', 'birth_date'),
    { columns: ['title', 'titleKind'], fields: ['title', 'title_code'] },
    one('title', 'title'),
    one('subjects', 'subjects'),
    { columns: ['primary'], fields: ['is_primary'], hasDefault: true },
    one('email', 'email'),
    one('phone', 'phone'),
    one('certificateNo', 'certificate_no'),
  ],
  account: [one('holderName', 'holder_name'), one('enabledOn', 'enabled_on'), one('lastLoginAt', 'last_login_at')],
  course: [one('courseName', 'course_name'), one('endsOn', 'ends_on')],
  institution: [
    one('legalClass', 'legal_class'),
    one('district', 'district'),
    one('address', 'address'),
    one('phone', 'phone'),
    one('principal', 'principal'),
    one('parentSchoolCode', 'parent_school_code'),
  ],
};

/** What a delivery says nothing of. */
export interface Silence {
  source: string;
  /** By kind, columns that it has. */
  told: (kind: RecordKind) => ReadonlySet<string>;
  /** Its empty cells say nothing either. */
  blanks: boolean;
}

/** @param fields every field of the delivery; none where its connector does not tell them, and then nothing is known to be absent */
export function silenceOf(source: string, fields: readonly ShapeField[], blanks: boolean): Silence | null {
  if (fields.length === 0) return null;
  const told = (kind: RecordKind): ReadonlySet<string> =>
    new Set(fields.flatMap((f) => (f.column !== null && (f.kind ?? kind) === kind ? [f.column] : [])));
  return { source, told, blanks };
}
