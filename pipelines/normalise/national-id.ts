import type { IdentifierKind } from '../../schemas/records.ts';
import { codeText } from './clean-text.ts';

/** Numbers of the letters of a national id (I, O, W, Z came late, hence the order). */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 1, 1] as const;

const NATIONAL = /^[A-Z][12]\d{8}$/;
const NEW_RESIDENT = /^[A-Z][89]\d{8}$/;
const OLD_RESIDENT = /^[A-Z][A-D]\d{8}$/;
const LETTER_AND_NINE = /^[A-Z]\d{9}$/;
const MOBILE = /^09\d{8}$/;
/** What clerks type where a system insists: one digit or letter over and over, or counting. */
const PLACEHOLDER = /^[A-Z]?(\d)\1{5,}$|^([A-Z])\2{5,}$|^123456(?:7(?:8(?:90?)?)?)?$/;
/** A national number with a digit too many, or digits alone that may as well be a day or a phone of a shifted cell. */
const DOUBTFUL_PASSPORT = /^[A-Z][1289]\d{9,}$|^\d{6,8}$/;
const PASSPORT = /^(?=.*\d)[A-Z0-9]{6,20}$/;

export interface IdReading {
  kind: IdentifierKind;
  /** False for a failed checksum or a shape that no issuer uses: kept, never joined on alone. */
  strong: boolean;
}

const letterNumber = (id: string, at: number): number => LETTERS.indexOf(id[at] as string) + 10;

/** Weighted sum of the checksum: letter as two digits, weights 1,9,8,…,1,1, mod 10 = 0. The second letter of an old resident number counts as its units digit. */
function passesChecksum(id: string): boolean {
  const first = letterNumber(id, 0);
  let sum = Math.floor(first / 10) + (first % 10) * 9;
  for (let i = 0; i < WEIGHTS.length; i++) {
    const code = id.charCodeAt(i + 1);
    sum += WEIGHTS[i]! * (code < 58 ? code - 48 : letterNumber(id, i + 1) % 10);
  }
  return sum % 10 === 0;
}

/** What an upper-case, half-width id is; null for what is no id at all. */
export function classifyId(id: string): IdReading | null {
  const kind = NATIONAL.test(id) ? 'national' : NEW_RESIDENT.test(id) || OLD_RESIDENT.test(id) ? 'resident' : null;
  if (kind !== null && passesChecksum(id)) return { kind, strong: true };
  if (PLACEHOLDER.test(id)) return null;
  if (kind !== null) return { kind, strong: false };
  if (LETTER_AND_NINE.test(id)) return { kind: 'unknown', strong: false };
  return PASSPORT.test(id) && !MOBILE.test(id) ? { kind: 'passport', strong: !DOUBTFUL_PASSPORT.test(id) } : null;
}

const SEPARATORS = /[\s-]/gu;

/** An identifier as its digest is made of: half width, upper case, without Excel's damage, spaces and hyphens. */
export function bareCode(text: string): string {
  const code = codeText(text);
  return /[^0-9A-Z]/.test(code) ? code.replace(SEPARATORS, '') : code;
}

/** Text that is a plain national or resident number, whatever its checksum: it may stand in no key. */
export const looksLikeId = (text: string): boolean => LETTER_AND_NINE.test(text) || OLD_RESIDENT.test(text);
