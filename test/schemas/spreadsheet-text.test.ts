import fc from 'fast-check';
import { expect, it } from 'vitest';
import { markText, unmarkText } from '../../schemas/spreadsheet-text.ts';

it.each([
  '=1+1',
  '+886-4-22289111',
  '-3',
  '@SUM(A1)',
  '\t=1',
  '＝1+1',
  ' =1',
  '064601',
  '0912345678',
  '０６４６０１',
  '123456789012',
  '1.10',
  '1,000',
  '(5)',
  '50%',
  'NT$5',
  '1e5',
  '1E+5',
  '70/05/06',
  '113-7-5',
  '113.7.5',
  '113年7月5日',
  '民國113年7月5日',
  '8月1日',
  '1/2',
  'R113/7/5',
  '1981-05-06',
  '113/08/02 16:59:00',
  '10:30',
  '10:30 PM',
  '上午 10:30',
  '2024-08-02T16:59:00Z',
  'mar1',
  '5-Sep',
  'Sept 2024',
  'TRUE',
])('marks %j, which a spreadsheet would change', (text) => {
  expect(markText(text)).toBe(`'${text}`);
  expect(unmarkText(`'${text}`)).toBe(text);
});

it.each([
  '',
  ' ',
  '王小明',
  'A123456789',
  'E120000001',
  'R123456789',
  'B12****780',
  '20240801',
  '12345678901',
  '0',
  '04-22289111#540',
  'wang@example.tw',
  '06A',
  'x01',
  'marta1',
  'may',
  '年',
  'NT',
  "'王",
  "O'Neil",
  '甲1',
  '國字第1號',
])('leaves %j, which none changes', (text) => {
  expect(markText(text)).toBe(text);
  expect(unmarkText(text)).toBe(text);
});

const signs = fc.constantFrom(
  "'",
  '0',
  '1',
  '/',
  '-',
  '=',
  '.',
  ' ',
  'e',
  'R',
  'T',
  '月',
  '日',
  'mar',
  'true',
  '王',
  '\t',
  '１',
);

it('what is marked is read back as it was, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(signs).map((parts) => parts.join('')),
      ),
      (text) => {
        expect(unmarkText(markText(text))).toBe(text);
      },
    ),
  );
});
