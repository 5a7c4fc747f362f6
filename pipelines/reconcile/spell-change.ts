/** What becomes of one spell of service: opened, changed, ended, its end corrected or withdrawn, or a return as a new spell. Pure. */
import {
  HAND_ENDED,
  type NewestSpell,
  type PlanChange,
  type SpellStretch,
  type SpellValues,
  type StaffRow,
} from '../../schemas/plan.ts';
import { common, spellValues } from './change-parts.ts';
import { dayBefore, dayOf, later, OPEN, UNTOLD } from './days.ts';
import { endSpell } from './end-spell.ts';
import { type Cause, causeOf, inForce, withHand } from './manual.ts';
import { claimsSince, type End, endOf, isLost, returnsOn, type Standing, since } from './standing.ts';
import { begunOn, heldUntil, leaveDay, leaveSince, opened, restate, sameLeave, sameLine, unended } from './timeline.ts';

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

/** The line of a unit that becomes the primary one when a kindergarten lets the person go, if that is after the day on which it would. */
const held = (line: SpellStretch[], holder: StaffRow | null, wouldBe: string): SpellStretch[] =>
  holder !== null && (holder.end_on as string) > wouldBe
    ? heldUntil(line, since(holder), holder.end_on as string)
    : line;

const dutiesNow = (line: readonly SpellStretch[]): SpellValues => {
  const { title, titleCode, subjects, isPrimary, onLeave } = line.at(-1) as SpellStretch;
  return { title, titleCode, subjects, isPrimary, onLeave };
};

/** Title and subjects that are set by hand hold from the day on which somebody set them. */
const byHand = (line: SpellStretch[], { manual }: Standing): SpellStretch[] =>
  inForce(manual)
    .toReversed()
    .reduce((told, m) => restate(told, withHand(dutiesNow(told), [m]), dayOf(m.setAt), null), line);

/** What the record says, but for what stands set by hand: of that it says nothing as long as the hand holds. */
function besideHand({ manual }: Standing, values: SpellValues, line: readonly SpellStretch[]): SpellValues {
  const columns = new Set(inForce(manual).flatMap((m) => Object.keys(m.columns)));
  const known = dutiesNow(line);
  return Object.fromEntries(
    Object.entries(values).map(([c, value]) => [c, columns.has(c) ? known[c as keyof SpellValues] : value]),
  ) as unknown as SpellValues;
}

/** The line of an open spell after its record was heard. */
const said = (s: Standing, line: readonly SpellStretch[], values: SpellValues, registeredOn: string): SpellStretch[] =>
  byHand(
    held(restate(line, besideHand(s, values, line), registeredOn, s.row.leave_changed_on), s.heldBy, registeredOn),
    s,
  );

/** The registration that a line hangs on: what another record decides is known from that record on, not before (R24). */
const heardOf = ({ row, heldBy }: Standing): string =>
  heldBy === null ? row.registered_at : later(row.registered_at, heldBy.registered_at);

/** Number of a record's next spell; one that was taken back is given again, with its id. */
const nextSpell = ({ spell, vacant }: StaffRow): { id: number | null; spell: number } =>
  vacant ?? { id: null, spell: (spell?.last ?? 0) + 1 };

function openSpell(s: Standing, ref: string, reason: string, effective = since(s.row)): PlanChange {
  const { id, spell } = nextSpell(s.row);
  const rule = s.row.path === 'school' ? 'R08' : 'R11';
  const told = assignmentValues(s);
  const values = withHand(told, s.manual);
  const stretches = byHand(held(opened(told, effective, s.row.leave_changed_on), s.heldBy, effective), s);
  return {
    ...common(s.row, ref),
    registeredAt: heardOf(s),
    entity: 'assignment',
    action: 'add',
    entityId: id,
    reason,
    rule,
    effective,
    before: null,
    after: { ...values, spell, ...(stretches.length > 1 && { stretches }) },
  };
}

/**
 * A record that arrives already ended leaves its history: an ended spell, and the person on record (R09). The day of registration is no start that
 * was told: where the end lies before it, the day before the end stands for the spell, and nothing contradicts. One that serves when it arrives, and is closed
 * for a registration elsewhere, began on the day of its own.
 */
function closedSpell(s: Standing, ref: string, end: End): PlanChange {
  const { id, spell } = nextSpell(s.row);
  const start = since(s.row);
  const from = start < end.on ? start : dayBefore(end.on);
  const began = s.row.start_on === null && s.row.end_on !== null ? UNTOLD : start;
  const isPrimary = s.row.is_primary && !s.elsewhereThen;
  return {
    ...common(s.row, ref),
    registeredAt: end.registeredAt,
    entity: 'assignment',
    action: 'add',
    entityId: id,
    reason: end.reason,
    rule: end.rule,
    effective: from,
    before: null,
    after: {
      ...assignmentValues(s),
      isPrimary,
      spell,
      validTo: end.on,
      endReason: end.reason,
      ...(began !== from && { began }),
      ...(end.takenBy && { takenBy: end.takenBy }),
    },
  };
}

