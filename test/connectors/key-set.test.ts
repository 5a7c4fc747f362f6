import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeySet } from '../../connectors/care-system/key-set.ts';

it('says of every page whether one of its keys came before, as a set of texts would', () => {
  const pages = fc.array(fc.array(fc.string({ unit: 'grapheme', maxLength: 3 }), { maxLength: 4 }));
  fc.assert(
    fc.property(pages, (all) => {
      const [set, model] = [new KeySet(), new Set<string>()];
      for (const keys of all) {
        const known = keys.some((key) => model.has(key));
        expect(set.addUnlessKnown(keys)).toBe(known);
        if (!known) for (const key of keys) model.add(key);
      }
    }),
  );
});

it('knows all of many keys, and no others', () => {
  const set = new KeySet();
  const keys = Array.from({ length: 50_000 }, (_, i) => `S${i}`);
  expect(set.addUnlessKnown(keys)).toBe(false);
  expect(keys.filter((key) => !set.addUnlessKnown([key]))).toEqual([]);
  expect(set.addUnlessKnown(keys.map((key) => `${key}x`))).toBe(false);
});
