/** Which of a person's records sets the service unit, and where the others stand. Pure. */
import type { KnownSpell, ManualValue, StaffRow } from '../../schemas/plan.ts';
import { dayOf, later, OPEN } from './days.ts';
import { clippedStart, firstDay, spellsEndedOn, startTold } from './end-spell.ts';
import { begunOn } from './timeline.ts';

/** The spell that a record's word is about, and the one before it: an end that is told may be an earlier spell's. */
function spokenOf(row: StaffRow): { spell: KnownSpell | null; before: KnownSpell | undefined } {
  const { spell, end_on } = row;
  if (spell === null) return { spell, before: undefined };
  if (end_on === null) return { spell, before: spell.earlier.at(-1) };
  const { target, before } = spellsEndedOn(row, spell, end_on);
  return { spell: target, before };
}

/**
 * Day on which a record that told an end begins a new spell by telling that the person serves; null where it says of the known spell that it goes on.
 * An end before the start was never one to come back from: a record without it takes it back, however late it comes.
 */
export function returnsOn(row: StaffRow): string | null {
  const { spell, start_on } = row;
  if (spell === null || spell.valid_to === OPEN || row.end_on !== null || isLost(row) || isEndVoid(row)) return null;
  const began = firstDay(spell);
  const registered = dayOf(row.registered_at);
  const impossible = spell.valid_to < began;
  const sameSpell = start_on === null ? impossible || registered < spell.valid_to : start_on <= began;
  return sameSpell ? null : later(start_on ?? registered, spell.valid_to);
}

/**
 * Day from which a unit claims the person: the source's own start, else the start of the spell that the record opened, else the day it was
 * registered. A later correction of the row (a new title) is no new claim.
 */
export function since(row: StaffRow): string {
  const back = returnsOn(row);
  if (back !== null) return back;
  const { spell, before } = spokenOf(row);
  const start = row.end_on === null ? clippedStart(row, before) : startTold(row, before);
  return start ?? (spell === null ? dayOf(row.registered_at) : firstDay(spell));
}

/** Day from which a record has the person as its own: a post that was secondary claims from the day on which it was told to be the service unit (R08). */
export const claimsSince = (row: StaffRow): string => later(since(row), row.primary_since ?? '');

/** A unit that took the person over, and from which day. */
export interface Taker {
  row: StaffRow;
  on: string;
}

export interface Standing {
  row: StaffRow;
  /** Not told to have ended. */
  serving: boolean;
  /** Another unit registered the person later: closed here as 轉校 (R08). */
  supersededBy: Taker | null;
  /** The record that sets the service unit, where that is another one. */
  yieldsTo: StaffRow | null;
  primary: boolean;
  /** A kindergarten that has the person until a day that is told: this unit is the primary one from that day (R11). */
  heldBy: StaffRow | null;
  /** The record came already ended and told no start, and another unit has the person before that end: the days that stand for it claim nothing. */
  elsewhereThen: boolean;
  /** What was ever set by hand of the person at this unit, newest first. */
  manual: readonly ManualValue[];
}

const inService = (row: StaffRow): boolean => row.end_on === null;

/** 職別 of a school principal, who is also shown as the head of the attached kindergarten. */
const PRINCIPAL = 1;

/**
 * The records that may set the service unit. Whom the care system shows in service belongs to the kindergarten until the care system says
 * otherwise (R11), with one reading: a principal who heads the attached kindergarten too is the school's (R03), as long as no other school
 * registered the person since.
 */
function contendersOf(claims: readonly StaffRow[]): readonly StaffRow[] {
  const standing = claims.filter((r) => !isLost(r));
  const kindergartens = standing.filter((r) => r.path === 'kindergarten');
  const schools = standing.filter((r) => r.path === 'school');
  if (kindergartens.length === 0) return schools;
  const newest = claims
    .filter((r) => r.path === 'school')
    .map(claimsSince)
    .reduce(later, '');
  return schools.some((r) => r.title_code === PRINCIPAL && claimsSince(r) === newest) ? schools : kindergartens;
}

/** The one record that sets the service unit, or null with the rivals when two say so on one day. */
function primaryOf(rows: readonly StaffRow[]): { winner: StaffRow | null; rivals: StaffRow[] } {
  const contenders = contendersOf(rows.filter((r) => inService(r) && r.is_primary));
  const units = new Set(contenders.map((r) => r.institution_key));
  if (units.size <= 1) return { winner: contenders[0] ?? null, rivals: [] };
  const newest = contenders.map(claimsSince).reduce(later);
  const leading = contenders.filter((r) => claimsSince(r) === newest);
  const leadingUnits = new Set(leading.map((r) => r.institution_key));
  return leadingUnits.size === 1 ? { winner: leading[0] as StaffRow, rivals: [] } : { winner: null, rivals: leading };
}

/** The registration for which a spell was closed is another person's, as is known by now: nobody took this one over. */
const isEndVoid = ({ spell, taker_parted }: StaffRow): boolean => taker_parted && spell?.rule === 'R08';

/** A record whose spell was closed for a registration elsewhere claims nothing any more, until the school registers the person anew. */
export function isLost(row: StaffRow): boolean {
  const { spell, start_on } = row;
  const lost = spell !== null && spell.valid_to !== OPEN && spell.rule === 'R08' && !isEndVoid(row);
  return lost && (start_on === null || start_on <= spell.valid_to);
}

