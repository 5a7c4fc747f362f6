/** What becomes of one spell of service: opened, changed, ended, its end corrected or withdrawn, or a return as a new spell. Pure. */
import type { PlanChange, StaffRow } from '../../schemas/plan.ts';
import { dayOf, isLost, later, OPEN, type Standing, since } from './standing.ts';

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

export const common = (row: StaffRow, ref: string) => ({
  institutionKey: row.institution_key as string,
  source: row.source,
  sourceKey: row.key,
  personRef: ref,
  registeredAt: row.registered_at,
  objectId: row.object_id,
  rowNo: row.row_no,
});

const assignmentValues = (s: Standing) => ({
  title: s.row.title,
  titleCode: s.row.title_code,
  subjects: s.row.subjects,
  isPrimary: s.primary,
  onLeave: s.row.on_leave,
});

function spellValues(spell: NonNullable<StaffRow['spell']>): Record<string, unknown> {
  return {
    title: spell.title,
    titleCode: spell.title_code,
    subjects: spell.subjects,
    isPrimary: spell.is_primary,
    onLeave: spell.on_leave,
  };
}

const CHANGE_REASONS: readonly (readonly [field: string, reason: string, rule: string])[] = [
  ['onLeave', '留職停薪異動', 'R10'],
  ['isPrimary', '主聘異動', 'R08'],
  ['title', '職稱異動', 'R07'],
  ['titleCode', '職稱異動', 'R07'],
  ['subjects', '任教科目異動', 'R07'],
];
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export function endOf(s: Standing): { on: string; reason: string; rule: string; registeredAt: string } | null {
  if (s.supersededBy) {
    const registeredAt = later(s.row.registered_at, s.supersededBy.registered_at);
    return { on: since(s.supersededBy), reason: '轉校', rule: 'R08', registeredAt };
  }
  if (s.serving) return null;
  return {
    on: s.row.end_on as string,
    reason: s.row.end_reason ?? '離職',
    rule: 'R09',
    registeredAt: s.row.registered_at,
  };
}

function openSpell(s: Standing, ref: string, spell: number, reason: string, effective = since(s.row)): PlanChange {
  const rule = s.row.path === 'school' ? 'R08' : 'R11';
  return {
    ...common(s.row, ref),
    entity: 'assignment',
    action: 'add',
    entityId: null,
    reason,
    rule,
    effective,
    before: null,
    after: { ...assignmentValues(s), spell },
  };
}

/** A record that arrives already ended leaves its history: an ended spell, and the person on record (R09). */
function closedSpell(s: Standing, ref: string, spell: number, end: NonNullable<ReturnType<typeof endOf>>): PlanChange {
  const from = since(s.row) < end.on ? since(s.row) : dayBefore(end.on);
  return {
    ...common(s.row, ref),
    registeredAt: end.registeredAt,
    entity: 'assignment',
    action: 'add',
    entityId: null,
    reason: end.reason,
    rule: end.rule,
    effective: from,
    before: null,
    after: { ...assignmentValues(s), isPrimary: s.row.is_primary, spell, validTo: end.on, endReason: end.reason },
  };
}

type Spell = NonNullable<StaffRow['spell']>;
type End = NonNullable<ReturnType<typeof endOf>>;

function endSpell(s: Standing, ref: string, spell: Spell, end: End): PlanChange {
  return {
    ...common(s.row, ref),
    registeredAt: end.registeredAt,
    entity: 'assignment',
    action: 'end',
    entityId: spell.id,
    reason: end.reason,
    rule: end.rule,
    effective: end.on,
    before: spellValues(spell),
    after: { endReason: end.reason },
  };
}

/** What a record says of a spell that had ended: the same end, a corrected one, none at all (withdrawn), or a return as a new spell. */
function endedSpellChange(
  s: Standing,
  ref: string,
  spell: Spell,
  end: End | null,
  elsewhere: boolean,
): PlanChange | null {
  const { row } = s;
  if (end) {
    const saidBefore = end.on === spell.valid_to && end.reason === spell.end_reason;
    return saidBefore || end.rule === 'R08' ? null : endSpell(s, ref, spell, end);
  }
  if (isLost(row)) return null;
  const registered = dayOf(row.registered_at);
  const sameSpell = row.start_on === null ? registered < spell.valid_to : row.start_on <= spell.valid_from;
  if (!sameSpell) {
    const from = later(row.start_on ?? registered, spell.valid_to);
    return openSpell(s, ref, spell.spell + 1, elsewhere ? '轉入' : '回任', from);
  }
  return {
    ...common(row, ref),
    entity: 'assignment',
    action: 'change',
    entityId: spell.id,
    reason: '異動撤銷',
    rule: 'R09',
    effective: spell.valid_from,
    before: { ...spellValues(spell), validTo: spell.valid_to, endReason: spell.end_reason },
    after: assignmentValues(s),
  };
}

export function assignmentChange(s: Standing, ref: string, elsewhere: boolean): PlanChange | null {
  const { row } = s;
  const end = endOf(s);
  const spell = row.spell;
  if (spell === null) {
    if (end) return closedSpell(s, ref, 1, end);
    return openSpell(s, ref, 1, elsewhere ? '轉入' : row.known_source ? '新進' : '首次登錄');
  }
  if (spell.valid_to !== OPEN) return endedSpellChange(s, ref, spell, end, elsewhere);
  if (end) return endSpell(s, ref, spell, end);
  const before = spellValues(spell);
  const after = assignmentValues(s);
  const changed = CHANGE_REASONS.find(([field]) => !same(before[field], after[field as keyof typeof after]));
  if (!changed) return null;
  const [field, reason, rule] = changed;
  // A post that becomes secondary because of another registration is known from that registration on, not before (R24).
  const registeredAt =
    field === 'isPrimary' && s.yieldsTo ? later(row.registered_at, s.yieldsTo.registered_at) : row.registered_at;
  return {
    ...common(row, ref),
    registeredAt,
    entity: 'assignment',
    action: 'change',
    entityId: spell.id,
    reason,
    rule,
    effective: dayOf(registeredAt),
    before,
    after,
  };
}
