/** What a person's records mean together, before any of them is weighed: which post is never the service unit, and who speaks for a school. Pure. */
import type { StaffRow } from '../../schemas/plan.ts';
import { firstDay } from './end-spell.ts';
import { since } from './standing.ts';

/** 職別 of a 兼任教師 (domain rule: 兼任 is a post beside the service unit). */
const PART_TIME = 11;

/**
 * A 兼任教師 whose record says nothing of 主聘 would count as belonging to the school by default. Where the person had a unit as anything else when
 * the post began, or has one since, the post is secondary. Who is 兼任教師 everywhere, or came back as one after leaving, stays with the school that says so.
 */
export function withSecondaryPosts(rows: readonly StaffRow[]): StaffRow[] {
  const hasUnit = (row: StaffRow): boolean =>
    rows.some(
      (o) =>
        o.institution_key !== row.institution_key &&
        o.is_primary &&
        o.title_code !== PART_TIME &&
        (o.end_on === null || o.end_on > since(row)),
    );
  return rows.map((row) =>
    row.title_code === PART_TIME && row.is_primary && hasUnit(row) ? { ...row, is_primary: false } : row,
  );
}

/** The end that another source of the same school told after a record was registered: a system without ends cannot say it (R09). */
function endToldElsewhere(row: StaffRow, rows: readonly StaffRow[]): StaffRow | null {
  if (row.path !== 'school' || row.end_on !== null) return null;
  const told = rows.filter(
    (o) =>
      o.institution_key === row.institution_key &&
      o.source !== row.source &&
      o.end_on !== null &&
      o.end_on > (row.start_on ?? (row.spell === null ? '' : firstDay(row.spell))) &&
      o.registered_at >= row.registered_at,
  );
  return told.reduce<StaffRow | null>((last, o) => (last && last.registered_at >= o.registered_at ? last : o), null);
}

/**
 * A school has one word on a person, however many sources carry it: an explicit 離職, 轉校 or 退休 in one of them ends the service that another one
 * lists without an end. The record that told it, where it never was a service of its own, makes none.
 */
export function withOneVoice(rows: readonly StaffRow[]): StaffRow[] {
  const tellers = new Set<StaffRow>();
  const ended = rows.map((row) => {
    const teller = endToldElsewhere(row, rows);
    if (teller === null) return row;
    tellers.add(teller);
    return { ...row, end_on: teller.end_on, end_reason: teller.end_reason };
  });
  return ended.filter((row) => !(tellers.has(row) && row.spell === null));
}
