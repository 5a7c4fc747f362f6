/** Records of one person as reconcile is given them: a teacher of one school, with what a test wants otherwise. */
import type { SpellStretch, StaffRow } from '../../../schemas/plan.ts';

export const HERE = 'schools:064601:國小';
export const THERE = 'schools:064602:國小';

export function staffRow(changes: Partial<StaffRow> = {}): StaffRow {
  return {
    person_ref: 'p1',
    was_person: null,
    joined_by: null,
    joined_at: null,
    taker_parted: false,
    person_id: 1,
    path: 'school',
    source: 'roster/064601',
    key: '064601::one',
    institution_key: HERE,
    moved: false,
    missing: false,
    set_aside: false,
    fresh: true,
    vacant: null,
    known_source: true,
    name: '王小明',
    name_key: '王小明',
    sex: '男',
    birth_date: '1981-05-06',
    title: '教師',
    title_code: 7,
    subjects: ['國語文'],
    is_primary: true,
    primary_since: null,
    start_on: null,
    end_on: null,
    end_reason: null,
    on_leave: false,
    leave_changed_on: null,
    email: null,
    phone: null,
    certificate_no: null,
    registered_at: '2024-07-30T10:00:00+08:00',
    object_id: 1,
    row_no: 2,
    spell: null,
    person: null,
    ...changes,
  };
}

type Spell = NonNullable<StaffRow['spell']>;

/** A stretch of a spell of that teacher. */
export const stretch = (from: string, to: string, changes: Partial<SpellStretch> = {}): SpellStretch => ({
  from,
  to,
  title: '教師',
  titleCode: 7,
  subjects: ['國語文'],
  isPrimary: true,
  onLeave: false,
  endReason: null,
  ...changes,
});

/** The spell that stands for a row, one stretch since 2023-08-01 unless said otherwise. */
export function spellOf(row: StaffRow, changes: Partial<Spell> = {}): Spell {
  const spell = {
    id: 11,
    spell: 1,
    began: '2023-08-01',
    valid_to: 'infinity',
    end_reason: null,
    rule: 'R08',
    taken_by: null,
    is_primary: row.is_primary,
    earlier: [],
    last: 1,
    ...changes,
  };
  const whole = stretch(spell.began ?? '2023-08-01', spell.valid_to, {
    isPrimary: spell.is_primary,
    endReason: spell.end_reason,
  });
  return { stretches: [whole], ...spell };
}
