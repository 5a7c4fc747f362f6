/**
 * A record whose word was undone says nothing until it says something else: in its place stands what the roster has of it, and so it is with the other records of the
 * person that say nothing new. Whatever a record does say anew is judged as if the undone word had never come. Pure.
 */
import {
  type AccountRow,
  INSTITUTION_FIELDS,
  type InstitutionRow,
  type ManualValue,
  type SpellStretch,
  type StaffRow,
  type UnitJudgement,
} from '../../schemas/plan.ts';
import { OPEN } from './days.ts';
import { beneathHand } from './manual.ts';

/** First day of the service unit, where the post was secondary before. */
function primarySince(line: readonly SpellStretch[]): string | null {
  const other = line.findLastIndex(({ isPrimary }) => !isPrimary);
  return line.at(-1)?.isPrimary && other >= 0 ? (line[other + 1] as SpellStretch).from : null;
}

/** What the record tells of the person at all, as it is known of them. */
function personAsKnown(row: StaffRow, manual: readonly ManualValue[]): Partial<StaffRow> {
  if (row.person === null) return {};
  const person = beneathHand(
    row.person,
    manual.filter((m) => m.institutionKey === null),
  );
  const known = (field: Exclude<keyof typeof person, 'name' | 'name_key'>): string | null =>
    row[field] === null ? null : person[field];
  return {
    name: person.name,
    name_key: person.name_key,
    sex: known('sex'),
    birth_date: known('birth_date'),
    email: known('email'),
    phone: known('phone'),
    certificate_no: known('certificate_no'),
  };
}

/** Of a record of which nothing stands there is nothing to say. A claim that somebody decided about is as the record tells it: the decision is on claims. */
function asStands(row: StaffRow, judgement: UnitJudgement | null, manual: readonly ManualValue[]): StaffRow | null {
  const { spell } = row;
  if (spell === null) return null;
  const { isPrimary, onLeave, ...rest } = spell.stretches.at(-1) as SpellStretch;
  const ofUnit = manual.filter((m) => m.institutionKey !== null && m.institutionKey === row.institution_key);
  const { title, titleCode, subjects } = beneathHand(rest, ofUnit);
  // Who was closed for a registration elsewhere was so without a word of this record (R08).
  const told = spell.valid_to !== OPEN && spell.rule !== 'R08';
  return {
    ...row,
    ...personAsKnown(row, manual),
    title,
    title_code: titleCode,
    subjects,
    is_primary: judgement?.keep === row.institution_key ? row.is_primary : isPrimary,
    primary_since: primarySince(spell.stretches),
    start_on: null,
    end_on: told ? spell.valid_to : null,
    end_reason: told ? spell.end_reason : null,
    on_leave: onLeave,
    leave_changed_on: null,
  };
}

/** Whether a record says something that the roster does not know yet. */
export const isHeard = (row: StaffRow): boolean => row.fresh && !row.set_aside;

/**
 * @param rows all records of one person
 * @param manual what was ever set by hand of that person, newest first
 * @returns those that say something, as they are to be heard
 */
export const asHeard = (
  rows: readonly StaffRow[],
  judgement: UnitJudgement | null = null,
  manual: readonly ManualValue[] = [],
): StaffRow[] =>
  rows.some((row) => row.set_aside)
    ? rows.flatMap((row) => (isHeard(row) ? row : (asStands(row, judgement, manual) ?? [])))
    : [...rows];

/** An institution's record as it is to be heard; null where nothing stands for what it said. */
export function institutionAsHeard(row: InstitutionRow, manual: readonly ManualValue[]): InstitutionRow | null {
  const { current } = row;
  if (!row.set_aside) return row;
  if (current === null) return null;
  const known = Object.fromEntries(INSTITUTION_FIELDS.map((field) => [field, current[field] ?? null]));
  return { ...row, ...beneathHand(known, manual) };
}

/** The same of an account's. */
export function accountAsHeard(row: AccountRow, manual: readonly ManualValue[]): AccountRow | null {
  if (!row.set_aside) return row;
  if (row.current === null || row.current.valid_to !== OPEN) return null;
  const { account_kind, id_hmac, holder_name, state, enabled_on, last_login_at, applied_by, enabled_by } =
    row.current as Record<string, unknown> &
      Pick<AccountRow, 'account_kind' | 'id_hmac' | 'holder_name' | 'state'> &
      Pick<AccountRow, 'enabled_on' | 'last_login_at' | 'applied_by' | 'enabled_by'>;
  const known = { account_kind, id_hmac, holder_name, state, enabled_on, last_login_at, applied_by, enabled_by };
  return { ...row, ...beneathHand(known, manual) };
}
