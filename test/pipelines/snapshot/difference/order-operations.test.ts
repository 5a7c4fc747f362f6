/** Operations in the order of a delta, one after the other on a copy whose keys are unique, never clash, and end at the newer rows. */
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keyOf, orderOperations } from '../../../../pipelines/snapshot/difference/order-operations.ts';
import type { DeltaOperation, SnapshotRow } from '../../../../schemas/snapshot-delta.ts';

/** Who has which key, by person; null: none. */
type Held = ReadonlyMap<number, string | null>;
const row = (person: number, key: string | null): SnapshotRow => ({ id_digest: key, name: `p${person}` });

function operationsOf(older: Held, newer: Held): DeltaOperation[] {
  const place = (of: Held, person: number) => [...of.keys()].indexOf(person) + 1 || null;
  const people = [...new Set([...older.keys(), ...newer.keys()])];
  return people.flatMap((person): DeltaOperation[] => {
    const before = older.has(person) ? row(person, older.get(person) ?? null) : null;
    const after = newer.has(person) ? row(person, newer.get(person) ?? null) : null;
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    const op = before === null ? 'insert' : after === null ? 'delete' : 'update';
    return [{ op, was: place(older, person), at: place(newer, person), before, after, changed: {}, why: ['change'] }];
  });
}

/** As a database that refuses two of a key. */
function replay(older: Held, operations: readonly DeltaOperation[]): Map<string, string | null> {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE copy (name TEXT PRIMARY KEY, digest TEXT UNIQUE)');
  const insert = db.prepare('INSERT INTO copy VALUES (?, ?)');
  for (const [person, key] of older) insert.run(`p${person}`, key);
  for (const { op, before, after } of operations) {
    const [name, digest] = [String((after ?? before)?.name), (after?.id_digest ?? null) as string | null];
    if (op === 'delete') db.prepare('DELETE FROM copy WHERE name = ?').run(name);
    else if (op === 'insert') insert.run(name, digest);
    else db.prepare('UPDATE copy SET digest = ? WHERE name = ?').run(digest, name);
  }
  const rows = db.prepare('SELECT name, digest FROM copy ORDER BY name').all();
  db.close();
  return new Map(rows.map(({ name, digest }) => [name as string, digest as string | null]));
}

const held = fc
  .tuple(
    fc.uniqueArray(fc.nat(9), { maxLength: 10 }),
    fc.uniqueArray(fc.constantFrom(...'ABCDEFGHIJ'), { minLength: 10, maxLength: 10 }),
    fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
  )
  .map(
    ([people, keys, has]): Held => new Map(people.map((person, i) => [person, has[i] ? (keys[i] as string) : null])),
  );

it('whatever keys go round, each statement holds and the end is the newer one', () => {
  fc.assert(
    fc.property(held, held, (older, newer) => {
      const ordered = orderOperations('teacher-plan', operationsOf(older, newer));
      const expected = new Map(
        [...newer].map(([person, key]) => [`p${person}`, key] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
      );
      expect(replay(older, ordered)).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

it('two who change their keys: one goes and comes back, and nothing else is parted', () => {
  const older: Held = new Map([
    [1, 'A'],
    [2, 'B'],
    [3, 'C'],
    [4, 'D'],
  ]);
  const newer: Held = new Map([
    [1, 'B'],
    [2, 'A'],
    [3, 'E'],
    [4, 'C'],
  ]);
  const ordered = orderOperations('teacher-plan', operationsOf(older, newer));
  const told = ordered.map(({ op, before, after }) => `${op} ${(after ?? before)?.name}`);
  expect(told).toEqual(['delete p1', 'update p2', 'update p3', 'update p4', 'insert p1']);
});

it('a school is told by code and section, a teacher by 身分證編碼, and who has none by nothing', () => {
  expect(keyOf('school-plan', { institution_code: '064601', section: '國小' })).toBe('["064601","國小"]');
  expect(keyOf('teacher-plan', { id_digest: null, name: '王小明' })).toBeNull();
  expect(keyOf('teacher-plan', null)).toBeNull();
});
