/** An archive is the same however its rows were cut on their way. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Zip, ZipDeflate } from 'fflate';
import { expect, it } from 'vitest';
import { evenPieces } from '../../../pipelines/snapshot/exporters/even-pieces.ts';

const WHOLE = Buffer.concat([
  randomBytes(50_000),
  Buffer.from('王小明,064601,教師\r\n'.repeat(12_000)),
  randomBytes(7),
]);

function packed(cuts: readonly number[]): Buffer {
  const pieces: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    pieces.push(piece);
  });
  const file = new ZipDeflate('rows.csv', { level: 6 });
  file.mtime = new Date(1980, 0, 1);
  zip.add(file);
  const even = evenPieces(file);
  const edges = [0, ...cuts.toSorted((a, b) => a - b), WHOLE.length];
  for (let i = 1; i < edges.length; i += 1) even.push(WHOLE.subarray(edges[i - 1], edges[i]));
  even.end();
  zip.end();
  return Buffer.concat(pieces);
}

it('whatever the cuts', () => {
  const once = packed([]);
  const cuts = fc.array(fc.integer({ min: 0, max: WHOLE.length }), { maxLength: 40 });
  fc.assert(
    fc.property(cuts, (at) => packed(at).equals(once)),
    { numRuns: 30, seed: 1 },
  );
  expect(once.length).toBeLessThan(WHOLE.length);
});
