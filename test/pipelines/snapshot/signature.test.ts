/** Who made a snapshot, and that nothing of it was changed since: the signature and the keys. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { base64url, compactVerify, createLocalJWKSet } from 'jose';
import { beforeEach, expect, it } from 'vitest';
import { publicKeySet, rotateSigningKey, signingKeys } from '../../../pipelines/signing-keys.ts';
import { canonicalJson, fingerprintOf } from '../../../pipelines/snapshot/canonical-json.ts';
import { jwkSet, publicKeyOf, readJwkSet, signDetached } from '../../../pipelines/snapshot/signature.ts';
import { createSnapshot, exportSnapshot, verifyFolder, verifyStored } from '../../../pipelines/snapshot.ts';
import type { ActingUser } from '../../../schemas/users.ts';
import { makeKeyring } from '../../../warehouse/keyring.ts';
import { addUser } from '../../../warehouse/users.ts';
import { useWorld } from './use-world.ts';
import { CUT_OFF } from './world.ts';

const ID = '113-teacher-plan-v1';
/** After the first key was made, whenever that is. */
const NOW = '2100-01-01T10:00:00+08:00';
const LIN: ActingUser = { name: 'lin', role: 'ops', institutionCode: null };
const stage = useWorld();
let base: string;
let out: string;

beforeEach(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'mingce-signature-'));
  out = path.join(base, 'out');
  await stage.world.run(CUT_OFF, { kind: 'closing' });
  await createSnapshot(stage.world.ctx, { campaignId: '113', kind: 'teacher-plan' });
  await exportSnapshot(stage.world.ctx, ID, out);
  return () => rm(base, { recursive: true, force: true });
});

const problems = async (keys: Parameters<typeof verifyFolder>[1] = null): Promise<string[]> =>
  (await verifyFolder(out, keys)).problems.map((p) => `${p.file} ${p.code}`).sort();

const published = async () => readJwkSet(await publicKeySet(stage.world.db));

/** Changes the manifest as a forger would: its fingerprint fits again. */
async function forge(
  change: (manifest: { mingce: { purpose: string; fingerprint: string } }) => void,
): Promise<Buffer> {
  const manifest = JSON.parse(await readFile(path.join(out, 'datapackage.json'), 'utf8'));
  change(manifest);
  manifest.mingce.fingerprint = fingerprintOf(manifest);
  const bytes = Buffer.from(canonicalJson(manifest));
  await writeFile(path.join(out, 'datapackage.json'), bytes);
  return bytes;
}

it('anybody can verify it with a library and the published keys', async () => {
  const manifest = await readFile(path.join(out, 'datapackage.json'));
  const detached = await readFile(path.join(out, 'datapackage.json.jws'), 'utf8');
  const keys = createLocalJWKSet(JSON.parse(await publicKeySet(stage.world.db)));
  const [header, , signature] = detached.trim().split('.');
  const proven = await compactVerify(`${header}.${base64url.encode(manifest)}.${signature}`, keys);
  expect(Buffer.from(proven.payload)).toEqual(manifest);
  expect(proven.protectedHeader).toEqual({ alg: 'EdDSA', kid: (await published())[0]?.kid });
});

it('says by which key, and whether that was given or came with the files', async () => {
  const [key] = await published();
  const verified = await verifyFolder(out);
  expect(verified).toMatchObject({ ok: true, signature: { kid: key?.kid, keyFrom: 'files' } });
  expect((await verifyFolder(out, await published())).signature).toEqual({ kid: key?.kid, keyFrom: 'given' });
  expect((await verifyStored(stage.world.ctx, ID)).signature).toEqual({ kid: key?.kid, keyFrom: 'given' });
});

it('a manifest that was changed with its fingerprint is found', async () => {
  await forge(({ mingce }) => {
    mingce.purpose = '別的目的';
  });
  expect(await problems()).toEqual(['datapackage.json.jws signature-wrong']);
});

it('whoever signs anew with a key of their own is found by whoever has the published one, and only by them', async () => {
  const bytes = await forge(({ mingce }) => {
    mingce.purpose = '別的目的';
  });
  const own = makeKeyring(randomBytes(32)).signingKey(1);
  const forger = await publicKeyOf(own);
  await writeFile(path.join(out, 'datapackage.json.jws'), await signDetached(bytes, own, forger.kid));
  expect(await problems()).toEqual(['datapackage.json.jws signature-wrong']);
  await writeFile(path.join(out, 'keys.json'), jwkSet([forger]));
  expect(await verifyFolder(out)).toMatchObject({ ok: true, signature: { kid: forger.kid, keyFrom: 'files' } });
  expect(await problems(await published())).toEqual(['datapackage.json.jws key-unknown']);
});

