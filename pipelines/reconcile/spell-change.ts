/** What becomes of one spell of service: opened, changed, ended, its end corrected or withdrawn, or a return as a new spell. Pure. */
import type { NewestSpell, PlanChange, SpellStretch, SpellValues } from '../../schemas/plan.ts';
import { common, spellValues } from './change-parts.ts';
import { endSpell } from './end-spell.ts';
import { dayOf, type End, endOf, isLost, later, OPEN, type Standing, since } from './standing.ts';
import { dayBefore, leaveDay, leaveSince, opened, restate, sameLeave, sameLine, unended } from './timeline.ts';

const assignmentValues = (s: Standing): SpellValues => ({
  title: s.row.title,
  titleCode: s.row.title_code,
  subjects: s.row.subjects,
  isPrimary: s.primary,
  onLeave: s.row.on_leave,
});

const DUTIES: readonly (readonly [field: keyof SpellValues, reason: string, rule: string])[] = [
  ['isPrimary', '主聘異動', 'R08'],
  ['title', '職稱異動', 'R07'],
  ['titleCode', '職稱異動', 'R07'],
  ['subjects', '任教科目異動', 'R07'],
];
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function openSpell(s: Standing, ref: string, spell: number, reason: string, effective = since(s.row)): PlanChange {
  const rule = s.row.path === 'school' ? 'R08' : 'R11';
  const values = assignmentValues(s);
  const stretches = opened(values, effective, s.row.leave_changed_on);
  return {
    ...common(s.row, ref),
    entity: 'assignment',
    action: 'add',
    entityId: null,
    reason,
    rule,
    effective,
    before: null,
    after: { ...values, spell, ...(stretches.length > 1 && { stretches }) },
  };
}

/**
 * A record that arrives already ended leaves its history: an ended spell, and the person on record (R09). The day of registration is no start that
 * was told: where the end lies before it, the day before the end stands for the spell, and nothing contradicts.
 */
function closedSpell(s: Standing, ref: string, spell: number, end: End): PlanChange {
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

/** What a record says of a spell that had ended: the same end, a corrected one, none at all (withdrawn), or a return as a new spell. */
function endedSpellChange(s: Standing, ref: string, spell: NewestSpell, elsewhere: boolean): PlanChange | null {
  const { row } = s;
  if (isLost(row)) return null;
  const registered = dayOf(row.registered_at);
  const line = unended(spell.stretches, spell.began);
  const began = (line[0] as SpellStretch).from;
  // An end before the start was never one to come back from: a record without it takes it back, however late it comes.
  const impossible = spell.valid_to < began;
  const sameSpell = row.start_on === null ? impossible || registered < spell.valid_to : row.start_on <= began;
  if (!sameSpell) {
    const from = later(row.start_on ?? registered, spell.valid_to);
    return openSpell(s, ref, spell.last + 1, elsewhere ? '轉入' : '回任', from);
  }
  const values = assignmentValues(s);
  return {
    ...common(row, ref),
    entity: 'assignment',
    action: 'change',
    entityId: spell.id,
    reason: '異動撤銷',
    rule: 'R09',
    effective: began,
    before: { ...spellValues(spell), validTo: spell.valid_to, endReason: spell.end_reason },
    after: { ...values, stretches: restate(line, values, registered, row.leave_changed_on) },
  };
}

/** What is to be done about the spells of one record; in most cases nothing, or one thing. */
export function assignmentChanges(s: Standing, ref: string, elsewhere: boolean): PlanChange[] {
  const { row } = s;
  const end = endOf(s);
  const spell = row.spell;
  if (spell === null) {
    if (end) return [closedSpell(s, ref, 1, end)];
    return [openSpell(s, ref, 1, elsewhere ? '轉入' : row.known_source ? '新進' : '首次登錄')];
  }
  const open = spell.valid_to === OPEN;
  if (end) return open || end.rule !== 'R08' ? endSpell(s, ref, spell, end) : [];
  const change = open ? openSpellChange(s, ref, spell) : endedSpellChange(s, ref, spell, elsewhere);
  return change ? [change] : [];
}

/** Why the line of an open spell changes, by which rule, and from when. A leave that is taken back before it began is a withdrawal, not a return. */
function whyChanged(
  s: Standing,
  known: readonly SpellStretch[],
  told: readonly SpellStretch[],
  registeredOn: string,
): Pick<PlanChange, 'reason' | 'rule' | 'effective'> {
  const [before, after] = [known.at(-1) as SpellStretch, told.at(-1) as SpellStretch];
  if (!sameLeave(known, told)) {
    const effective = leaveDay(known, registeredOn, s.row.leave_changed_on);
    const withdrawn = before.onLeave && !after.onLeave && effective <= leaveSince(known);
    return { reason: withdrawn ? '異動撤銷' : '留職停薪異動', rule: 'R10', effective };
  }
  const changed = DUTIES.find(([field]) => !same(before[field], after[field]));
  const [, reason, rule] = changed as (typeof DUTIES)[number];
  return { reason, rule, effective: registeredOn };
}

function openSpellChange(s: Standing, ref: string, spell: NewestSpell): PlanChange | null {
  const { row } = s;
  const before = spellValues(spell);
  const after = assignmentValues(s);
  // A post that becomes secondary because of another registration is known from that registration on, not before (R24).
  const yields = before.isPrimary !== after.isPrimary && s.yieldsTo !== null;
  const registeredAt = yields ? later(row.registered_at, s.yieldsTo!.registered_at) : row.registered_at;
  const registeredOn = dayOf(registeredAt);
  const stretches = restate(spell.stretches, after, registeredOn, row.leave_changed_on);
  if (sameLine(spell.stretches, stretches)) return null;
  return {
    ...common(row, ref),
    registeredAt,
    entity: 'assignment',
    action: 'change',
    entityId: spell.id,
    ...whyChanged(s, spell.stretches, stretches, registeredOn),
    before: { ...before },
    after: { ...after, stretches },
  };
}
