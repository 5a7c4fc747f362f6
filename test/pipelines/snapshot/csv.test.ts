import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { canonicalJson, fingerprintOf } from '../../../pipelines/snapshot/canonical-json.ts';
import { asText, csvLine, headerLine, spreadsheetLines } from '../../../pipelines/snapshot/csv.ts';
import { measure } from '../../../pipelines/snapshot/readers/file-reader.ts';
import { csvReader } from '../../../pipelines/snapshot/readers/read-csv.ts';

const cell = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('=1+1', '@x', ' 前後空白 ', 'a"b', 'x,y', '兩\n行', '兩\r\n行', '\uFEFF', ''),
);
const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { maxLength: 20 });

async function* piecesOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const written = (rows: readonly string[][]): Buffer =>
  Buffer.from(headerLine([{ name: '甲' }, { name: '乙' }]) + rows.map((row) => csvLine(row)).join(''));

describe('CSV of a snapshot', () => {
  it('gives back every cell exactly, formulas and line ends too', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const text = written(rows).toString('utf8');
        const read = Papa.parse<string[]>(text, { delimiter: ',', newline: '\r\n' }).data;
        expect(read.slice(1, -1)).toEqual(rows);
      }),
    );
  });

  it('is counted right whatever the pieces that it comes in', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 64 }), async (rows, size) => {
        const bytes = written(rows);
        const measured = await measure(piecesOf(bytes, size), csvReader());
        expect(measured).toMatchObject({
          bytes: bytes.length,
          contents: { rows: rows.length, head: '甲,乙\r\n' },
        });
      }),
    );
  });

  it('has no byte-order mark and ends every line with CRLF', () => {
    expect(written([['王', '=SUM(A1)']])).toEqual(Buffer.from('甲,乙\r\n王,=SUM(A1)\r\n'));
  });
});

describe('CSV for a spreadsheet', () => {
  const columns = [
    { name: '甲', english: 'a', type: 'string' as const, description: '', value: (text: string) => text },
  ];

  it.each(['=1+1', '+1', '-1', '@x', '\t=1', ' =1', '＝1+1', '\r=1'])('has an apostrophe before %j', (text) => {
    const [[cell] = []] = Papa.parse<string[]>(spreadsheetLines(columns, asText)(text)).data;
    expect(cell).toBe(`'${text}`);
  });

  it('changes nothing else', () => {
    const plain = fc.string({ unit: 'grapheme' }).filter((text) => /^[\p{L}\p{N}]/u.test(text));
    fc.assert(
      fc.property(plain, (text) => {
        expect(spreadsheetLines(columns, asText)(text)).toBe(csvLine([text]));
      }),
    );
  });
});

describe('canonical JSON', () => {
  it('is the same text whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      }),
    );
  });

  it('gives a fingerprint that does not depend on itself', () => {
    const manifest = { name: 'x', mingce: { kind: 'school-plan' } };
    const fingerprint = fingerprintOf(manifest);
    expect(fingerprintOf({ ...manifest, mingce: { ...manifest.mingce, fingerprint } })).toBe(fingerprint);
    expect(fingerprintOf({ ...manifest, name: 'y' })).not.toBe(fingerprint);
  });
});
