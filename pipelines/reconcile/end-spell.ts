/**
 * An end that is told, put to the spell that it belongs to. A record holds one word, the last one. "Left on D" says that the person is out from D on: a
 * spell that begins later never was (a mistaken return that is taken back, or a first leave whose day is corrected), and the end is the earlier
 * spell's. What never was stays recorded with its days; from now on an empty stretch stands for it. Pure.
 */
import type { KnownSpell, NewestSpell, PlanChange, SpellStretch, StaffRow } from '../../schemas/plan.ts';
import { common, spellValues } from './change-parts.ts';
import { later, OPEN } from './days.ts';
import type { End, Standing } from './standing.ts';
import { begunOn, ended, sameLine, unended } from './timeline.ts';

/** Reason of a spell that never was. */
export const WITHDRAWN = '任職撤銷';

/** First day of a spell as it was known before its end, whatever the end left of it. */
export const firstDay = ({ stretches, began }: KnownSpell): string =>
  (unended(stretches, began)[0] as SpellStretch).from;

/** The start that a record tells, where it can be of this spell: not before the one that precedes it had ended. */
export const startTold = ({ start_on }: StaffRow, before: KnownSpell | undefined): string | null =>
  start_on !== null && (before === undefined || start_on >= before.valid_to) ? start_on : null;

/** The start that a record tells of the spell that goes on: no spell begins before the one that precedes it had ended. */
export const clippedStart = ({ start_on }: StaffRow, before: KnownSpell | undefined): string | null =>
  start_on === null || before === undefined || before.valid_to === OPEN ? start_on : later(start_on, before.valid_to);

export interface EndedSpells {
  /** The spell that the end belongs to. */
  target: KnownSpell;
  before: KnownSpell | undefined;
  /** Spells that never were, newest first. */
  withdrawn: KnownSpell[];
}

/**
 * An end before a spell's first day is the earlier spell's. One on the first day is this spell's (未報到), unless the person had come back on the very
 * day of the earlier end: then both say the same. A record's first spell takes every end.
 */
export function spellsEndedOn(row: StaffRow, { earlier, last: _, ...newest }: NewestSpell, on: string): EndedSpells {
  const standing: KnownSpell[] = [...earlier, newest];
  const withdrawn: KnownSpell[] = [];
  for (;;) {
    const target = standing.pop() as KnownSpell;
    const before = standing.at(-1);
    const from = startTold(row, before) ?? firstDay(target);
    if (before === undefined || on > from || (on === from && before.valid_to < on))
      return { target, before, withdrawn };
    withdrawn.push(target);
  }
}

const change = (s: Standing, ref: string, spell: KnownSpell, end: End, effective: string) => ({
  ...common(s.row, ref),
  registeredAt: end.registeredAt,
  entity: 'assignment' as const,
  action: 'end' as const,
  entityId: spell.id,
  rule: end.rule,
  effective,
  before: { ...spellValues(spell) },
});

function withdraw(s: Standing, ref: string, spell: KnownSpell, end: End): PlanChange {
  const first = unended(spell.stretches, spell.began)[0] as SpellStretch;
  const { from } = first;
  const nothing = { ...first, to: from, endReason: WITHDRAWN };
  const after = { endReason: WITHDRAWN, stretches: [nothing] };
  return { ...change(s, ref, spell, end, from), reason: WITHDRAWN, after };
}

/** What an end that is told is about is for the record to say; for another unit's registration a record gives way with the spell that goes on. */
function endedBy(row: StaffRow, spell: NewestSpell): EndedSpells {
  if (row.end_on !== null) return spellsEndedOn(row, spell, row.end_on);
  const { earlier, last: _, ...target } = spell;
  return { target, before: earlier.at(-1), withdrawn: [] };
}

/** Nothing where the end is known as it is told. */
export function endSpell(s: Standing, ref: string, spell: NewestSpell, end: End): PlanChange[] {
  const { target, before, withdrawn } = endedBy(s.row, spell);
  const start = s.row.end_on === null ? clippedStart(s.row, before) : startTold(s.row, before);
  const known = unended(target.stretches, target.began);
  const line = start === null ? known : begunOn(known, start);
  const stretches = ended(line, end.on, end.reason, start ?? target.began);
  const changes = withdrawn.map((never) => withdraw(s, ref, never, end));
  if (sameLine(target.stretches, stretches)) return changes;
  const after = { endReason: end.reason, ...(end.takenBy && { takenBy: end.takenBy }), stretches };
  return [...changes, { ...change(s, ref, target, end, end.on), reason: end.reason, after }];
}

/**
 * Whether a record ends its spell before the day on which the spell began, as the warehouse knows it: one of the two is wrong. The end counts, since the
 * person is out by the source's own word; the contradiction stays told until the source says otherwise. An end on the first day is none (未報到).
 */
export const endsBeforeStart = (row: StaffRow, { began }: KnownSpell): boolean =>
  row.end_on !== null && began !== null && row.end_on < began && row.start_on === null;
