import fc from 'fast-check';
import { expect, it } from 'vitest';
import { titleIndex, titleKey } from '../../connectors/files/title-index.ts';

/** What a title comes to, written out. */
const rewritten = (title: string): string =>
  title
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{P}\p{S}\p{Cf}]/gu, '');

const titles = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.string({ unit: fc.constantFrom(...'性別姓名臺台龜兀一鿿㐀豈ａＡa1１ /*：(（_é㈱\u3000'), maxLength: 20 }),
);

it('a title that stands for itself is one that rewriting leaves alone', () => {
  fc.assert(
    fc.property(titles, (title) => {
      expect(titleKey(title)).toBe(rewritten(title));
    }),
    { seed: 113, numRuns: 3000 },
  );
});

it('every common character stands for itself', () => {
  for (let code = 0x4e00; code <= 0x9fff; code += 1) {
    const character = String.fromCharCode(code);
    expect(rewritten(character)).toBe(character);
  }
});

it('a remark in brackets makes a title of a lower rank, and a plain title that nobody knows is none', () => {
  const look = titleIndex('staff');
  expect(look('性別')).toMatchObject({ column: 'sex', rank: 0 });
  expect(look('性別(1男, 2女)')).toMatchObject({ column: 'sex', rank: 0.5 });
  expect(look('天氣')).toBeUndefined();
});
