/**
 * Days before 15 October 1582 as LibreOffice shows them. Whoever types 113/07/01 there, a year of the Republic, gets a day of the year 113; the program
 * shows it in the Julian calendar, as it was typed, and saves it by the Gregorian (ODS: `0113-06-30`) or as a negative number of days (XLSX: -652506).
 * No other program has dates that early.
 */
const DAY_MS = 86_400_000;
const DAY_SECONDS = 86_400;
/** Julian day number of 1970-01-01. */
const UNIX_EPOCH = 2_440_588;
/** Days since 1970-01-01: the first of the Gregorian calendar, and 1 January of the year 1 in the Julian. */
const FIRST_GREGORIAN = -141_427;
const FIRST = -719_164;
/** Of the day 0 of XLSX, 30 December 1899. */
const SERIAL_EPOCH = -25_569;

const two = (n: number): string => String(n).padStart(2, '0');

/** E. G. Richards, Mapping Time (1998), chapter 25. @param days since 1970-01-01 */
function julianDay(days: number): string {
  const c = days + UNIX_EPOCH + 32_082;
  const d = Math.floor((4 * c + 3) / 1461);
  const e = c - Math.floor((1461 * d) / 4);
  const m = Math.floor((5 * e + 2) / 153);
  const day = e - Math.floor((153 * m + 2) / 5) + 1;
  const year = d - 4800 + Math.floor(m / 10);
  return `${String(year).padStart(4, '0')}-${two(m + 3 - 12 * Math.floor(m / 10))}-${two(day)}`;
}

const isEarly = (days: number): boolean => days < FIRST_GREGORIAN && days >= FIRST;

/** @param text ISO text of a day, with or without a time. @returns the same, unless the day is an early one */
export function earlyText(text: string): string {
  if (!/^(?:0\d|1[0-5])\d\d-/.test(text)) return text;
  const days = Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / DAY_MS;
  return isEarly(days) ? julianDay(days) + text.slice(10) : text;
}

/** @returns null where the number stands for no early day */
export function earlyDayOfSerial(serial: number): string | null {
  const seconds = Math.round(serial * DAY_SECONDS);
  const day = Math.floor(seconds / DAY_SECONDS);
  if (!isEarly(day + SERIAL_EPOCH)) return null;
  const left = seconds - day * DAY_SECONDS;
  const time = [Math.floor(left / 3600), Math.floor((left % 3600) / 60), left % 60].map(two).join(':');
  return julianDay(day + SERIAL_EPOCH) + (left === 0 ? '' : ` ${time}`);
}