it.each(['datapackage.json.jws', 'keys.json'])('any changed bit of %s is found and the file named', async (name) => {
  const file = path.join(out, name);
  const original = await readFile(file);
  for (let at = 0; at < original.length; at += 1) {
    for (const bit of [1, 2, 4, 32]) {
      const changed = Buffer.from(original);
      changed[at] = (changed[at] as number) ^ bit;
      await writeFile(file, changed);
      const verified = await verifyFolder(out);
      expect(verified.ok, `byte ${at}, bit ${bit}`).toBe(false);
      // A key whose every character is another one's is whole in itself: then the signature is not its.
      const named = verified.problems.map((p) => p.file);
      expect(
        named.some((f) => f === name || f === 'datapackage.json.jws'),
        `byte ${at}: ${named}`,
      ).toBe(true);
    }
  }
  await writeFile(file, Buffer.concat([original, Buffer.from('\n')]));
  expect((await verifyFolder(out)).ok).toBe(false);
});

it('files that were swapped are found, whichever two', async () => {
  const names = await readdir(out);
  for (const [i, a] of names.entries()) {
    for (const b of names.slice(i + 1)) {
      const swap = async (): Promise<void> => {
        await rename(path.join(out, a), path.join(base, 'kept'));
        await rename(path.join(out, b), path.join(out, a));
        await rename(path.join(base, 'kept'), path.join(out, b));
      };
      await swap();
      const verified = await verifyFolder(out);
      expect(verified.ok, `${a} and ${b}`).toBe(false);
      expect(verified.problems.some(({ file }) => file === a || file === b)).toBe(true);
      await swap();
    }
  }
  expect((await verifyFolder(out)).ok).toBe(true);
});

it('a package without its signature or its key is not whole', async () => {
  await rm(path.join(out, 'datapackage.json.jws'));
  await rm(path.join(out, 'keys.json'));
  expect(await problems()).toEqual(['datapackage.json.jws missing', 'keys.json missing']);
});

it('after a rotation another key signs, the earlier goes on proving, and the audit trail says who and why', async () => {
  const { db, ctx } = stage.world;
  const admin = { by: 'installation', now: NOW, idleDays: 90 } as const;
  await addUser(db, { name: 'lin', role: 'ops', institutionCode: null }, admin);
  const [first] = await published();
  const second = await rotateSigningKey(db, ctx.keyring, { by: LIN, reason: '例行更換', now: NOW });
  expect(second.kid).not.toBe(first?.kid);
  expect((await signingKeys(db)).map(({ kid, until }) => [kid, until])).toEqual([
    [first?.kid, NOW],
    [second.kid, null],
  ]);
  await createSnapshot(ctx, { campaignId: '113', kind: 'school-plan' });
  expect((await verifyStored(ctx, '113-school-plan-v1')).signature?.kid).toBe(second.kid);
  expect((await verifyStored(ctx, ID)).signature?.kid).toBe(first?.kid);
  expect(await verifyFolder(out, await published())).toMatchObject({ ok: true, signature: { kid: first?.kid } });
  const told = await db('ops.audit').where({ action: 'signing-key-rotated' }).first('actor', 'detail');
  expect(told).toEqual({ actor: 'lin', detail: { kid: second.kid, retired: first?.kid, reason: '例行更換' } });
});

it('only an ops person rotates, and no key is ever deleted', async () => {
  const { db, ctx } = stage.world;
  const wang: ActingUser = { name: 'wang', role: 'bureau', institutionCode: null };
  await expect(rotateSigningKey(db, ctx.keyring, { by: wang, reason: '我要', now: NOW })).rejects.toMatchObject({
    code: 'user-not-allowed',
  });
  await expect(db('ops.signing_key').delete()).rejects.toThrow('never deleted');
});

it('the keys of an installation are its key file’s alone: the same file, the same keys', async () => {
  const master = randomBytes(32);
  const of = async (ring = makeKeyring(Buffer.from(master)), number = 1) => publicKeyOf(ring.signingKey(number));
  expect(await of()).toEqual(await of());
  expect((await of()).kid).not.toBe((await of(undefined, 2)).kid);
  expect((await of()).kid).not.toBe((await of(makeKeyring(randomBytes(32)))).kid);
});
