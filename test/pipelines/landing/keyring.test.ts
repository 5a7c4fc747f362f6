import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { keyringOf, makeKeyring, SEALED_EXTRA_BYTES } from '../../../warehouse/keyring.ts';

const keyring = makeKeyring(Buffer.alloc(32, 7));
const PLACE = 'landing.identifier.sealed:01';
const plain = Buffer.from('A123456789');
const digest = createHash('sha256').update(plain).digest('hex');

it('what is sealed opens at its place, with the same keys handed to another keyring too', () => {
  const sealed = keyring.seal(PLACE, plain);
  expect(sealed).toHaveLength(plain.length + SEALED_EXTRA_BYTES);
  expect(keyring.open(PLACE, sealed)).toEqual(plain);
  expect(keyringOf(keyring.keys).open(PLACE, sealed)).toEqual(plain);
  expect(keyring.open(PLACE, keyring.seal(PLACE, Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
});

it('what is sealed opens at no other place, with no other key, and not with any byte changed', () => {
  const sealed = keyring.seal(PLACE, plain);
  expect(() => keyring.open('landing.identifier.sealed:02', sealed)).toThrow();
  expect(() => makeKeyring(randomBytes(32)).open(PLACE, sealed)).toThrow();
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(() => keyring.open(PLACE, changed)).toThrow();
  }
});

it('no two seals are alike, so no IV is used twice, beyond a block of them too', () => {
  const ivs = new Set(Array.from({ length: 10_000 }, () => keyring.seal(PLACE, plain).subarray(0, 12).toString('hex')));
  expect(ivs.size).toBe(10_000);
});

it('a pseudonym depends on the key and the identifier alone, and is the same in both spellings', () => {
  expect(keyring.pseudonym(digest, 'hex')).toBe(keyring.pseudonym(digest).toString('hex'));
  expect(makeKeyring(Buffer.alloc(32, 7)).pseudonym(digest)).toEqual(keyring.pseudonym(digest));
  expect(makeKeyring(Buffer.alloc(32, 8)).pseudonym(digest)).not.toEqual(keyring.pseudonym(digest));
});
