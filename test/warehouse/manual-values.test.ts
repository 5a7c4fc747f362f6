import { beforeAll, expect, it } from 'vitest';
import { underJudgement } from '../../warehouse/judgements.ts';
import { underManualValue } from '../../warehouse/manual-values.ts';
import { ownDatabase } from '../support/own-database.ts';

const own = ownDatabase();

beforeAll(async () => {
  await own.db.raw(`
    INSERT INTO warehouse.person SELECT FROM generate_series(1, 20000);
    INSERT INTO warehouse.institution (source, source_key) SELECT 'schools', n FROM generate_series(1, 20000) AS n;
    INSERT INTO warehouse.assignment (source, source_key, spell, person_id, institution_id)
      SELECT 'roster', 'k' || id, 1, id, 1 FROM warehouse.person;
    INSERT INTO warehouse.account (source, source_key, account_name, institution_id) SELECT 'accounts', 'a' || n, 'a', 1 FROM generate_series(1, 20000) AS n;
    ANALYZE warehouse.person, warehouse.assignment, warehouse.account, warehouse.institution;
    INSERT INTO ops.run (kind, clock, simulated, status, recorded_at) VALUES ('manual', '2024-08-01T02:00:00+08:00', true, 'complete', now());`);
});

interface PlanNode {
  'Relation Name'?: string;
  'Actual Loops': number;
  'Actual Rows': number;
  Plans?: PlanNode[];
}
/** Rows that were read of each relation. */
function readOf(node: PlanNode, into = new Map<string, number>()): Map<string, number> {
  const name = node['Relation Name'];
  if (name) into.set(name, (into.get(name) ?? 0) + node['Actual Rows'] * node['Actual Loops']);
  for (const child of node.Plans ?? []) readOf(child, into);
  return into;
}
async function reads(sql: string): Promise<Map<string, number>> {
  const { rows } = await own.db.raw(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, { run: 1, last: 1 });
  return readOf(rows[0]['QUERY PLAN'][0].Plan);
}

it('as long as nothing is set by hand or decided, no assignment, institution or account is read for it', async () => {
  for (const [entity, table] of [
    ['person', 'assignment'],
    ['institution', 'institution'],
    ['account', 'account'],
  ] as const)
    expect((await reads(underManualValue(entity))).get(table) ?? 0, entity).toBe(0);
  expect((await reads(underJudgement)).get('assignment') ?? 0).toBe(0);
});

it('one value set by hand reads the records of that person alone', async () => {
  await own.db.raw(`
    INSERT INTO ops.app_user (name, role, credential_hash, credential_salt, credential_set_at, created_at, created_by)
      VALUES ('lin', 'bureau', '', '', now(), now(), 'installation');
    INSERT INTO review.manual_value (entity, entity_id, field, columns, reason, set_by, set_at)
      VALUES ('person', 77, 'name', '{"name":"王小明"}', '更正', 'lin', '2024-08-01T01:00:00+08:00');`);
  expect((await reads(underManualValue('person'))).get('assignment')).toBe(1);
  const { rows } = await own.db.raw(underManualValue('person'), { run: 1, last: 1 });
  expect(rows).toEqual([{ source: 'roster', key: 'k77' }]);
});
