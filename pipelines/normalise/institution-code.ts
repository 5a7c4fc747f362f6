import { cleanCell, codeText, saysNothing } from './clean-text.ts';
import type { NormalisePath } from './context.ts';
import type { RowIssues } from './row-issues.ts';

const SCHOOL = /^\d{3}[0-9A-Z]\d{2}$/;
/** MOE kindergarten codes carry a letter in fourth place (K, X, Y in the lists of year 113) and may name a branch. */
const KINDERGARTEN = /^\d{3}[A-Z][0-9A-Z]{2}(?:-\d{2})?$/;
const SID = /^\d{10}(?:-\d{2})?$/;
const SHORT_SCHOOL = /^\d{2}[0-9A-Z]\d{2}$/;
const SHORT_KINDERGARTEN = /^\d{2}[A-Z][0-9A-Z]{2}(?:-\d{2})?$/;
const SHORT_SID = /^9\d{8}(?:-\d{2})?$/;
const BASE64 = /^[A-Za-z0-9+/]{26,48}={0,2}$/;

export const isSchoolCode = (code: string): boolean => SCHOOL.test(code);

/** `MAA5ADQAMAAxADAAMAAwADAAMQA=` of the public map is base64 of UTF-16LE of `0940100001`. */
function decodeSid(text: string): string | null {
  if (!BASE64.test(text)) return null;
  const decoded = Buffer.from(text, 'base64').toString('utf16le');
  return SID.test(decoded) ? decoded : null;
}

const isWhole = (code: string, path: NormalisePath): boolean =>
  path === 'kindergarten' ? SID.test(code) : SCHOOL.test(code) || KINDERGARTEN.test(code) || SID.test(code);

const lostZero = (code: string, path: NormalisePath): boolean =>
  SHORT_SID.test(code) || (path !== 'kindergarten' && (SHORT_SCHOOL.test(code) || SHORT_KINDERGARTEN.test(code)));

/**
 * A school code, MOE kindergarten code or `sid`; null when the cell holds none, with the row rejected. A leading zero that Excel
 * ate comes back with a warning: `64350`, `64350.0`, `942800021`.
 */
export function readInstitutionCode(
  raw: string | undefined,
  column: string,
  path: NormalisePath,
  issues: RowIssues,
): string | null {
  if (raw !== undefined && isWhole(raw, path)) return raw;
  const text = cleanCell(raw, column, issues);
  if (saysNothing(text)) {
    issues.reject('code-missing', column, null);
    return null;
  }
  const code = codeText(text);
  const whole = isWhole(code, path) ? code : decodeSid(text);
  if (whole !== null) return whole;
  if (lostZero(code, path)) {
    issues.warn('code-zero-restored', column, text, { code: issues.show(column, `0${code}`) });
    return `0${code}`;
  }
  issues.reject(path === 'kindergarten' ? 'sid-unreadable' : 'code-unreadable', column, text);
  return null;
}