/** The line with the start that the record tells now, which corrects the one that was known. */
const begun = ({ row }: Standing, line: readonly SpellStretch[]): readonly SpellStretch[] =>
  row.start_on === null || since(row) === line[0]?.from ? line : begunOn(line, since(row));

/** What a record says of a spell that had ended: the same end, a corrected one, none at all (withdrawn), or a return as a new spell. */
function endedSpellChange(s: Standing, ref: string, spell: NewestSpell, elsewhere: boolean): PlanChange | null {
  const { row } = s;
  const back = returnsOn(row);
  if (back !== null) return openSpell(s, ref, elsewhere ? '轉入' : '回任', back);
  const registered = dayOf(row.registered_at);
  const line = unended(spell.stretches, spell.began);
  const values = assignmentValues(s);
  return {
    ...common(row, ref),
    registeredAt: heardOf(s),
    entity: 'assignment',
    action: 'change',
    entityId: spell.id,
    reason: '異動撤銷',
    rule: 'R09',
    effective: (line[0] as SpellStretch).from,
    before: { ...spellValues(spell), validTo: spell.valid_to, endReason: spell.end_reason },
    after: { ...withHand(values, s.manual), stretches: said(s, begun(s, line), values, registered) },
  };
}

/** What is to be done about the spells of one record; in most cases nothing, or one thing. */
export function assignmentChanges(s: Standing, ref: string, elsewhere: boolean): PlanChange[] {
  const { row } = s;
  const end = endOf(s);
  const spell = row.spell;
  if (spell === null) {
    if (end) return [closedSpell(s, ref, end)];
    return [openSpell(s, ref, elsewhere ? '轉入' : row.known_source ? '新進' : '首次登錄')];
  }
  const open = spell.valid_to === OPEN;
  // Who came back and has been registered elsewhere since is here for the days between.
  if (end && returnsOn(row) !== null) return [closedSpell(s, ref, end)];
  if (end) return endSpell(s, ref, spell, end);
  if (isLost(row)) {
    const [on, reason] = [spell.valid_to, spell.end_reason ?? '轉校'];
    const takenBy = spell.taken_by;
    return endSpell(s, ref, spell, { on, reason, rule: spell.rule, registeredAt: row.registered_at, takenBy });
  }
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
  if (changed) return { reason: changed[1], rule: changed[2], effective: registeredOn };
  const moved = told.findIndex((stretch, i) => stretch.from !== known[i]?.from || !same(stretch, known[i]));
  return { reason: '主聘異動', rule: 'R11', effective: (told[Math.max(moved, 0)] as SpellStretch).from };
}

/** A leave or a start that changes beside it goes before: that is what a reader must know. */
const ofHand = (
  { reason, manualValue, registeredAt }: Cause,
  { rule }: Pick<PlanChange, 'rule'>,
): Partial<PlanChange> => (rule === 'R07' ? { reason, manualValue, effective: dayOf(registeredAt) } : { manualValue });

function openSpellChange(s: Standing, ref: string, spell: NewestSpell): PlanChange | null {
  const { row } = s;
  const before = spellValues(spell);
  const told = assignmentValues(s);
  const after = withHand(told, s.manual);
  // A post that becomes secondary because of another registration is known from that registration on, not before (R24).
  const yields = before.isPrimary !== after.isPrimary && s.yieldsTo !== null;
  const registeredAt = yields ? later(row.registered_at, s.yieldsTo!.registered_at) : row.registered_at;
  // Until the other one has the person this is the unit, or there would be days without any (R08).
  const bySource = yields ? later(dayOf(registeredAt), claimsSince(s.yieldsTo!)) : dayOf(registeredAt);
  const cause = causeOf(before, after, s.manual);
  // What was set by hand held until it ended: the record's older word is back from that day, not from its own.
  const registeredOn = cause?.reason === HAND_ENDED ? later(bySource, dayOf(cause.registeredAt)) : bySource;
  const line = begun(s, spell.stretches);
  const stretches = said(s, line, told, registeredOn);
  if (sameLine(spell.stretches, stretches)) return null;
  const onlyStart = { reason: '起始日更正', rule: row.path === 'school' ? 'R08' : 'R11', effective: since(row) };
  const heard = later(registeredAt, heardOf(s));
  const why = sameLine(line, stretches) ? onlyStart : whyChanged(s, line, stretches, registeredOn);
  return {
    ...common(row, ref),
    registeredAt: cause === null ? heard : later(heard, cause.registeredAt),
    entity: 'assignment',
    action: 'change',
    entityId: spell.id,
    ...why,
    ...(cause !== null && ofHand(cause, why)),
    before: { ...before },
    after: { ...after, stretches },
  };
}
