import type { EndReason } from '../../schemas/records.ts';
import { cleanCell, saysNothing } from './clean-text.ts';
import { codedText } from './coded-values.ts';
import { type DayReader, readDay } from './read-day.ts';
import { readServiceState } from './read-service-state.ts';
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
  serviceState?: string;
}

/** What is said to a school and what to a kindergarten, each by the columns that it has. */
const WORDS = {
  school: { dateMissing: 'leave-date-missing', reasonMissing: 'leave-reason-missing' },
  kindergarten: { dateMissing: 'end-date-missing', reasonMissing: 'end-reason-missing' },
} as const;
type Words = (typeof WORDS)[keyof typeof WORDS];

/**
 * 異動別 with 異動日期 (files), or the dates and reason themselves (care feed); 異動別 wins. An 異動別 that is unknown or has no date rejects the row:
 * to guess would end, or not end, somebody's assignment.
 */
export function readSpell(cells: ChangeCells, days: DayReader, issues: RowIssues, path: keyof typeof WORDS): Spell {
  const spell: Spell = { startOn: null, endOn: null, endReason: null, onLeave: false, leaveChangedOn: null };
  if (cells.startOn !== undefined) spell.startOn = readDay(cells.startOn, 'startOn', days, issues);
  if (cells.endOn !== undefined || cells.endReason !== undefined) readEnd(cells, spell, days, issues, WORDS[path]);
  const change = cleanCell(cells.change, 'change', issues);
  if (!saysNothing(change)) applyChange(change, cells.changeDate, spell, days, issues);
  else if (cells.changeDate !== undefined && readDay(cells.changeDate, 'changeDate', days, issues) !== null) {
    issues.warn('change-date-without-change', 'changeDate', cleanCell(cells.changeDate, 'changeDate', issues));
  }
  holdToState(cells, spell, days, issues);
  if (spell.endOn !== null && spell.endReason === null) issues.warn(WORDS[path].reasonMissing, 'endReason', null);
  if (spell.startOn !== null && spell.endOn !== null && spell.endOn < spell.startOn) {
    issues.reject('dates-out-of-order', 'endOn', spell.endOn, { start: spell.startOn, end: spell.endOn });
  }
  return spell;
}

/**
 * 在職狀況 beside the rest of the row. By itself it ends nothing, for it has no day; it gives the reason of an end that has none. Where it says that
 * somebody is there who left on a day that has passed, the row is rejected: either may be the slip.
 */
function holdToState({ serviceState }: ChangeCells, spell: Spell, days: DayReader, issues: RowIssues): void {
  const state = readServiceState(serviceState, issues);
  if (state === null) return;
  const { endOn, endReason } = spell;
  if (state === '在職') {
    if (endOn !== null && endOn <= days.today)
      issues.reject('left-but-in-service', 'serviceState', state, { end: endOn });
  } else if (endOn === null) issues.warn('service-state-without-date', 'serviceState', state, { state });
  else if (endReason === null) {
    spell.endReason = state;
    issues.warn('end-reason-from-state', 'serviceState', state, { state });
  } else if (endReason !== state)
    issues.warn('service-state-contradicts', 'serviceState', state, { state, reason: endReason });
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

/** A leave date that cannot be read rejects the row, like one of an 異動別; a reason that is missing is asked about, once the rest of the row is read. */
function readEnd(cells: ChangeCells, spell: Spell, days: DayReader, issues: RowIssues, words: Words): void {
  const text = cleanCell(cells.endOn, 'endOn', issues);
  const day = days.read(text);
  if (day === null || (day !== '' && !days.plausible('endOn', day)))
    issues.reject('end-date-unreadable', 'endOn', text);
  else if (day !== '') spell.endOn = day;
  const reasonText = cleanCell(cells.endReason, 'endReason', issues);
  if (saysNothing(reasonText)) return;
  const reason = END_REASONS.get(reasonText) ?? END_REASONS.get(codedText(reasonText));
  if (reason === undefined) issues.reject('end-reason-unknown', 'endReason', reasonText);
  else if (day === '') issues.reject(words.dateMissing, 'endOn', null);
  else spell.endReason = reason;
}
