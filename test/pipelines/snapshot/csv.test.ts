import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { canonicalJson, fingerprintOf } from '../../../pipelines/snapshot/canonical-json.ts';
import { csvBytes, csvLine } from '../../../pipelines/snapshot/csv.ts';
import { measureCsv } from '../../../pipelines/snapshot/measure-csv.ts';

const cell = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('=1+1', '@x', ' 前後空白 ', 'a"b', 'x,y', '兩\n行', '兩\r\n行', '\uFEFF', ''),
);
const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { maxLength: 20 });

async function* piecesOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function written(rows: readonly string[][]): Promise<Buffer> {
  async function* blocks(): AsyncGenerator<string[]> {
    yield rows.map((row) => csvLine(row));
  }
  const pieces: Buffer[] = [];
  for await (const piece of csvBytes([{ name: '甲' }, { name: '乙' }], blocks(), { rows: 0 })) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('CSV of a snapshot', () => {
  it('gives back every cell exactly, formulas and line ends too', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const text = (await written(rows)).toString('utf8');
        const read = Papa.parse<string[]>(text, { delimiter: ',', newline: '\r\n' }).data;
        expect(read.slice(1, -1)).toEqual(rows);
      }),
    );
  });

  it('is counted right whatever the pieces that it comes in', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 64 }), async (rows, size) => {
        const bytes = await written(rows);
        const measured = await measureCsv(piecesOf(bytes, size));
        expect(measured).toMatchObject({ bytes: bytes.length, rows: rows.length, header: '甲,乙\r\n' });
      }),
    );
  });

  it('has no byte-order mark and ends every line with CRLF', async () => {
    expect(await written([['王', '=SUM(A1)']])).toEqual(Buffer.from('甲,乙\r\n王,=SUM(A1)\r\n'));
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
