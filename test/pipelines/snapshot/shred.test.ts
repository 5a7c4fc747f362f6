/** The end of a snapshot's purpose: its rows are gone for good, what proves it stays. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import {
  createSnapshot,
  exportSnapshot,
  listSnapshots,
  shredSnapshot,
  verifyFolder,
  verifyStored,
} from '../../../pipelines/snapshot.ts';
import type { ActingUser } from '../../../schemas/users.ts';
import { ShreddedError } from '../../../warehouse/snapshot-keys.ts';
import { addUser } from '../../../warehouse/users.ts';
import { useWorld } from './use-world.ts';
import { CUT_OFF } from './world.ts';

const ID = '113-teacher-plan-v1';
const AT = '2100-01-01T10:00:00+08:00';
const OPS: ActingUser = { name: 'ops', role: 'ops', institutionCode: null };
const WANG: ActingUser = { name: 'wang', role: 'bureau', institutionCode: null };
const stage = useWorld();
let base: string;

beforeEach(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'mingce-shred-'));
  const { world } = stage;
  await addUser(world.db, OPS, { by: 'installation', now: AT, idleDays: 90 });
  await addUser(world.db, WANG, { by: OPS, now: AT, idleDays: 90 });
  await world.run(CUT_OFF, { kind: 'closing' });
  for (const kind of ['teacher-plan', 'school-plan'] as const)
    await createSnapshot(world.ctx, { campaignId: '113', kind });
  return () => rm(base, { recursive: true, force: true });
});

const shred = (by = WANG) => shredSnapshot(stage.world.ctx, { id: ID, by, reason: '113 年度規劃已結束', at: AT });

it('nobody reads its rows again, from the database or a copy of its tables, and the other snapshot is whole', async () => {
  const { world } = stage;
  await exportSnapshot(world.ctx, ID, path.join(base, 'before'));
  const kept = await world.db('ops.snapshot_key').where({ snapshot_id: ID }).first('sealed');
  expect(kept.sealed).toHaveLength(60);
  expect((await shred()).shredded).toBe(true);
  await expect(world.fileText(ID, 'teacher-plan.csv')).rejects.toThrow(ShreddedError);
  await expect(exportSnapshot(world.ctx, ID, path.join(base, 'after'))).rejects.toThrow('113 年度規劃已結束');
  expect(await world.db('ops.snapshot_key').where({ snapshot_id: ID }).first()).toMatchObject({
    sealed: null,
    destroyed_by: 'wang',
  });
  expect((await verifyStored(world.ctx, '113-school-plan-v1')).ok).toBe(true);
});

it('what a consumer kept can still be proven, and what is stored says what became of it', async () => {
  const { world } = stage;
  const folder = path.join(base, 'kept');
  await exportSnapshot(world.ctx, ID, folder);
  await shred();
  const stored = await verifyStored(world.ctx, ID);
  expect(stored.signature).toEqual({ ...(await verifyFolder(folder)).signature, keyFrom: 'given' });
  expect(new Set(stored.problems.map((p) => p.code))).toEqual(new Set(['shredded']));
  expect(stored.files.filter((f) => f.ok).map((f) => f.path)).toEqual([
    'datapackage.json',
    'datapackage.json.jws',
    'keys.json',
  ]);
  const [, teacher] = await listSnapshots(world.ctx);
  expect(teacher).toMatchObject({ id: ID, shredded: { at: AT, by: 'wang', reason: '113 年度規劃已結束' } });
});

it('only the bureau shreds, once; the audit trail says who, why, and who tried', async () => {
  const { world } = stage;
  await expect(shred(OPS)).rejects.toMatchObject({ code: 'user-not-allowed' });
  expect((await world.fileText(ID, 'teacher-plan.csv')).includes('王小明')).toBe(true);
  expect([(await shred()).shredded, (await shred()).shredded]).toEqual([true, false]);
  const told = await world
    .db('ops.audit')
    .whereIn('action', ['decision-refused', 'snapshot-shredded'])
    .orderBy('id')
    .select('actor', 'action', 'subject');
  expect(told).toEqual([
    { actor: 'ops', action: 'decision-refused', subject: `snapshot:${ID}` },
    { actor: 'wang', action: 'snapshot-shredded', subject: `snapshot:${ID}` },
  ]);
  await expect(
    shredSnapshot(world.ctx, { id: '113-teacher-plan-v9', by: WANG, reason: 'x', at: AT }),
  ).rejects.toMatchObject({ code: 'unknown-snapshot' });
});

it('a key is never changed, brought back or deleted', async () => {
  const { world } = stage;
  const keys = world.db('ops.snapshot_key');
  await expect(keys.clone().where({ snapshot_id: ID }).delete()).rejects.toThrow('only ever destroyed');
  await expect(
    keys
      .clone()
      .where({ snapshot_id: ID })
      .update({ sealed: Buffer.from('x') }),
  ).rejects.toThrow('only ever destroyed');
  await shred();
  await expect(
    keys
      .clone()
      .where({ snapshot_id: ID })
      .update({ sealed: Buffer.from('x'), destroyed_at: null, destroyed_by: null, destroyed_why: null }),
  ).rejects.toThrow('only ever destroyed');
});
