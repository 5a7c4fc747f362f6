/**
 * One spell of service as a line of stretches: each says what held from its day until the next one's. What a record says is put onto the line day by
 * day, so a change for a coming day and one for today stand side by side. Invariants: stretches touch, in order, none is empty, and neighbours differ. Pure.
 */
import type { SpellStretch, SpellValues } from '../../schemas/plan.ts';
import { dayBefore, later, OPEN, UNTOLD } from './days.ts';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const dutiesOf = ({ title, titleCode, subjects, isPrimary }: SpellValues) => ({
  title,
  titleCode,
  subjects,
  isPrimary,
});
const valuesOf = (s: SpellStretch) => [dutiesOf(s), s.onLeave, s.endReason];
const firstOf = (line: readonly SpellStretch[]): SpellStretch => line[0] as SpellStretch;
const lastOf = (line: readonly SpellStretch[]): SpellStretch => line.at(-1) as SpellStretch;

/** Neighbours that say the same are one. */
function joined(line: readonly SpellStretch[]): SpellStretch[] {
  const out: SpellStretch[] = [];
  for (const stretch of line) {
    const before = out.at(-1);
    if (before && same(valuesOf(before), valuesOf(stretch))) out[out.length - 1] = { ...before, to: stretch.to };
    else out.push(stretch);
  }
  return out;
}

/** The line with other values from one day until another; days outside it change nothing. `infinity` sorts after every day. */
function during(line: readonly SpellStretch[], from: string, to: string, values: Partial<SpellValues>): SpellStretch[] {
  const pieces = line.flatMap((stretch): SpellStretch[] => {
    const start = later(stretch.from, from);
    const end = stretch.to < to ? stretch.to : to;
    if (start >= end) return [stretch];
    const around: SpellStretch[] = [
      { ...stretch, to: start },
      { ...stretch, ...values, from: start, to: end },
      { ...stretch, from: end },
    ];
    return around.filter((piece) => piece.from < piece.to);
  });
  return joined(pieces);
}

/** First day of the stretches at the end of the line that agree in what `of` looks at. */
function sinceWhen(line: readonly SpellStretch[], of: (stretch: SpellStretch) => unknown): string {
  const wanted = of(lastOf(line));
  const other = line.findLastIndex((stretch) => !same(of(stretch), wanted));
  return (line[other + 1] as SpellStretch).from;
}

/** First day of the leave, or of the service, that the line ends with. */
export const leaveSince = (line: readonly SpellStretch[]): string => sinceWhen(line, (stretch) => stretch.onLeave);

/** The day from which a record's 留職停薪 or 復職 holds: its 異動日期, else the day it was registered; never before the spell began. */
export const leaveDay = (line: readonly SpellStretch[], registeredOn: string, changedOn: string | null): string =>
  later(changedOn ?? registeredOn, firstOf(line).from);

/**
 * A record speaks of the last leave, or the last return, that is known: with another day it corrects that day (a reading: a second 留職停薪 without a
 * 復職 between is a correction, not a further leave). A 復職 on or before the first day of a leave withdraws that leave, a 留職停薪 on or before a return
 * that return. A 復職 of somebody who was never said to be on leave tells nothing of the time before it. Said twice it changes nothing more.
 */
function withLeave(
  line: readonly SpellStretch[],
  onLeave: boolean,
  registeredOn: string,
  changedOn: string | null,
): SpellStretch[] {
  const day = leaveDay(line, registeredOn, changedOn);
  const stands = lastOf(line).onLeave === onLeave;
  if (stands && changedOn === null) return [...line];
  const told = stands && day >= leaveSince(line) ? line : during(line, day, OPEN, { onLeave });
  const since = leaveSince(told);
  const wasOtherwise = onLeave || since > firstOf(line).from;
  return wasOtherwise && since < day && changedOn !== null
    ? during(told, since, day, { onLeave: !onLeave })
    : [...told];
}

/**
 * The line of an open spell after a record was heard. Duties (title, subjects, primary unit) change on the day of registration (R07), but not before the last
 * change of them that is known; leave changes on its own day, past or coming (R10).
 */
export function restate(
  line: readonly SpellStretch[],
  said: SpellValues,
  registeredOn: string,
  leaveChangedOn: string | null,
): SpellStretch[] {
  const dutiesStand = same(dutiesOf(lastOf(line)), dutiesOf(said));
  const from = later(registeredOn, sinceWhen(line, dutiesOf));
  const told = dutiesStand ? line : during(line, from, OPEN, dutiesOf(said));
  return withLeave(told, said.onLeave, registeredOn, leaveChangedOn);
}

/** The line with another first day: what lies before it is gone, what was first holds from it. */
export function begunOn(line: readonly SpellStretch[], day: string): SpellStretch[] {
  const after = line.filter((stretch) => stretch.to > day);
  const kept = after.length > 0 ? after : line.slice(-1);
  return kept.map((stretch, i) => (i === 0 ? { ...stretch, from: day } : stretch));
}

/** The line of the primary unit of somebody whom another unit has from one day until another: there it is secondary, and primary from then on. */
export const heldUntil = (line: readonly SpellStretch[], from: string, until: string): SpellStretch[] =>
  during(during(line, from, until, { isPrimary: false }), until, OPEN, { isPrimary: true });

/** A new spell: in service until the day of a leave that is still to come. */
export function opened(said: SpellValues, from: string, leaveChangedOn: string | null): SpellStretch[] {
  const whole = { ...said, from, to: OPEN, endReason: null };
  const leaves = said.onLeave && leaveChangedOn !== null;
  return leaves ? during([whole], from, later(leaveChangedOn, from), { onLeave: false }) : [whole];
}

/** The line as it would go on had no end been told. @param began where an end before it left only a day that stands for the spell, it begins there again */
export function unended(line: readonly SpellStretch[], began: string | null): SpellStretch[] {
  const { began: _, ...known } = lastOf(line);
  const last = { ...known, to: OPEN, endReason: null };
  return began !== null && lastOf(line).to <= began ? [{ ...last, from: began }] : joined([...line.slice(0, -1), last]);
}

/**
 * The line cut off at a day (R10): what was known of that day and after is gone. An end on or before the first day leaves nothing. The end is what was
 * told, and the person is out from that day; so the day before the end stands for the spell, and says for which start it does: a spell of one day is
 * another matter. Where that start contradicts the end that is told (`endsBeforeStart`), it is not resolved.
 * @param began the first day, as it is told or known; null where nobody told it
 */
export function ended(line: readonly SpellStretch[], on: string, reason: string, began: string | null): SpellStretch[] {
  const served = line.filter((stretch) => stretch.from < on);
  const last = served.at(-1) ?? { ...firstOf(line), from: dayBefore(on) };
  const otherwise = began === null || began >= on;
  return [...served.slice(0, -1), { ...last, to: on, endReason: reason, ...(otherwise && { began: began ?? UNTOLD }) }];
}

/** Whether two lines tell of the same days on leave. */
export const sameLeave = (a: readonly SpellStretch[], b: readonly SpellStretch[]): boolean => {
  const leave = (line: readonly SpellStretch[]) =>
    line.filter((s, i) => i === 0 || line[i - 1]?.onLeave !== s.onLeave).map((s) => [s.from, s.onLeave]);
  return same(leave(a), leave(b));
};
export const sameLine = (a: readonly SpellStretch[], b: readonly SpellStretch[]): boolean =>
  same(
    a.map((s) => [s.from, s.to, s.began ?? null, valuesOf(s)]),
    b.map((s) => [s.from, s.to, s.began ?? null, valuesOf(s)]),
  );
