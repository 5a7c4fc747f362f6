import { cleanCell, nfkc, saysNothing } from './clean-text.ts';
import type { RowIssues } from './row-issues.ts';

const EMAIL = /^[^\s@<>,;"]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}$/i;
const MOBILE = /^09\d{8}$/;
const LOST_ZERO_MOBILE = /^9\d{8}$/;
/** Digits, brackets, hyphens, an extension: what a number is written with. */
const PHONE = /^\+?[\d()~\-/.、,;]{6,}(?:#[\d,~\-/、;]+)?$/;
/** Taiwan's area codes without their zero, set off from the number, or nine digits in a row: no local number is so long. */
const LOST_ZERO_LANDLINE =
  /^(?:\((?:2|3|37|4|49|5|6|7|8|82|826|836|89)\)|(?:2|3|37|4|49|5|6|7|8|82|826|836|89)-(?=\d))\d{3,4}-?\d{2,4}(?:#|$)|^[2-8]\d{8}(?:#|$)/;
const EXTENSION = /(?:轉|分機|ext\.?|x|(?<=\d{6})\*)[:.]?(?=\d)/gi;
/** What a number is of, written before it: `公:04-22804546`. */
const LABEL = /^(?:公|宅|家|校|手機|行動|電話|聯絡電話|tel|phone|mobile|[ohm])[:.]?(?=[\d(+])/i;

/** The domain in lower case, the part before it as given. What is no address is dropped with a warning. */
export function readEmail(raw: string | undefined, issues: RowIssues): string | null {
  if (raw === undefined || raw === '') return null;
  const text = nfkc(cleanCell(raw, 'email', issues));
  if (saysNothing(text)) return null;
  if (text.length > 254 || !EMAIL.test(text)) {
    issues.warn('email-invalid', 'email', text);
    return null;
  }
  const domain = text.slice(text.lastIndexOf('@'));
  const lower = domain.toLowerCase();
  return lower === domain ? text : text.slice(0, -domain.length) + lower;
}

/**
 * Half width, no spaces, `#` for 轉 and 分機; a mobile number without hyphens. No area code is guessed; the zero that Excel ate from a mobile
 * number or an area code comes back with a warning. What is no number is dropped with a warning.
 */
export function readPhone(raw: string | undefined, issues: RowIssues): string | null {
  if (raw === undefined || raw === '') return null;
  if (MOBILE.test(raw)) return raw;
  const text = cleanCell(raw, 'phone', issues);
  if (saysNothing(text) || text === '0') return null;
  const flat = text
    .normalize('NFKC')
    .replace(/\s+/gu, '')
    .replace(LABEL, '')
    .replace(EXTENSION, '#')
    .replace(/^(\d+)\.0+$/, '$1');
  const digits = flat.replace(/^\+?886-?\(?0?\)?/, '0').replaceAll('-', '');
  if (MOBILE.test(digits)) return digits;
  if (LOST_ZERO_MOBILE.test(digits)) {
    issues.warn('phone-zero-restored', 'phone', text);
    return `0${digits}`;
  }
  const restored = flat.startsWith('(') ? `(0${flat.slice(1)}` : `0${flat}`;
  if (LOST_ZERO_LANDLINE.test(flat) && PHONE.test(restored)) {
    issues.warn('phone-zero-restored', 'phone', text);
    return restored;
  }
  if (PHONE.test(flat)) return flat;
  issues.warn('phone-unreadable', 'phone', text);
  return null;
}
