/**
 * A record whose word was undone says nothing until it says something else: in its place stands what the roster has of it, and so it is with the other records of the
 * person that say nothing new. Whatever a record does say anew is judged as if the undone word had never come. Pure.
 */
import type { SpellStretch, StaffRow } from '../../schemas/plan.ts';
import { OPEN } from './days.ts';

/** First day of the service unit, where the post was secondary before. */
function primarySince(line: readonly SpellStretch[]): string | null {
  const other = line.findLastIndex(({ isPrimary }) => !isPrimary);
  return line.at(-1)?.isPrimary && other >= 0 ? (line[other + 1] as SpellStretch).from : null;
}

/** What the record tells of the person at all, as it is known of them. */
function personAsKnown(row: StaffRow): Partial<StaffRow> {
  const { person } = row;
  if (person === null) return {};
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

/** Of a record of which nothing stands there is nothing to say. */
function asStands(row: StaffRow): StaffRow | null {
  const { spell } = row;
  if (spell === null) return null;
  const { title, titleCode, subjects, isPrimary, onLeave } = spell.stretches.at(-1) as SpellStretch;
  // Who was closed for a registration elsewhere was so without a word of this record (R08).
  const told = spell.valid_to !== OPEN && spell.rule !== 'R08';
  return {
    ...row,
    ...personAsKnown(row),
    title,
    title_code: titleCode,
    subjects,
    is_primary: isPrimary,
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

/** @param rows all records of one person. @returns those that say something, as they are to be heard */
export const asHeard = (rows: readonly StaffRow[]): StaffRow[] =>
  rows.some((row) => row.set_aside) ? rows.flatMap((row) => (isHeard(row) ? row : (asStands(row) ?? []))) : [...rows];
