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

/** @param now ISO moment @returns the detached JWS, and the public key that proves it as a JWK Set */
export async function signManifest(
  trx: Transaction,
  keyring: InstallationKeyring,
  manifest: Uint8Array,
  now: string,
): Promise<{ signature: string; keys: string }> {
  const key = await keyInUse(trx, keyring, now);
  return {
    signature: await signDetached(manifest, keyring.signingKey(key.number), key.kid),
    keys: jwkSet([key]),
  };
}
