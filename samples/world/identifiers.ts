/**
 * Made-up identifiers with a right checksum. A serial number below ten million is used once in the whole
 * sample, so that no two people ever share an identifier by accident.
 */
import type { Random } from './random.ts';

export const ID_KINDS = ['national', 'resident-new', 'resident-old', 'passport'] as const;
export type IdKind = (typeof ID_KINDS)[number];

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';
/** Where people of the city were registered, roughly: Taichung's two letters first. */
const COMMON = 'BBBBBLLLLLLNNNPPMMAAFEHKQTSG';
const WEIGHTS = [1, 9, 8, 7, 6, 5, 4, 3, 2, 1] as const;

const letterNumber = (letter: string): number => LETTERS.indexOf(letter) + 10;

/** The last digit for nine leading characters; the second may be a letter (old resident number: its units digit counts). */
export function checkDigit(first9: string): number {
  const area = letterNumber(first9.charAt(0));
  const second = first9.charAt(1);
  const digits = [
    Math.floor(area / 10),
    area % 10,
    /\d/.test(second) ? Number(second) : letterNumber(second) % 10,
    ...[...first9.slice(2)].map(Number),
  ];
  const sum = digits.reduce((total, digit, i) => total + digit * (WEIGHTS[i] ?? 0), 0);
  return (10 - (sum % 10)) % 10;
}

export const hasRightChecksum = (id: string): boolean => checkDigit(id.slice(0, 9)) === Number(id.at(9));

/** @param serial unique in the sample, 0 to 9,999,999. */
export function makeIdentifier(rng: Random, kind: IdKind, sex: '男' | '女', serial: number): string {
  // A bijection of the ten million serials (the factor is coprime with 10): neighbours in a school do not look alike.
  const spread = String((serial * 6_180_339 + 2_718_281) % 10_000_000).padStart(7, '0');
  const male = sex === '男';
  if (kind === 'passport') return `${rng.pick(['X', 'EK', 'P', 'TG'])}${spread}${rng.between(0, 9)}`.slice(0, 10);
  const second = { national: male ? '1' : '2', 'resident-new': male ? '8' : '9', 'resident-old': male ? 'A' : 'B' }[
    kind
  ];
  const first9 = `${rng.pick([...COMMON])}${second}${spread}`;
  return `${first9}${checkDigit(first9)}`;
}

/** The same number with its last digit wrong: what a slip of the keyboard leaves. */
export const withWrongChecksum = (id: string): string => `${id.slice(0, 9)}${(Number(id.at(9)) + 3) % 10}`;
