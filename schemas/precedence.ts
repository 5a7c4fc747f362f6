/**
 * Whose word counts, field by field, as data. Of a person several records may speak; for each field the first criterion in which two of them differ decides,
 * and of what the winner says nothing the next one is heard. What was set by hand goes before all. Not here, since no record may say it of another unit: title,
 * subjects and leave are those of the unit's own record (R07), and which unit has a person is a matter of registration (R08) and of the care system (R11).
 */
export const CRITERIA = ['service-unit', 'serving', 'school', 'newest'] as const;
export type Criterion = (typeof CRITERIA)[number];

export const PERSON_FIELDS = ['name', 'name_key', 'sex', 'birth_date', 'email', 'phone', 'certificate_no'] as const;
export type PersonField = (typeof PERSON_FIELDS)[number];

export interface Precedence {
  order: readonly Criterion[];
  /** Rule that the choice stands under. */
  rule: string;
}

/** The record of the service unit first, one that serves before one that ended, a school's before a kindergarten's, the newest before an older one. */
const BY_UNIT: Precedence = { order: ['service-unit', 'serving', 'school', 'newest'], rule: 'R02' };

export const PRECEDENCE: Readonly<Record<PersonField, Precedence>> = {
  name: BY_UNIT,
  name_key: BY_UNIT,
  sex: BY_UNIT,
  birth_date: BY_UNIT,
  email: BY_UNIT,
  phone: BY_UNIT,
  certificate_no: BY_UNIT,
};
