/**
 * Days of the Gregorian calendar as numbers and text, without JavaScript Dates: 1974-04-01 has no midnight in Taipei, and a
 * Date would answer the day before (architecture.md, "Dates are text").
 */
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** `2024-08-01`, or null when there is no such day or the year is outside 1900–9999. */
export function isoDay(year: number, month: number, day: number): string | null {
  if (year < 1900 || year > 9999 || day < 1) return null;
  const length = MONTH_DAYS[month - 1];
  if (length === undefined || day > length + (month === 2 && isLeap(year) ? 1 : 0)) return null;
  return `${year}-${two(month)}-${two(day)}`;
}

/** Days since 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms"). */
export function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

/** The day that many days after 1970-01-01, as ISO text; the inverse of `dayNumber`. */
export function isoDayOfNumber(days: number): string | null {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return isoDay(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day);
}

/** Excel's 1900 date system; its serial 60 is the 29 February 1900 that never was, so only later ones count. */
export const isoDayOfExcelSerial = (serial: number): string | null =>
  serial > 60 ? isoDayOfNumber(Math.floor(serial) - 25_569) : null;

/**
 * The year that a written one means. Three digits and fewer are ROC years (民國1年 = 1912), as is `0113`; four are western unless the
 * era says otherwise. null for what no one writes (民國1963年, 西元63年, ROC 300).
 */
export function writtenYear(era: string | undefined, digits: string): number | null {
  const year = Number(digits);
  const western = era === '西元' || era === '公元';
  if (year >= 1000) return era === undefined || western ? year : null;
  return western || year < 1 || year > 200 ? null : year + 1911;
}
