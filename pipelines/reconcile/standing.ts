/** Which of a person's records sets the service unit, and where the others stand. Pure. */
import type { StaffRow } from '../../schemas/plan.ts';

export const OPEN = 'infinity';
export const dayOf = (moment: string): string => moment.slice(0, 10);
/**
 * Day from which a unit claims the person: the source's own start, else the start of the spell that the record opened, else the day it was
 * registered. A later correction of the row (a new title) is no new claim.
 */
export const since = ({ start_on, spell, registered_at }: StaffRow): string =>
  start_on ?? spell?.began ?? spell?.stretches[0]?.from ?? dayOf(registered_at);
export const later = (a: string, b: string): string => (a > b ? a : b);

export interface Standing {
  row: StaffRow;
  /** Not told to have ended. */
  serving: boolean;
  /** Another unit registered the person later: closed here as 轉校 (R08). */
  supersededBy: StaffRow | null;
  /** The record that sets the service unit, where that is another one. */
  yieldsTo: StaffRow | null;
  primary: boolean;
}

const inService = (row: StaffRow): boolean => row.end_on === null;

/** 職別 of a school principal (domain.md §4), who is also shown as the head of the attached kindergarten. */
const PRINCIPAL = 1;

/**
 * The records that may set the service unit. Whom the care system shows in service belongs to the kindergarten until the care system says
 * otherwise (R11), with one reading: a principal who heads the attached kindergarten too is the school's (R03).
 */
function contendersOf(claims: readonly StaffRow[]): readonly StaffRow[] {
  const kindergartens = claims.filter((r) => r.path === 'kindergarten');
  const schools = claims.filter((r) => r.path === 'school');
  if (kindergartens.length === 0) return schools;
  return schools.some((r) => r.title_code === PRINCIPAL) ? schools : kindergartens;
}

/** The one record that sets the service unit, or null with the rivals when two say so on one day. */
function primaryOf(rows: readonly StaffRow[]): { winner: StaffRow | null; rivals: StaffRow[] } {
  const contenders = contendersOf(rows.filter((r) => inService(r) && r.is_primary && !isLost(r)));
  const units = new Set(contenders.map((r) => r.institution_key));
  if (units.size <= 1) return { winner: contenders[0] ?? null, rivals: [] };
  const newest = contenders.map(since).reduce(later);
  const leading = contenders.filter((r) => since(r) === newest);
  const leadingUnits = new Set(leading.map((r) => r.institution_key));
  return leadingUnits.size === 1 ? { winner: leading[0] as StaffRow, rivals: [] } : { winner: null, rivals: leading };
}

/** A record whose spell was closed for a registration elsewhere claims nothing any more, until the school registers the person anew. */
export function isLost({ spell, start_on }: StaffRow): boolean {
  const lost = spell !== null && spell.valid_to !== OPEN && spell.rule === 'R08';
  return lost && (start_on === null || start_on <= spell.valid_to);
}

export function standingsOf(rows: readonly StaffRow[]): { standings: Standing[]; rivals: StaffRow[] } {
  const { winner, rivals } = primaryOf(rows);
  // In a conflict the unit that stands goes on standing until a person decides.
  const kept =
    winner ?? rows.find((r) => inService(r) && r.spell?.valid_to === OPEN && r.spell.is_primary) ?? rivals[0] ?? null;
  const standings = rows.map((row): Standing => {
    const serving = inService(row);
    const loses =
      serving &&
      row.is_primary &&
      winner !== null &&
      row.institution_key !== winner.institution_key &&
      row.path === 'school' &&
      since(row) < since(winner);
    return {
      row,
      serving,
      supersededBy: loses ? winner : null,
      yieldsTo: kept !== null && kept !== row ? kept : null,
      primary:
        serving && !loses && (kept === null ? false : row.is_primary && row.institution_key === kept.institution_key),
    };
  });
  return { standings, rivals };
}

export interface End {
  on: string;
  reason: string;
  rule: string;
  registeredAt: string;
}

/** The end that a record tells of itself, or that a newer registration elsewhere puts to it; null where it goes on. */
export function endOf(s: Standing): End | null {
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
