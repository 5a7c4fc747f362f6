import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type Database } from '../../warehouse/connect.ts';
import { acceptedShape, keepShape } from '../../warehouse/landing/shapes.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let own: TestDatabase;
let db: Database;
beforeAll(async () => {
  own = await createTestDatabase();
  db = connect(own.url);
});
afterAll(async () => {
  await db.destroy();
  await own.drop();
});

it('a field, a value and a deviation with a NUL or half a character are kept without it', async () => {
  const field = { name: 'a\0b\ud800', column: null, types: ['string'] };
  const digest = Buffer.from('a delivery');
  const shape = { fields: [field], values: { sex: ['\0男'] } };
  const told = { kind: 'unknown-column', mode: 'report', before: null, after: field.name, rows: 1 } as const;
  const drift = [{ ...told, field: field.name }];
  await db.transaction((trx) =>
    keepShape(trx, { source: 'cloud', complete: true, digest, runId: 1, accepted: shape, observed: shape, drift }),
  );
  const kept = await db.transaction((trx) => acceptedShape(trx, 'cloud', true));
  expect(kept).toEqual({ fields: [{ ...field, name: 'ab\ufffd' }], values: { sex: ['男'] } });
  const row = await db('landing.source_shape').first('drift');
  expect(row.drift).toEqual([{ ...told, field: 'ab\ufffd', after: 'ab\ufffd' }]);
});
