import { expect, it } from 'vitest';
import { acceptedShape, keepShape } from '../../warehouse/landing/shapes.ts';
import { ownDatabase } from '../support/own-database.ts';

const own = ownDatabase();

it('a field, a value and a deviation with a NUL or half a character are kept without it', async () => {
  const field = { name: 'a\0b\ud800', column: null, types: ['string'] };
  const digest = Buffer.from('a delivery');
  const shape = { fields: [field], values: { sex: ['\0男'] } };
  const told = { kind: 'unknown-column', mode: 'report', before: null, after: field.name, rows: 1 } as const;
  const drift = [{ ...told, field: field.name }];
  await own.db.transaction((trx) =>
    keepShape(trx, { source: 'cloud', complete: true, digest, runId: 1, accepted: shape, observed: shape, drift }),
  );
  const kept = await own.db.transaction((trx) => acceptedShape(trx, 'cloud', true));
  expect(kept).toEqual({ fields: [{ ...field, name: 'ab\ufffd' }], values: { sex: ['男'] } });
  const row = await own.db('landing.source_shape').first('drift');
  expect(row.drift).toEqual([{ ...told, field: 'ab\ufffd', after: 'ab\ufffd' }]);
});
