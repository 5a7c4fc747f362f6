import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isStorable, storableJson, storableText } from '../../schemas/storable.ts';

const odd = fc.string({ unit: fc.constantFrom('a', '王', '\0', '\ud83d', '\ude00', '"', '\\') });

it('text is storable once it was made so, and what was storable stays', () => {
  fc.assert(
    fc.property(odd, (text) => {
      expect(isStorable(storableText(text))).toBe(true);
      if (isStorable(text)) expect(storableText(text)).toBe(text);
    }),
  );
});

it('JSON holds no NUL and no half character, neither in a text nor in a name, however deep', () => {
  const inside = fc.dictionary(odd, fc.oneof(odd, fc.integer(), fc.array(odd), fc.dictionary(odd, odd)));
  fc.assert(
    fc.property(inside, (value) => {
      const texts: string[] = [];
      JSON.parse(storableJson(value), (name, inner: unknown) => {
        texts.push(name, ...(typeof inner === 'string' ? [inner] : []));
        return inner;
      });
      expect(texts.filter((text) => !isStorable(text))).toEqual([]);
    }),
  );
});

it('what can be stored is written as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (value) => {
      fc.pre(isStorable(JSON.stringify(value)) && !/\\u(0000|d)/i.test(JSON.stringify(value)));
      expect(storableJson(value)).toBe(JSON.stringify(value));
    }),
  );
});
