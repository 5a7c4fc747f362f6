/** References that are looked at once for all rows of a statement hold as foreign keys would. */
import { expect, it } from 'vitest';
import { ownDatabase } from '../../support/own-database.ts';

const own = ownDatabase();

const inTransaction = (sql: string): Promise<unknown> => own.db.transaction((trx) => trx.raw(sql));

const VERSION = `valid_from, recorded_from, registered_at, source, source_key, object_id, row_no, run_id, rule, reason`;
const SAID = `'2024-08-01', '2024-08-01', '2024-08-01', 'roster/064601', 'k', 1, 1, 1, 'R08', '新進'`;

it.each([
  [
    'an assignment of nobody',
    `INSERT INTO warehouse.assignment (source, source_key, spell, person_id, institution_id) VALUES ('s', 'k', 1, 999, 999)`,
  ],
  [
    'an identifier of nobody',
    `INSERT INTO warehouse.person_identifier (hmac, person_id, run_id) VALUES ('\\x01', 999, 1)`,
  ],
  [
    'an assignment that was nobody’s before',
    `INSERT INTO warehouse.person (id) VALUES (1); INSERT INTO warehouse.institution (id, source, source_key) VALUES (1, 's', 'i');
     INSERT INTO warehouse.assignment (source, source_key, spell, person_id, institution_id, home_id) VALUES ('s', 'k', 1, 1, 1, 999)`,
  ],
  [
    'a version of nobody',
    `INSERT INTO warehouse.person_version (person_id, name, name_key, ${VERSION}) VALUES (999, '王小明', '王小明', ${SAID})`,
  ],
  [
    'a version of no assignment',
    `INSERT INTO warehouse.assignment_version (assignment_id, subjects, is_primary, on_leave, ${VERSION}) VALUES (999, '{}', true, false, ${SAID})`,
  ],
])('%s is refused, and nothing of its statement is kept', async (_, sql) => {
  await expect(inTransaction(sql)).rejects.toMatchObject({ code: '23503' });
});

it('who is pointed at cannot be deleted, nor lose those who point at it, nor be emptied away', async () => {
  await own.db.raw(`INSERT INTO warehouse.person (id) VALUES (1), (2);
    INSERT INTO warehouse.person_version (person_id, name, name_key, ${VERSION}) VALUES (1, '王小明', '王小明', ${SAID})`);
  await expect(inTransaction('DELETE FROM warehouse.person')).rejects.toMatchObject({ code: '23503' });
  await expect(inTransaction('UPDATE warehouse.person_version SET person_id = 999')).rejects.toMatchObject({
    code: '23503',
  });
  await expect(inTransaction('TRUNCATE warehouse.person CASCADE')).rejects.toThrow('never emptied');
  await own.db.raw('DELETE FROM warehouse.person WHERE id = 2');
  expect((await own.db.raw('SELECT id FROM warehouse.person')).rows).toEqual([{ id: 1 }]);
});

it('a person whose identifier is another’s by a decision stays, as does whom it stood for', async () => {
  await own.db.raw(`INSERT INTO warehouse.person (id) VALUES (11), (12); INSERT INTO landing.identifier (hmac, kind, strong, sealed) VALUES ('\\x0b', 'national', true, '\\x00');
    INSERT INTO warehouse.person_identifier (hmac, person_id, run_id, home_id) VALUES ('\\x0b', 11, 1, 12)`);
  for (const id of [11, 12])
    await expect(inTransaction(`DELETE FROM warehouse.person WHERE id = ${id}`)).rejects.toMatchObject({
      code: '23503',
    });
});
