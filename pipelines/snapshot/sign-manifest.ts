/** Signs a manifest with the installation's key in use; the first is made when it is needed first. */

import type { Transaction } from '../../warehouse/connect.ts';
import type { InstallationKeyring } from '../../warehouse/keyring.ts';
import { addSigningKey, listSigningKeys, lockSigningKeys, type SigningKey } from '../../warehouse/signing-keys.ts';
import { jwkSet, publicKeyOf, signDetached } from './signature.ts';

/** @param now ISO moment @returns the key that signs from now on */
export async function addNextKey(
  trx: Transaction,
  keyring: InstallationKeyring,
  number: number,
  now: string,
): Promise<SigningKey> {
  const key = { number, ...(await publicKeyOf(keyring.signingKey(number))), since: now };
  await addSigningKey(trx, key);
  return { ...key, until: null };
}

async function keyInUse(trx: Transaction, keyring: InstallationKeyring, now: string): Promise<SigningKey> {
  await lockSigningKeys(trx);
  const keys = await listSigningKeys(trx);
  return keys.find(({ until }) => until === null) ?? addNextKey(trx, keyring, keys.length + 1, now);
}

type Signed = Promise<{ signature: string; keys: string }>;

async function signWith(keyring: InstallationKeyring, key: SigningKey, manifest: Uint8Array): Signed {
  return {
    signature: await signDetached(manifest, keyring.signingKey(key.number), key.kid),
    keys: jwkSet([key]),
  };
}

/** Signs as it was signed before: the same key, the same bytes. @param kid of the key that signed then */
export async function signAgain(
  db: Transaction,
  keyring: InstallationKeyring,
  manifest: Uint8Array,
  kid: string,
): Signed {
  const key = (await listSigningKeys(db)).find((one) => one.kid === kid);
  if (key === undefined) throw new Error(`there is no key ${kid} of this installation`);
  return signWith(keyring, key, manifest);
}

/** @param now ISO moment @returns the detached JWS, and the public key that proves it as a JWK Set */
export async function signManifest(
  trx: Transaction,
  keyring: InstallationKeyring,
  manifest: Uint8Array,
  now: string,
): Signed {
  return signWith(keyring, await keyInUse(trx, keyring, now), manifest);
}
