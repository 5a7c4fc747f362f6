import { remember } from './bounded-cache.ts';
import { isoDay, isoDayOfExcelSerial, writtenYear } from './calendar.ts';
import { saysNothing } from './clean-text.ts';
import { parseMoment } from './read-moment.ts';

/** ISO text of a day; '' when the text says that the day is not known; null when it cannot be read. */
export type ReadDate = (text: string) => string | null;

const WRITTEN =
  /^(?:中華)?(民國|民|西元|公元)?(\d{1,4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})[日.]?(?:生|\((?:星期|週)?[一二三四五六日]\))?$/;
const COMPACT = /^(民國|西元|公元)?(\d{2,4})(\d{2})(\d{2})$/;
const EXCEL_SERIAL = /^\d{5}(?:\.\d+)?$/;
const DECIMAL_TAIL = /^(\d{6,8})\.0+$/;
const ALL_ZERO = /^[0/.\-:T年月日民國]+$/;
/**
 * Days that systems write for "not known" (0000-00-00, 1970/01/01), in whatever form: the epochs of Unix, Excel and ROC, and
 * the end of time. A person really born on 1970-01-01 loses the birth date, not the record: a reading, documented.
 */
const PLACEHOLDER_DAYS: ReadonlySet<string> = new Set(['1970-01-01', '1900-01-01', '1912-01-01', '9999-12-31']);

/** A day in every form that `test/pipelines/normalise/dates.test.ts` lists, calendar-checked. Two- and three-digit years are ROC years; day-first and month-first forms are not read. */
export function parseDate(text: string): string | null {
  const flat = text.normalize('NFKC').replace(/\s+/gu, ' ').trim();
  if (saysNothing(flat)) return '';
  const bare = flat.replaceAll(' ', '');
  if (ALL_ZERO.test(bare)) return '';
  const iso = bare.includes(':') ? (parseMoment(flat)?.slice(0, 10) ?? null) : parseDay(bare);
  return iso !== null && PLACEHOLDER_DAYS.has(iso) ? '' : iso;
}

function parseDay(flat: string): string | null {
  if (EXCEL_SERIAL.test(flat)) return isoDayOfExcelSerial(Number(flat));
  const parts = WRITTEN.exec(flat) ?? COMPACT.exec(DECIMAL_TAIL.exec(flat)?.[1] ?? flat);
  if (parts === null) return null;
  const year = writtenYear(parts[1], parts[2]!);
  return year === null ? null : isoDay(year, Number(parts[3]), Number(parts[4]));
}

/** `parseDate` with memory: a roster of a million has some twenty thousand different birthdays. */
export const makeDateReader = (): ReadDate => remember(50_000, parseDate);
