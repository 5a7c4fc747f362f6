/**
 * A workbook's cell as the text a delimited file would hold. Dates become ISO text here and stay text (1974-04-01 has no midnight in
 * Taipei). SheetJS hands over the cell's own calendar date in UTC, whatever the time zone of the process.
 */
import { SSF } from '@e965/xlsx';
import { earlyDayOfSerial } from './early-day.ts';

const DAY_SECONDS = 86_400;
const DAYS_TO_1904 = 1462;

export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (value instanceof Date) return dateText(value);
  return String(value);
}

/**
 * Text of a date kept as days since 1900 (or 1904), as Excel shows it: its 1900 has a 29 February. To the second, for a fraction of a
 * day is never exact. What is no date on that calendar stays a number.
 */
export function serialText(serial: number, date1904: boolean): string {
  const date = SSF.parse_date_code(Math.round(serial * DAY_SECONDS) / DAY_SECONDS, { date1904 });
  if (!date) return earlyDayOfSerial(date1904 ? serial + DAYS_TO_1904 : serial) ?? String(serial);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${String(date.y).padStart(4, '0')}-${two(date.m)}-${two(date.d)}`;
  const time = `${two(date.H)}:${two(date.M)}:${two(date.S)}`;
  return time === '00:00:00' ? day : `${day} ${time}`;
}

/** ISO text that a workbook holds, as `dateText` writes it. */
export const isoText = (text: string): string =>
  text
    .replace('T', ' ')
    .replace(/(\.\d+)?Z?$/, '')
    .replace(/ 00:00:00$/, '');

function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return String(date);
  const [day, time] = new Date(Math.round(date.getTime() / 1000) * 1000).toISOString().split('T') as [string, string];
  return time.startsWith('00:00:00') ? day : `${day} ${time.slice(0, 8)}`;
}
