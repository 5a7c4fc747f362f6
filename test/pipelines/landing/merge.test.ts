import { afterEach, beforeEach, expect, it } from 'vitest';
import { sealKey } from '../../../pipelines/landing/fill-blanks.ts';
import { accepted, keyring, land, makeWorld, person, picture, rejected, type World } from './small-delivery.ts';

const NONE = { accepted: 0, unchanged: 0, quarantined: 0, excluded: 0, duplicate: 0 };
const A = person('A123456789', '王甲');
const B = person('B123456780', '李乙');
const C = person('C123456781', '張丙');

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.close());

it('the first picture of a source is accepted, the same again is unchanged and writes nothing', async () => {
  const rows = [accepted(A, 2), accepted(B, 3)];
  expect(await land(world, 1, rows)).toEqual({ ...NONE, accepted: 2 });
  expect(await land(world, 2, rows)).toEqual({ ...NONE, unchanged: 2 });
  const { rows: written } = await world.db.raw('SELECT DISTINCT run_id FROM landing.staff_record');
  expect(written).toEqual([{ run_id: 1 }]);
});

it('a changed row alone is written', async () => {
  await land(world, 1, [accepted(A, 2), accepted(B, 3)]);
  const changed = { ...A, email: 'a\\b@tc.edu.tw', title: '導師\t兼\n組長' };
  expect(await land(world, 2, [accepted(changed, 2), accepted(B, 3)])).toEqual({ ...NONE, accepted: 1, unchanged: 1 });
  const { rows } = await world.db.raw('SELECT name, email, title, subjects FROM landing.staff_record WHERE run_id = 2');
  expect(rows).toEqual([{ name: '王甲', email: changed.email, title: changed.title, subjects: ['國語', '數學'] }]);
});

it('the moment of registration counts as said only where the source says it', async () => {
  const arrived = { ...B, registeredBy: 'arrival' } as const;
  await land(world, 1, [accepted(A, 2), accepted(arrived, 3)]);
  const later = { registeredAt: '2024-07-29T09:00:00+08:00' };
  const second = [accepted({ ...A, ...later }, 2), accepted({ ...arrived, ...later }, 3)];
  expect(await land(world, 2, second)).toEqual({ ...NONE, accepted: 1, unchanged: 1 });
});

it('a key given twice is a duplicate when its content is the same, and quarantined when it is not', async () => {
  const rows = [accepted(A, 2), accepted(A, 3), accepted(B, 4), accepted({ ...B, name: '李丁' }, 5), accepted(C, 6)];
  expect(await land(world, 1, rows)).toEqual({ ...NONE, accepted: 2, duplicate: 1, quarantined: 2 });
  expect(await picture(world)).toEqual({ present: ['張丙', '王甲'], missing: [] });
});

it('who is in a complete delivery in whatever shape is not missing (I12); who is not in it at all is, until seen again', async () => {
  const D = person('D123456782', '趙丁');
  await land(world, 1, [accepted(A, 2), accepted(B, 3), accepted(C, 4), accepted(D, 5)]);
  const underReview = { ...B, name: '李改', review: '異動待審', reviewing: '異動' } as const;
  const conflict = [accepted({ ...C, name: '張一' }, 4), accepted({ ...C, name: '張二' }, 5)];
  const books = await land(world, 2, [rejected(A.key, 2), accepted(underReview, 3), ...conflict]);
  expect(books).toEqual({ ...NONE, quarantined: 3, excluded: 1 });
  expect(await picture(world)).toEqual({ present: ['張丙', '李乙', '王甲'], missing: ['趙丁'] });
  await land(world, 3, [accepted(A, 2), accepted(B, 3), accepted(C, 4), accepted(D, 5)]);
  expect(await picture(world)).toEqual({ present: ['張丙', '李乙', '王甲', '趙丁'], missing: [] });
});

it('a rejected row that could not be named, or a delivery that is not complete, makes nobody missing', async () => {
  await land(world, 1, [accepted(A, 2), accepted(B, 3)]);
  expect(await land(world, 2, [accepted(A, 2), rejected(null, 3)])).toEqual({ ...NONE, unchanged: 1, quarantined: 1 });
  expect((await picture(world)).missing).toEqual([]);
  await land(world, 3, [accepted(A, 2)], false);
  expect((await picture(world)).missing).toEqual([]);
  await land(world, 4, []);
  expect((await picture(world)).missing).toEqual(['李乙', '王甲']);
});

it('a row under review is listed and nothing of it is landed', async () => {
  expect(await land(world, 1, [accepted({ ...A, review: '退件', reviewing: '新進' }, 2)])).toEqual({
    ...NONE,
    excluded: 1,
  });
  expect(await picture(world)).toEqual({ present: [], missing: [] });
  const { rows } = await world.db.raw('SELECT key, name, review, reviewing, has_previous FROM landing.pending');
  expect(rows).toEqual([
    { key: sealKey(keyring, A.key), name: '王甲', review: '退件', reviewing: '新進', has_previous: false },
  ]);
});

