import fc from 'fast-check';
import { expect, it } from 'vitest';
import { columnWidths, type Need } from '../../../pipelines/report/pdf/column-widths.ts';

const BODY = 500;
const code = (longest: number): Need => ({ longest, usual: longest, stiff: true, text: true });
const count = (longest: number): Need => ({ ...code(longest), text: false });
const prose = (longest: number, usual = longest): Need => ({ longest, usual, stiff: false, text: true });

it('columns fill the page, whatever is asked', () => {
  const need = fc
    .record({
      longest: fc.double({ min: 8, max: 900, noNaN: true }),
      part: fc.double({ min: 0.1, max: 1, noNaN: true }),
      stiff: fc.boolean(),
      text: fc.boolean(),
    })
    .map(({ longest, part, stiff, text }): Need => ({ longest, usual: longest * part, stiff: stiff || !text, text }));
  fc.assert(
    fc.property(fc.array(need, { minLength: 1, maxLength: 12 }), (needs) => {
      const widths = columnWidths(needs, BODY);
      expect(widths.reduce((a, b) => a + b, 0)).toBeCloseTo(BODY, 6);
      for (const width of widths) expect(width).toBeGreaterThanOrEqual(0);
    }),
  );
});

it('codes and numbers keep their width, and prose has the rest', () => {
  expect(columnWidths([code(60), count(40), prose(900)], BODY)).toEqual([60, 40, 400]);
  expect(columnWidths([code(60), prose(100)], BODY)).toEqual([60, 440]);
});

it('a few long cells do not take the room of the others', () => {
  expect(columnWidths([prose(300), prose(900, 100), code(50)], BODY)[0]).toBe(300);
});

it('too many codes: the longest texts give way, numbers never', () => {
  const widths = columnWidths([count(90), count(90), code(110), code(100), code(110), code(40)], BODY);
  expect(widths.slice(0, 2)).toEqual([90, 90]);
  expect(widths.at(-1)).toBe(40);
});
