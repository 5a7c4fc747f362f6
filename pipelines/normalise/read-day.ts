import { cleanCell } from './clean-text.ts';
import { makeDateReader } from './read-date.ts';
import type { RowIssues } from './row-issues.ts';

/** Dates as one delivery's normaliser reads them: with memory, and with what is plausible in each column at the time of its picture. */
export interface DayReader {
  read(text: string): string | null;
  plausible(column: string, day: string): boolean;
  /** The day of the picture. */
  readonly today: string;
}

/** Born 1920 or later and at least fifteen; a spell within a working life of the list's, and at most five years ahead. */
export function makeDayReader(asOf: string): DayReader {
  const year = Number(asOf.slice(0, 4));
  const latestBirth = `${year - 15}-12-31`;
  const latestEvent = `${year + 5}-12-31`;
  return {
    read: makeDateReader(),
    today: asOf.slice(0, 10),
    plausible: (column, day) =>
      column === 'birthDate' ? day >= '1920-01-01' && day <= latestBirth : day >= '1945-01-01' && day <= latestEvent,
  };
}

/** The day of a cell, or null: unknown silently, unreadable or implausible with a warning. */
export function readDay(raw: string | undefined, column: string, days: DayReader, issues: RowIssues): string | null {
  if (raw === undefined || raw === '') return null;
  const text = cleanCell(raw, column, issues);
  const day = days.read(text);
  if (day === '') return null;
  if (day !== null && days.plausible(column, day)) return day;
  issues.warn(day === null ? 'date-unreadable' : 'date-out-of-range', column, text);
  return null;
}
