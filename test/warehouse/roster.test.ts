/** The roster of one institution costs what that institution is, not what the city or its history is. */
import { expect, it } from 'vitest';
import { institutionsThen, peopleThen } from '../../warehouse/views/roster.ts';
import { ownDatabase } from '../support/own-database.ts';
import { planReads } from '../support/plan-reads.ts';

const own = ownDatabase();
const NIGHTS = 200;
const PEOPLE = 20;
const ORIGIN = `'roster/064601', 'k', 1, 1, 1, 'R08', '新進'`;

/** Schools of 20 people; of those of the first every night has another title. Nights are a day apart from 2024-01-01. */
const FILL = `
  INSERT INTO warehouse.institution (id, source, source_key) SELECT g, 'schools', 's' || g FROM generate_series(1, 200) AS g;
  INSERT INTO warehouse.person (id) SELECT generate_series(1, 200 * ${PEOPLE});
  INSERT INTO warehouse.person_version (person_id, name, name_key, valid_from, recorded_from, registered_at, source, source_key, object_id, row_no, run_id, rule, reason)
    SELECT p.id, '人' || p.id, 'x', '2023-08-01', '2024-01-01', '2024-01-01', ${ORIGIN} FROM warehouse.person AS p;
  INSERT INTO warehouse.assignment (id, source, source_key, spell, person_id, institution_id)
    SELECT p.id, 'roster/x', 'k' || p.id, 1, p.id, 1 + (p.id - 1) / ${PEOPLE} FROM warehouse.person AS p;
  INSERT INTO warehouse.assignment_version (assignment_id, title, subjects, is_primary, on_leave, valid_from, recorded_from, recorded_to, registered_at, source, source_key, object_id, row_no, run_id, rule, reason)
    SELECT a.id, '第' || n || '夜', '{}', true, false, '2023-08-01', timestamptz '2024-01-01' + n * interval '1 day',
           CASE WHEN n = nights.last THEN 'infinity' ELSE timestamptz '2024-01-01' + (n + 1) * interval '1 day' END, '2024-01-01', ${ORIGIN}
    FROM warehouse.assignment AS a CROSS JOIN LATERAL (SELECT CASE WHEN a.institution_id = 1 THEN ${NIGHTS - 1} ELSE 0 END AS last) AS nights
    CROSS JOIN LATERAL generate_series(0, nights.last) AS n;
  ANALYZE`;

it('of any moment: the people then, found by index', async () => {
  await own.db.raw(FILL);
  const of = (key: string, asOf: string) => peopleThen(own.db, `schools:${key}`, { asOf, on: '2024-07-31' });
  expect(new Set((await of('s1', 'infinity')).map((p) => p.title))).toEqual(new Set([`第${NIGHTS - 1}夜`]));
  expect(new Set((await of('s1', '2024-01-11T12:00:00+08')).map((p) => p.title))).toEqual(new Set(['第10夜']));
  expect(await of('s1', '2024-01-01T00:00:00+08')).toEqual([]);
  expect(await of('s2', '2024-03-01T00:00:00+00')).toHaveLength(PEOPLE);
});

it('reads nothing of other institutions, and of its own no more than was ever recorded of it', async () => {
  const statements: { sql: string; bindings: readonly unknown[] }[] = [];
  const listen = ({ sql, bindings }: { sql: string; bindings: readonly unknown[] }): number =>
    statements.push({ sql, bindings });
  own.db.on('query', listen);
  await peopleThen(own.db, 'schools:s2', { asOf: '2024-01-11T12:00:00+00', on: '2024-07-31' });
  own.db.off('query', listen);
  const [statement] = statements;
  const reads = await planReads(own.db, inlined(statement as (typeof statements)[number]), {});
  for (const table of ['assignment', 'assignment_version', 'person_version'])
    expect(reads.get(table), table).toBeLessThanOrEqual(3 * PEOPLE);
});

it('an institution has the code that was known of it then', async () => {
  const known =
    "'幼兒園', '公立', false, '營業', '2023-08-01', '2024-01-01', '2024-01-01', 'care', '9', 1, 1, 1, 'R08', '新立'";
  await own.db.raw(
    `INSERT INTO warehouse.institution (id, source, source_key) VALUES (1001, 'moe', '9');
     INSERT INTO warehouse.institution_version (institution_id, path, name, section, ownership, quasi_public, status, valid_from, recorded_from, registered_at, source, source_key, object_id, row_no, run_id, rule, reason)
       VALUES (1001, 'kindergarten', '臺中幼兒園', ${known});
     INSERT INTO warehouse.past_institution_code VALUES ('moe-kindergarten', '191K01', '幼兒園', 1001, '2024-01-01', '2024-03-01');
     INSERT INTO warehouse.institution_code (system, code, section, institution_id, recorded_from)
       VALUES ('moe-kindergarten', '191K02', '幼兒園', 1001, '2024-03-01'), ('care', '3001', '幼兒園', 1001, '2024-05-01')`,
  );
  const codeAt = async (asOf: string) =>
    (await institutionsThen(own.db, { asOf, on: '2024-07-31' })).map(({ code }) => code);
  expect(await codeAt('2024-01-01T00:00:01+08')).toEqual(['191K01']);
  expect(await codeAt('2024-03-01T00:00:00+08')).toEqual(['191K01']);
  expect(await codeAt('2024-04-01T00:00:00+08')).toEqual(['191K02']);
  expect(await codeAt('2024-06-01T00:00:00+08')).toEqual(['3001']);
  expect(await codeAt('infinity')).toEqual(['3001']);
});

/** A statement with its values in their places, for EXPLAIN. */
const inlined = ({ sql, bindings }: { sql: string; bindings: readonly unknown[] }): string =>
  sql.replace(/\$(\d+)/g, (_, n) => `'${String(bindings[Number(n) - 1])}'`).replace(/\?/g, '\\?');
