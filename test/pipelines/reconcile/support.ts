/** Records of one person as reconcile is given them: a teacher of one school, with what a test wants otherwise. */
import type { StaffRow } from '../../../schemas/plan.ts';

export const HERE = 'schools:064601:國小';
export const THERE = 'schools:064602:國小';

export function staffRow(changes: Partial<StaffRow> = {}): StaffRow {
  return {
    person_ref: 'p1',
    person_id: 1,
    path: 'school',
    source: 'roster/064601',
    key: '064601::one',
    institution_key: HERE,
    known_source: true,
    name: '王小明',
    name_key: '王小明',
    sex: '男',
    birth_date: '1981-05-06',
    title: '教師',
    title_code: 7,
    subjects: ['國語文'],
    is_primary: true,
    start_on: null,
    end_on: null,
    end_reason: null,
    on_leave: false,
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

/** The spell that stands for a row, open since 2023-08-01 unless said otherwise. */
export function spellOf(row: StaffRow, changes: Partial<Spell> = {}): Spell {
  return {
    id: 11,
    spell: 1,
    valid_from: '2023-08-01',
    valid_to: 'infinity',
    end_reason: null,
    rule: 'R08',
    title: row.title,
    title_code: row.title_code,
    subjects: row.subjects,
    is_primary: row.is_primary,
    on_leave: false,
    ...changes,
  };
}
