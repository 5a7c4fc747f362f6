import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeControls } from '../../connectors/http/escape-controls.ts';
import { retryAfterMs } from '../../connectors/http/retry-after.ts';
import { parseStrictJson } from '../../connectors/http/strict-json.ts';

describe('strict JSON', () => {
  it('gives what JSON.parse gives, however the text is laid out', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(!/\d{16}/.test(text));
        expect(parseStrictJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    '{"a":1,"a":2}',
    '{ "b": [ {"x":"}{\\"", "\\u0078": 1} ] }',
    '{"a":{"c":1,"d":[],"c":null}}',
    '{"a":": ","b":":","a"\n:1}',
  ])('refuses the key given twice in %s', (text) => {
    expect(() => parseStrictJson(text)).toThrow(/duplicate-key/);
  });

  it('refuses a key given twice wherever it stands, whatever the strings around it hold', () => {
    const texts = fc.string({ unit: fc.constantFrom('"', ':', ' ', '\\', ',', 'a', '王') });
    const inside = fc.oneof(texts, fc.dictionary(texts, texts, { maxKeys: 3 }), fc.array(texts, { maxLength: 3 }));
    const gap = fc.constantFrom('', ' ', '\n', '\t ');
    fc.assert(
      fc.property(fc.array(inside, { maxLength: 4 }), texts, inside, inside, gap, (others, key, one, two, space) => {
        const twice = [one, two].map((value) => `${JSON.stringify(key)}${space}:${JSON.stringify(value)}`);
        const text = JSON.stringify([...others, 0]).replace(/0\]$/, () => `{${twice.join(',')}}]`);
        expect(() => parseStrictJson(text)).toThrow(/duplicate-key/);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['9007199254740993', '[1, -9007199254740992]', '{ "a": 1e400 }'])('refuses the number in %s', (text) => {
    expect(() => parseStrictJson(text)).toThrow(/big-number/);
  });

  it('lets keys of one name stand in different objects, and numbers that are exact', () => {
    const text = '[ {"a":1}, {"a":2, "b":{"a":3}} , 1.50, 9007199254740991, "\\"a\\":1,\\"a\\":2" ]';
    expect(parseStrictJson(text)).toEqual(JSON.parse(text));
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2024-08-01T00:00:00Z');
  it.each([
    ['120', 120_000],
    ['Thu, 01 Aug 2024 00:00:30 GMT', 30_000],
    ['Wed, 31 Jul 2024 00:00:00 GMT', 0],
    ['-5', null],
    ['soon', null],
    ['1.5', null],
    ['', null],
    [undefined, null],
  ])('%s asks for %s ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});

describe('raw control characters in JSON', () => {
  /** JSON with the escapes of control characters undone: what some school systems write. */
  const written = (value: unknown, indent: number): string =>
    JSON.stringify(value, null, indent).replaceAll(/\\(u00[01][0-9a-f]|[\s\S])/g, (found, what: string) =>
      /^u00|^[bfnrt]$/.test(what) ? (JSON.parse(`"${found}"`) as string) : found,
    );
  const controls = fc.string({ unit: fc.constantFrom('\n', '\t', '\0', '\u001f', '\\', '"', 'n', 'u', '王') });
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      controls,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(controls, tie('value'), { maxKeys: 3 }),
    ),
  })).value;

  it('are read as what they are, wherever in a string they stand', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0, 2), (value, indent) => {
        expect(JSON.parse(escapeControls(written(value, indent)))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 500 },
    );
  });

  it('leave valid JSON as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(!/[\x7f-\x9f]/.test(text));
        expect(escapeControls(text)).toBe(text);
      }),
    );
  });

  it.each([
    '{"a":"\\\n"}',
    '{"a":"x',
    '\u0001{"a":1}',
    '{"a":\u00011}',
    '["\\',
    '"\\"',
  ])('make nothing valid that is broken otherwise: %j', (text) => {
    expect(() => JSON.parse(escapeControls(text))).toThrow(SyntaxError);
  });
});
