import { dayNumber, isoDay, isoDayOfExcelSerial, isoDayOfNumber, writtenYear } from './calendar.ts';

/**
 * The one written form of a moment in records: `2024-08-02T16:59:59.000000+08:00`. Always Taipei time, always microseconds, so that
 * comparing texts compares moments (R24's cut-off) and equal moments have equal bytes.
 */
const MOMENT =
  /^(?:中華)?(民國|西元|公元)?(\d{1,4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]|(?<=日)|(?=[上下]午))(上午|下午|AM|PM)? ?(\d{1,2})[:時](\d{1,2})(?:[:分](\d{1,2})(?:\.(\d{1,9}))?)?[分秒]?(?: ?(AM|PM))?(?: ?(Z|[+-]\d{2}:?\d{2}))?$/;
/** The form that most systems write, on a day that the shape alone proves: of Taipei time it needs no reading. */
const PLAIN =
  /^(?:19|20)\d\d-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\+08:00)?$/;
const EXCEL_SERIAL = /^(\d{5})\.(\d{1,15})$/;
const TAIPEI_MINUTES = 8 * 60;
const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/** Null when the text is not a moment. Without an offset it is read as Asia/Taipei (+08:00). */
export function parseMoment(text: string): string | null {
  if (PLAIN.test(text)) return `${text.slice(0, 10)}T${text.slice(11, 19)}.000000+08:00`;
  const flat = text.normalize('NFKC').replace(/\s+/gu, ' ').trim().toUpperCase();
  const serial = EXCEL_SERIAL.exec(flat);
  if (serial) return ofSerial(Number(serial[1]), Number(`0.${serial[2]}`));
  const parts = MOMENT.exec(flat);
  if (parts === null) return null;
  const [, era, yearText, monthText, dayText, half, hourText, minuteText, secondText, fraction, halfAfter, offset] =
    parts;
  const year = writtenYear(era, yearText!);
  const hour = hourOfDay(Number(hourText), half ?? halfAfter);
  const minute = Number(minuteText);
  const second = secondText === undefined ? 0 : Number(secondText);
  if (year === null || hour === null || minute > 59 || second > 59) return null;
  const month = Number(monthText);
  const iso = isoDay(year, month, Number(dayText));
  const ahead = offset === undefined ? TAIPEI_MINUTES : offsetMinutes(offset);
  if (iso === null || ahead === null) return null;
  const tail = `${two(second)}.${(fraction ?? '').padEnd(6, '0').slice(0, 6)}+08:00`;
  if (ahead === TAIPEI_MINUTES) return `${iso}T${two(hour)}:${two(minute)}:${tail}`;
  return ofMinutes(dayNumber(year, month, Number(dayText)), hour * 60 + minute - ahead + TAIPEI_MINUTES, tail);
}

function hourOfDay(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour > 23 ? null : hour;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half === '下午' || half === 'PM' ? 12 : 0);
}

function offsetMinutes(offset: string): number | null {
  if (offset === 'Z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(-2));
  if (hours > 14 || minutes > 59) return null;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function ofMinutes(day: number, minutes: number, tail: string): string | null {
  const days = Math.floor(minutes / 1440);
  const rest = minutes - days * 1440;
  const iso = isoDayOfNumber(day + days);
  return iso === null ? null : `${iso}T${two(Math.floor(rest / 60))}:${two(rest % 60)}:${tail}`;
}

/** Excel keeps a moment as days and a fraction; to the second, as Excel itself shows it. */
function ofSerial(serial: number, fraction: number): string | null {
  const seconds = Math.min(86_399, Math.round(fraction * 86_400));
  const iso = isoDayOfExcelSerial(serial);
  if (iso === null) return null;
  return `${iso}T${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.000000+08:00`;
}