/** The spells of a record that stand by its word; those that it withdraws do so no more. */
function standOf(row: StaffRow): KnownSpell[] {
  if (row.spell === null) return [];
  const known = [...row.spell.earlier, row.spell];
  const withdrawn = row.end_on === null ? [] : spellsEndedOn(row, row.spell, row.end_on).withdrawn;
  return known.slice(0, known.length - withdrawn.length);
}

/** The days from which a record has had the person as its own, as it says or as it stands in the books; those that it withdraws are none. */
function claimedFrom(row: StaffRow): string[] {
  const { spell } = spokenOf(row);
  const goesOn = spell !== null && returnsOn(row) === null;
  const others = standOf(row)
    .filter((one) => one.stretches[0]?.isPrimary && !(goesOn && one.id === spell.id))
    .map(firstDay);
  // Who came already ended and told no start may have come on any day before.
  const untold = row.start_on === null && (spell === null || spell.began === null);
  const came = row.end_on === null || (!untold && claimsSince(row) < row.end_on);
  const was = (): boolean =>
    goesOn && since(row) < dayOf(row.registered_at) && begunOn(spell.stretches, since(row))[0]?.isPrimary === true;
  return came && (row.is_primary || was()) ? [...others, claimsSince(row)] : others;
}

/**
 * Where a unit closed for another one's registration, the day on which that registration now begins; null while any unit claims the person from the day
 * that is known, or where the other one claims nothing later.
 */
function movedTaker(row: StaffRow, others: readonly StaffRow[]): Taker | null {
  const on = (row.spell as KnownSpell).valid_to;
  if (others.some((o) => claimedFrom(o).includes(on))) return null;
  const taker = others.find((o) => nameOf(o) === row.spell?.taken_by);
  const follows = taker && claimedFrom(taker).includes(claimsSince(taker)) && claimsSince(taker) > claimsSince(row);
  return follows ? { row: taker, on: claimsSince(taker) } : null;
}

/**
 * The unit that took the person over from this one, and when (R08): the first that registered the person after it, also where this one told a later day of
 * its own. Once closed for another unit, a unit stays closed on that day until that registration's start is corrected. A kindergarten never gives way: its
 * unit changes through the care system only (R11).
 */
function takenBy(row: StaffRow, rows: readonly StaffRow[], winner: StaffRow | null): Taker | null {
  if (!row.is_primary || row.path !== 'school') return null;
  const others = rows.filter((o) => o.institution_key !== row.institution_key);
  if (row.end_on === null && isLost(row)) return movedTaker(row, others);
  const from = claimsSince(row);
  if (row.end_on === null && (winner === null || !others.includes(winner) || claimsSince(winner) <= from)) return null;
  const until = row.end_on ?? OPEN;
  const takers = others
    .flatMap((o) => claimedFrom(o).map((on): Taker => ({ row: o, on })))
    .filter(({ on }) => from < on && on < until);
  return takers.reduce<Taker | null>((first, t) => (first && first.on <= t.on ? first : t), null);
}

/** The kindergarten that lets the person go on a day within the claim of a school's record. */
function holderOf(row: StaffRow, rows: readonly StaffRow[]): StaffRow | null {
  if (row.path !== 'school' || row.title_code === PRINCIPAL) return null;
  const holds = (o: StaffRow) =>
    o.path === 'kindergarten' && o.is_primary && o.end_on !== null && since(o) < o.end_on && o.end_on > since(row);
  return rows.filter(holds).reduce<StaffRow | null>((last, o) => (last && last.end_on! >= o.end_on! ? last : o), null);
}

const cameEnded = ({ spell, start_on, end_on }: StaffRow): boolean =>
  spell === null && start_on === null && end_on !== null;

export function standingsOf(rows: readonly StaffRow[]): { standings: Standing[]; rivals: StaffRow[] } {
  const { winner, rivals } = primaryOf(rows);
  // In a conflict the unit that stands goes on standing until a person decides.
  const kept =
    winner ??
    rows.find((r) => inService(r) && r.is_primary && r.spell?.valid_to === OPEN && r.spell.is_primary) ??
    rivals[0] ??
    null;
  const standings = rows.map((row): Standing => {
    const serving = inService(row);
    const supersededBy = takenBy(row, rows, winner);
    const primary =
      serving && !supersededBy && kept !== null && row.is_primary && row.institution_key === kept.institution_key;
    return {
      row,
      serving,
      supersededBy,
      yieldsTo: kept !== null && kept !== row ? kept : null,
      primary,
      elsewhereThen:
        cameEnded(row) &&
        !supersededBy &&
        winner !== null &&
        winner !== row &&
        claimsSince(winner) < (row.end_on as string),
      heldBy: primary ? holderOf(row, rows) : null,
      manual: [],
    };
  });
  return { standings, rivals };
}

export interface End {
  on: string;
  reason: string;
  rule: string;
  registeredAt: string;
  /** The record for whose registration a spell ends, as `source key`. */
  takenBy: string | null;
}

const nameOf = ({ source, key }: StaffRow): string => `${source} ${key}`;

/** The end that a record tells of itself, or that a newer registration elsewhere puts to it; null where it goes on. */
export function endOf(s: Standing): End | null {
  if (s.supersededBy) {
    const registeredAt = later(s.row.registered_at, s.supersededBy.row.registered_at);
    const { on, row } = s.supersededBy;
    return { on, reason: '轉校', rule: 'R08', registeredAt, takenBy: nameOf(row) };
  }
  if (s.serving) return null;
  return {
    on: s.row.end_on as string,
    reason: s.row.end_reason ?? '離職',
    rule: 'R09',
    registeredAt: s.row.registered_at,
    takenBy: null,
  };
}