it('a corrected identifier keeps its record: nobody is missing, nobody is new', async () => {
  await land(world, 1, [accepted(A, 2), accepted(B, 3)]);
  const corrected = person('A123456798', '王甲');
  expect(await land(world, 2, [accepted(corrected, 2), accepted(B, 3)])).toEqual({
    ...NONE,
    accepted: 1,
    unchanged: 1,
  });
  expect(await picture(world)).toEqual({ present: ['李乙', '王甲'], missing: [] });
  const { rows } = await world.db.raw('SELECT key, record_key FROM landing.key_alias');
  expect(rows).toEqual([{ key: sealKey(keyring, corrected.key), record_key: sealKey(keyring, A.key) }]);
  expect(await land(world, 3, [accepted(corrected, 2), accepted(B, 3)])).toEqual({ ...NONE, unchanged: 2 });
});

it('a row with a new identifier that is rejected besides is still the record it was (I12)', async () => {
  const known = { ...person('A123456798', '王甲'), identifier: null, key: '064601:國小:by-name' };
  await land(world, 1, [accepted(known, 2), accepted(B, 3)]);
  const seems = {
    nameKey: A.nameKey,
    birthDate: '1974-04-01',
    institutionCode: '064601',
    section: '國小',
    strong: true,
  };
  const row = { ...rejected(A.key, 2), person: seems } as ReturnType<typeof rejected>;
  expect(await land(world, 2, [row, accepted(B, 3)])).toEqual({ ...NONE, unchanged: 1, quarantined: 1 });
  expect(await picture(world)).toEqual({ present: ['李乙', '王甲'], missing: [] });
  const { rows } = await world.db.raw('SELECT key FROM landing.quarantine');
  expect(rows).toEqual([{ key: known.key }]);
  expect(await land(world, 3, [accepted(A, 2), accepted(B, 3)])).toEqual({ ...NONE, accepted: 1, unchanged: 1 });
  expect(await picture(world)).toEqual({ present: ['李乙', '王甲'], missing: [] });
});

it.each([
  true,
  false,
])('in a source of many institutions another one is another post, never a corrected key (complete: %s)', async (complete) => {
  await land(world, 1, [accepted({ ...A, key: 'S0' }, 2), accepted({ ...B, key: 'S1' }, 3)]);
  const moved = { ...A, key: 'S99', institutionCode: '064602' };
  const namesake = { ...person('B123456798', '李乙'), key: 'S98', institutionCode: '064602' };
  await land(world, 2, [accepted(moved, 2), accepted(namesake, 3)], complete);
  const { rows } = await world.db.raw(
    'SELECT key, institution_code AS code, missing_since IS NOT NULL AS missing FROM landing.staff_record ORDER BY key',
  );
  expect(rows).toEqual([
    { key: 'S0', code: '064601', missing: complete },
    { key: 'S1', code: '064601', missing: complete },
    { key: 'S98', code: '064602', missing: false },
    { key: 'S99', code: '064602', missing: false },
  ]);
});

it('an identifier known from its digest alone is replaced by the plain one, never the other way round', async () => {
  const { plain, ...digestOnly } = { ...A.identifier!, kind: 'hashed' as const };
  const vault = async (): Promise<{ kind: string; opened: string }> => {
    const { rows } = await world.db.raw(`SELECT kind, sealed, encode(hmac, 'hex') AS hmac FROM landing.identifier`);
    expect(rows).toHaveLength(1);
    const [{ kind, sealed, hmac }] = rows;
    return { kind, opened: keyring.open(`landing.identifier.sealed:${hmac}`, sealed).toString() };
  };
  await land(world, 1, [accepted({ ...A, identifier: digestOnly }, 2)]);
  expect(await vault()).toEqual({ kind: 'hashed', opened: digestOnly.digest });
  expect(await land(world, 2, [accepted(A, 2)])).toEqual({ ...NONE, unchanged: 1 });
  expect(await vault()).toEqual({ kind: 'national', opened: plain });
  await land(world, 3, [accepted({ ...A, identifier: digestOnly }, 2)]);
  expect(await vault()).toEqual({ kind: 'national', opened: plain });
});

it('every record came from a raw object that is there, and stays there', async () => {
  await land(world, 1, [accepted(A, 2)]);
  await expect(land({ ...world, objectId: 99 }, 2, [accepted(B, 2)])).rejects.toThrow('not kept: 99');
  await expect(world.db('landing.object').delete()).rejects.toThrow('never deleted');
  await expect(world.db.raw('TRUNCATE landing.object CASCADE')).rejects.toThrow('never deleted');
  expect(await picture(world)).toEqual({ present: ['王甲'], missing: [] });
});
