import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PipelineContext } from '../../../pipelines/context.ts';
import { PlanRefusedError } from '../../../warehouse/apply/refuse-overlaps.ts';
import { connect, type Database } from '../../../warehouse/connect.ts';
import { warehouseHash } from '../../../warehouse/views/hash.ts';
import { type Institution, makeContext, play, type Staff } from '../../pipelines/report/city.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let db: Database;
let ctx: PipelineContext;
beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url);
  ctx = makeContext(db);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const SCHOOL: Institution = {
  source: 'schools',
  key: '193601:國小',
  code: '193601',
  section: '國小',
  name: '市立中區光復國小',
  district: '中區',
};
const WANG: Staff = {
  source: 'roster/193601',
  key: 'a1',
  code: '193601',
  name: '王小明',
  id: 'A123456789',
  startOn: '2020-08-01',
};

beforeAll(() => play(ctx, { clock: '2024-07-30T02:00:00+08:00', institutions: [SCHOOL], staff: [WANG] }));

/**
 * Plays a night that must be refused, since what stood when the plan was made does so no more; @returns the message. What the warehouse says is as
 * it was, and what was put there by hand goes.
 */
async function refused(clock: string, wang: Staff, meanwhile: () => Promise<unknown>): Promise<string> {
  let before = '';
  const night = {
    clock,
    staff: [wang],
    meanwhile: async () => {
      await meanwhile();
      before = await warehouseHash(db, ctx.keyring);
    },
  };
  const error = await play(ctx, night).catch((thrown: Error) => thrown);
  expect(error).toBeInstanceOf(PlanRefusedError);
  expect(await warehouseHash(db, ctx.keyring)).toBe(before);
  await db('ops.run').where({ status: 'running' }).update({ status: 'failed' });
  return (error as Error).message;
}

it('refuses a plan whole that would leave two versions of one person on one day, and names the row', async () => {
  // A version that no way of ours writes: it holds beside the one in force.
  const second = () =>
    db.raw(
      `INSERT INTO warehouse.person_version
       SELECT (jsonb_populate_record(v, '{"valid_from": "2019-01-01", "valid_to": "2024-12-31"}')).* FROM warehouse.person_version v`,
    );
  const message = await refused('2024-07-31T02:00:00+08:00', { ...WANG, name: '王曉明' }, second);
  expect(message).toContain('person of roster/193601, 193601教職員名冊.csv row 3');
  await db('warehouse.person_version').where({ valid_to: '2024-12-31' }).delete();
});

it('refuses a plan whole that would leave two spells of one record on one day', async () => {
  const second = () =>
    db.raw(
      `WITH second AS (INSERT INTO warehouse.assignment (source, source_key, spell, person_id, institution_id)
                       SELECT source, source_key, 2, person_id, institution_id FROM warehouse.assignment RETURNING id)
       INSERT INTO warehouse.assignment_version
       SELECT (jsonb_populate_record(v, jsonb_build_object('assignment_id', second.id, 'valid_from', '2024-01-01'))).*
       FROM warehouse.assignment_version v, second`,
    );
  const message = await refused('2024-07-31T02:00:00+08:00', { ...WANG, title: '組長', titleCode: 5 }, second);
  expect(message).toContain('assignment of roster/193601');
});
