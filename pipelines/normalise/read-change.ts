import type { EndReason } from '../../schemas/records.ts';
import { cleanCell, saysNothing } from './clean-text.ts';
import { codedText } from './coded-values.ts';
import { type DayReader, readDay } from './read-day.ts';
import type { RowIssues } from './row-issues.ts';

/** What an 異動別 does to the spell at this unit, from its 異動日期 on. */
type Effect = 'none' | 'start' | 'leave' | 'return' | EndReason;

/** What schools and systems write for each effect; 轉出 of a school and 轉園 of a kindergarten are R09's 轉校. */
const EFFECTS: ReadonlyMap<string, Effect> = new Map(
  (
    [
      ['none', '在職,無異動,現職'],
      ['start', '新進,轉入,調入,到職,新聘,介聘轉入'],
      ['轉校', '轉校,轉出,轉園,調出,調校,介聘轉出'],
      ['離職', '離職,辭職,資遣'],
      ['退休', '退休'],
      ['代理期滿', '代理期滿,代課期滿,聘期屆滿,聘約期滿'],
      ['leave', '留職停薪,留停,育嬰留職停薪,育嬰留停'],
      ['return', '復職,回職復薪'],
    ] as const
  ).flatMap(([effect, names]) => names.split(',').map((name) => [name, effect] as const)),
);
const END_REASONS: ReadonlyMap<string, EndReason> = new Map(
  [...EFFECTS].filter(
    (entry): entry is [string, EndReason] => !['none', 'start', 'leave', 'return'].includes(entry[1]),
  ),
);

export const knowsChange = (text: string): boolean => EFFECTS.has(text) || EFFECTS.has(codedText(text));
export const knowsEndReason = (text: string): boolean => END_REASONS.has(text) || END_REASONS.has(codedText(text));

/**
 * The spell that a row tells of. `endOn` is the effective day of the end: from it on the person is not on the unit's roster (R10).
 */
export interface Spell {
  startOn: string | null;
  endOn: string | null;
  endReason: EndReason | null;
  onLeave: boolean;
  /** Day from which `onLeave` holds, of a 留職停薪 or 復職. */
  leaveChangedOn: string | null;
}

export interface ChangeCells {
  change?: string;
  changeDate?: string;
  startOn?: string;
  endOn?: string;
  endReason?: string;
}

/**
 * 異動別 with 異動日期 (files), or the dates and reason themselves (care feed); 異動別 wins. An 異動別 that is unknown or has no date rejects the row:
 * to guess would end, or not end, somebody's assignment.
 */
export function readSpell(cells: ChangeCells, days: DayReader, issues: RowIssues): Spell {
  const spell: Spell = { startOn: null, endOn: null, endReason: null, onLeave: false, leaveChangedOn: null };
  if (cells.startOn !== undefined) spell.startOn = readDay(cells.startOn, 'startOn', days, issues);
  if (cells.endOn !== undefined || cells.endReason !== undefined) readEnd(cells, spell, days, issues);
  const change = cleanCell(cells.change, 'change', issues);
  if (!saysNothing(change)) applyChange(change, cells.changeDate, spell, days, issues);
  else if (cells.changeDate !== undefined && readDay(cells.changeDate, 'changeDate', days, issues) !== null) {
    issues.warn('change-date-without-change', 'changeDate', cleanCell(cells.changeDate, 'changeDate', issues));
  }
  if (spell.startOn !== null && spell.endOn !== null && spell.endOn < spell.startOn) {
    issues.reject('dates-out-of-order', 'endOn', spell.endOn, { start: spell.startOn, end: spell.endOn });
  }
  return spell;
}

function applyChange(
  change: string,
  dateRaw: string | undefined,
  spell: Spell,
  days: DayReader,
  issues: RowIssues,
): void {
  const effect = EFFECTS.get(change) ?? EFFECTS.get(codedText(change));
  if (effect === undefined) {
    issues.reject('change-unknown', 'change', change);
    return;
  }
  if (effect === 'none') return;
  const on = changeDay(dateRaw, days, issues);
  if (effect === 'start') spell.startOn = on;
  else if (effect === 'leave' || effect === 'return') {
    spell.onLeave = effect === 'leave';
    spell.leaveChangedOn = on;
  } else {
    spell.endOn = on;
    spell.endReason = effect;
  }
}

function changeDay(raw: string | undefined, days: DayReader, issues: RowIssues): string | null {
  const text = cleanCell(raw, 'changeDate', issues);
  const day = days.read(text);
  if (day === '') issues.reject('change-date-missing', 'changeDate', null);
  else if (day === null || !days.plausible('changeDate', day))
    issues.reject('change-date-unreadable', 'changeDate', text);
  else return day;
  return null;
}

/** A leave date that cannot be read rejects the row, like one of an 異動別; a reason that is missing is asked about. */
function readEnd(cells: ChangeCells, spell: Spell, days: DayReader, issues: RowIssues): void {
  const text = cleanCell(cells.endOn, 'endOn', issues);
  const day = days.read(text);
  if (day === null || (day !== '' && !days.plausible('endOn', day)))
    issues.reject('end-date-unreadable', 'endOn', text);
  else if (day !== '') spell.endOn = day;
  const reasonText = cleanCell(cells.endReason, 'endReason', issues);
  if (saysNothing(reasonText)) {
    if (spell.endOn !== null) issues.warn('end-reason-missing', 'endReason', null);
    return;
  }
  const reason = END_REASONS.get(reasonText) ?? END_REASONS.get(codedText(reasonText));
  if (reason === undefined) issues.reject('end-reason-unknown', 'endReason', reasonText);
  else if (day === '') issues.reject('end-date-missing', 'endOn', null);
  else spell.endReason = reason;
}
