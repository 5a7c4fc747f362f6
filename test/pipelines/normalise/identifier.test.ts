import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classifyId } from '../../../pipelines/normalise/national-id.ts';
import { readIdentifier, sha256, UNUSABLE } from '../../../pipelines/normalise/read-identifier.ts';
import { codes, noIssues } from './support.ts';

const DIGEST = '51ff20a57253f7f0ee3a9bffe86a86a2141c716b2f554b2bf6429df50e538c13';
const NUMBERS =
  'A10 B11 C12 D13 E14 F15 G16 H17 I34 J18 K19 L20 M21 N22 O35 P23 Q24 R25 S26 T27 U28 V29 W32 X30 Y31 Z33'.split(' ');
const numberOf = new Map(NUMBERS.map((entry) => [entry[0]!, Number(entry.slice(1))]));

/** A valid number built the long way round: expand the letters, weigh, choose the last digit. */
function withCheckDigit(first: string, second: string, seven: string): string {
  const n = numberOf.get(first)!;
  const digits = [
    Math.floor(n / 10),
    n % 10,
    (numberOf.get(second) ?? Number(second)) % 10,
    ...Array.from(seven, Number),
  ];
  const weights = [1, 9, 8, 7, 6, 5, 4, 3, 2, 1];
  const sum = digits.reduce((total, digit, i) => total + digit * weights[i]!, 0);
  return `${first}${second}${seven}${(10 - (sum % 10)) % 10}`;
}
const letter = fc.constantFrom(...numberOf.keys());
const seven = fc.stringMatching(/^\d{7}$/);
const validId = (second: fc.Arbitrary<string>) =>
  fc.tuple(letter, second, seven).map((parts) => withCheckDigit(...parts));

test('the examples of the domain are told apart', () => {
  expect(classifyId('A123456789')).toEqual({ kind: 'national', strong: true });
  expect(classifyId('A123456788')).toEqual({ kind: 'national', strong: false });
  expect(classifyId('A800000014')).toEqual({ kind: 'resident', strong: true });
  expect(classifyId('AA00000009')).toEqual({ kind: 'resident', strong: true });
  expect(classifyId('C4XY12345')).toEqual({ kind: 'passport', strong: true });
  expect(classifyId('A312345678')).toEqual({ kind: 'unknown', strong: false });
  expect(classifyId('0912345678')).toBeNull();
  expect(classifyId('ABCDEFGH')).toBeNull();
});

test('every valid number passes and every other last digit fails', () => {
  for (const second of [fc.constantFrom('1', '2'), fc.constantFrom('8', '9'), fc.constantFrom('A', 'B', 'C', 'D')]) {
    fc.assert(
      fc.property(validId(second), fc.integer({ min: 1, max: 9 }), (id, shift) => {
        expect(classifyId(id)?.strong).toBe(true);
        expect(classifyId(id.slice(0, 9) + ((Number(id[9]) + shift) % 10))?.strong).toBe(false);
      }),
    );
  }
});

test('lower case, full width and spaces are repaired: one person, one digest', () => {
  expect(readIdentifier('A123456789', undefined, noIssues())?.valueOf()).toMatchObject({ digest: DIGEST });
  fc.assert(
    fc.property(validId(fc.constantFrom('1', '2')), (id) => {
      const issues = noIssues();
      const wide = Array.from(id, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join('');
      const read = readIdentifier(id, undefined, issues);
      for (const other of [id.toLowerCase(), wide, ` ${id}\u3000`, `${id.slice(0, 4)} ${id.slice(4)}`]) {
        expect(readIdentifier(other, undefined, issues)).toEqual(read);
      }
      expect(read).toEqual({ kind: 'national', plain: id, digest: sha256(id), strong: true });
      expect(issues.warnings).toEqual([]);
    }),
  );
});

test('a failed checksum is a weak identifier with a warning, not a lost person', () => {
  const issues = noIssues();
  expect(readIdentifier('A123456788', undefined, issues)).toMatchObject({ kind: 'national', strong: false });
  expect(codes(issues.warnings)).toEqual(['id-checksum']);
});

test('a digest alone is a hashed identifier, in either column and either case', () => {
  const hashed = { kind: 'hashed', digest: DIGEST, strong: true };
  expect(readIdentifier(undefined, DIGEST, noIssues())).toEqual(hashed);
  expect(readIdentifier('', DIGEST.toUpperCase(), noIssues())).toEqual(hashed);
  expect(readIdentifier(DIGEST, undefined, noIssues())).toEqual(hashed);
});

test('both columns of one person agree, of two persons reject the row', () => {
  const issues = noIssues();
  expect(readIdentifier('a123456789', DIGEST, issues)).toMatchObject({ plain: 'A123456789', digest: DIGEST });
  expect(issues.errors).toEqual([]);
  expect(readIdentifier('A123456789', sha256('B123456780'), issues)).toBe(UNUSABLE);
  expect(codes(issues.errors)).toEqual(['id-columns-disagree']);
});

test('a masked identifier rejects the row', () => {
  for (const masked of ['A12****789', 'A12＊＊＊＊789', 'A12○○○○789', 'A12XXXX789']) {
    const issues = noIssues();
    expect(readIdentifier(masked, undefined, issues)).toBe(UNUSABLE);
    expect(codes(issues.errors)).toEqual(['id-masked']);
  }
});

test('nothing is nothing: empty cells, 無, and the digest of an empty cell', () => {
  const issues = noIssues();
  expect(readIdentifier('', '', issues)).toBeNull();
  expect(readIdentifier('無', sha256(''), issues)).toBeNull();
  expect(issues.warnings).toEqual([]);
});

test('what is no identifier at all is dropped with a warning', () => {
  const issues = noIssues();
  expect(readIdentifier('0912345678', 'abc', issues)).toBeNull();
  expect(codes(issues.warnings)).toEqual(['id-unreadable', 'digest-unreadable']);
});

test('what clerks type where a system insists is nobody: it joins no two people', () => {
  for (const text of ['0000000000', '999999', 'A000000000', 'A111111111', 'ZZZZZZZZ', '1234567890', '123456789']) {
    const issues = noIssues();
    expect([text, readIdentifier(text, undefined, issues)]).toEqual([text, null]);
    expect(codes(issues.warnings)).toEqual(['id-unreadable']);
  }
  expect(classifyId('A100000001')).toMatchObject({ kind: 'national' });
});

test('digits that may be a day or a phone, and a national number with a digit too many, are weak', () => {
  for (const id of ['19630501', '0520407', '6859875', 'A1234567890', 'B22345678901'])
    expect([id, classifyId(id)?.strong]).toEqual([id, false]);
  for (const id of ['EK1234567', '301234567', 'X12345678']) expect([id, classifyId(id)?.strong]).toEqual([id, true]);
});

test('no placeholder takes a valid number away', () => {
  fc.assert(
    fc.property(letter, fc.constantFrom('1', '2', '8', '9'), (first, digit) => {
      expect(classifyId(withCheckDigit(first, digit, digit.repeat(7)))?.strong).toBe(true);
    }),
  );
});
