import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeRow } from '../../../pipelines/landing/encode-row.ts';
import { BLANK, fillBlanks, identifierPlace } from '../../../pipelines/landing/fill-blanks.ts';
import { LineBlock } from '../../../pipelines/landing/line-block.ts';
import type { StaffRecord } from '../../../schemas/records.ts';
import { RECORD_TABLES, stageColumns } from '../../../warehouse/landing/record-tables.ts';
import { keyring, person, SOURCE } from './small-delivery.ts';

const COLUMNS = stageColumns(RECORD_TABLES.staff);

/** Lines as they go into the database, each as its columns. */
function linesOf(records: readonly StaffRecord[]): Record<string, string>[] {
  let block: LineBlock | null = null;
  for (const record of records) {
    const line = encodeRow(SOURCE, record, 7, 42);
    if (block === null) block = new LineBlock('staff', line);
    else if (!block.add(line)) throw new Error('the block is full');
  }
  const text = Buffer.from(fillBlanks(keyring, block!.take()).bytes).toString();
  expect(text).not.toContain(BLANK);
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => Object.fromEntries(line.split('\t').map((value, i) => [COLUMNS[i], value])));
}

/** Text as cleaning leaves it: anything but lone surrogates and NUL. */
const text = fc.string({ unit: 'binary', maxLength: 20 }).map((given) => given.replaceAll('\0', ''));

it('every blank is filled, whatever text stands around it', () => {
  const records = fc.array(
    fc
      .record({
        plain: fc.stringMatching(/^[A-Z0-9ä教]{1,70}$/),
        name: text,
        subjects: fc.array(text),
        bySource: fc.boolean(),
      })
      .map(({ plain, name, subjects, bySource }) =>
        person(plain, name, { subjects, reviewing: name, registeredBy: bySource ? 'source' : 'arrival' }),
      ),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(records, (made) => {
      const lines = linesOf(made);
      expect(lines).toHaveLength(made.length);
      for (const [i, line] of lines.entries()) {
        const { identifier, registeredBy } = made[i]!;
        const hmac = keyring.pseudonym(identifier!.digest, 'hex');
        expect(Object.keys(line)).toEqual(COLUMNS);
        expect(line).toMatchObject({ source: SOURCE, id_hmac: `\\\\x${hmac}`, object_id: '7', row_no: '42' });
        expect(line.key).toBe(`064601:國小:${hmac.slice(0, 40)}`);
        const sealed = Buffer.from(line.id_sealed!.slice(3), 'hex');
        expect(keyring.open(identifierPlace(hmac), sealed).toString()).toBe(identifier!.plain);
        const said = COLUMNS.slice(1, COLUMNS.indexOf('registered_at') + (registeredBy === 'source' ? 1 : 0));
        const content = said.map((column) => line[column]).join('\t');
        expect(line.hash).toBe(`\\\\x${createHash('sha256').update(content).digest('hex').slice(0, 32)}`);
      }
    }),
    { numRuns: 200 },
  );
});

it('a row without an identifier has nothing to seal and keeps its key', () => {
  const [line] = linesOf([person('A123456789', '王甲', { identifier: null, key: 'T001' })]);
  expect(line).toMatchObject({ key: 'T001', id_hmac: '\\N', id_strong: 'f', id_kind: '\\N', id_sealed: '\\N' });
});
