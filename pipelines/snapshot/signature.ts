/**
 * The signature of a snapshot: a detached JWS (RFC 7515, appendix F) over the bytes of the manifest, Ed25519 (RFC 8037). The manifest holds the hash of every
 * other file, so it proves all of them. The same key and the same manifest give the same signature.
 */
import type { KeyObject } from 'node:crypto';
import { base64url, CompactSign, calculateJwkThumbprint, compactVerify, type JWK } from 'jose';
import type { PublicKey } from '../../warehouse/signing-keys.ts';
import { canonicalJson } from './canonical-json.ts';

const ALGORITHM = 'EdDSA';
const curve = { kty: 'OKP', crv: 'Ed25519' } as const;

/** What is public of a private key. */
export async function publicKeyOf(key: KeyObject): Promise<PublicKey> {
  const { x } = key.export({ format: 'jwk' });
  if (x === undefined) throw new Error('expected an Ed25519 key');
  return { x, kid: await calculateJwkThumbprint({ ...curve, x }) };
}

const jwkOf = ({ kid, x }: PublicKey): JWK & PublicKey => ({ ...curve, x, kid, alg: ALGORITHM, use: 'sig' });

/** A JWK Set (RFC 7517), the same bytes for the same keys. */
export const jwkSet = (keys: readonly PublicKey[]): string => canonicalJson({ keys: keys.map(jwkOf) });

/**
 * The keys of a JWK Set; others than Ed25519 are left out.
 * @throws Error where the text is no JWK Set, or a key is not the one that its `kid` says
 */
export async function readJwkSet(text: string): Promise<PublicKey[]> {
  const set: unknown = JSON.parse(text);
  const keys = typeof set === 'object' && set !== null && 'keys' in set ? set.keys : null;
  if (!Array.isArray(keys)) throw new Error('is no JWK Set: expected {"keys": [...]}');
  const found: PublicKey[] = [];
  for (const { kty, crv, x, kid } of keys as JWK[]) {
    if (kty !== curve.kty || crv !== curve.crv || typeof x !== 'string') continue;
    if ((await calculateJwkThumbprint({ ...curve, x })) !== kid)
      throw new Error(`the key ${kid ?? '(without kid)'} is not the one that its thumbprint says`);
    found.push({ kid, x });
  }
  return found;
}

/** @returns header and signature with nothing between them, and a line end */
export async function signDetached(bytes: Uint8Array, key: KeyObject, kid: string): Promise<string> {
  const whole = await new CompactSign(bytes).setProtectedHeader({ alg: ALGORITHM, kid }).sign(key);
  const [header, , signature] = whole.split('.');
  return `${header}..${signature}\n`;
}

const DETACHED = /^([A-Za-z0-9_-]+)\.\.([A-Za-z0-9_-]{86})\n$/;

/** Who says to have signed; null where the text is no detached JWS of ours, down to its last bit. */
export function signerOf(jws: string): string | null {
  const [, header, signature] = DETACHED.exec(jws) ?? [];
  if (header === undefined || signature === undefined) return null;
  // Bits that decoding overlooks could be changed unseen.
  if (base64url.encode(base64url.decode(signature)) !== signature) return null;
  const text = new TextDecoder().decode(base64url.decode(header));
  const [, kid] = /^\{"alg":"EdDSA","kid":"([A-Za-z0-9_-]{43})"\}$/.exec(text) ?? [];
  return kid !== undefined && base64url.encode(text) === header ? kid : null;
}

/** Whether the key signed these bytes. @param jws one of which `signerOf` knows the signer */
export async function isSignedBy(jws: string, bytes: Uint8Array, key: PublicKey): Promise<boolean> {
  const [header, , signature] = jws.trimEnd().split('.');
  try {
    await compactVerify(`${header}.${base64url.encode(bytes)}.${signature}`, jwkOf(key), { algorithms: [ALGORITHM] });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') return false;
    throw error;
  }
}
