/**
 * The school that a file speaks for, from its folder and name: `064601/名冊.csv`, `064601_教師名冊.xlsx`. A code that lost its leading
 * zero on the way through a spreadsheet (`64601`) is repaired. Dates look much like codes (`202407`, `11307`, `240729`): they are
 * taken for one only if nothing else is there.
 */

/** Three digits, a digit or letter, two digits. Letters in lower case are accepted where people type. */
export const SCHOOL_CODE_PATTERN = '\\d{3}[0-9A-Za-z]\\d{2}';

const WHOLE = new RegExp(`(?<![0-9A-Za-z])${SCHOOL_CODE_PATTERN}(?![0-9A-Za-z])`, 'g');
const SHORT = /(?<![0-9A-Za-z])[1-9]\d[0-9A-Za-z]\d{2}(?![0-9A-Za-z])/g;
/** 2020-01 … 2039-12, 民國 100-01 … 119-12, and a day of 2020 to 2039 as YYMMDD. */
const DATE = /^(?:(?:20[23]\d|1[01]\d)(?:0[1-9]|1[0-2])|[23]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))$/;

export type SchoolCode = { code: string } | { conflict: string[] } | null;

/**
 * `path` is relative to the inbox, with `/`. Folders and name must agree. The name of an archive counts only where nothing else says a code: it names a
 * day as often as a school.
 */
export function schoolCodeOf(path: string): SchoolCode {
  const inside = path.indexOf('//');
  if (inside === -1) return codeInPath(path);
  const folder = path.slice(0, path.lastIndexOf('/', inside - 1) + 1);
  return codeInPath(folder + path.slice(inside + 2)) ?? codeInPath(path.slice(0, inside));
}

function codeInPath(path: string): SchoolCode {
  const name = path.replace(/\.[^./]*$/, '');
  const codes = new Set([...found(name, WHOLE)]);
  if (codes.size === 0) for (const short of found(name, SHORT)) codes.add(`0${short}`);
  if (codes.size === 0) return null;
  return codes.size === 1 ? { code: [...codes][0]! } : { conflict: [...codes].sort() };
}

/** A cell of a code column, or null where it holds no code. */
export function schoolCodeIn(cell: string): string | null {
  const text = cell.normalize('NFKC').trim().replace(/\.0$/, '').replace(/^'/, '');
  const whole = new RegExp(`^${SCHOOL_CODE_PATTERN}$`).test(text)
    ? text
    : /^[1-9]\d[0-9A-Za-z]\d{2}$/.test(text)
      ? `0${text}`
      : null;
  return whole?.toUpperCase() ?? null;
}

function found(text: string, pattern: RegExp): string[] {
  const all = [...new Set((text.normalize('NFKC').match(pattern) ?? []).map((code) => code.toUpperCase()))];
  const others = all.filter((code) => !DATE.test(code));
  return others.length > 0 || pattern === SHORT ? others : all;
}
