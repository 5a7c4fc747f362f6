/**
 * Credentials are made by us: 150 random bits, in groups that can be read out. Nobody guesses one, so scrypt is not what keeps them safe from a stolen
 * table but what makes that certain; its cost is that of a sign-in, some 80 ms.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** Crockford's base 32: no I, L, O and U, which are read for other characters. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 6;
const GROUP_LENGTH = 5;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const COST: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
/** Longer than anything that is a credential; what is typed may be of any length. */
const MOST_CHARACTERS = 200;

export interface StoredCredential {
  credential_salt: Buffer;
  credential_hash: Buffer;
}

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** As typed: small or large letters, with or without hyphens and spaces; O is 0, I and L are 1. */
const canonical = (typed: string): string =>
  typed.slice(0, MOST_CHARACTERS).toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');

const hashOf = (credential: string, salt: Buffer): Promise<Buffer> =>
  derive(canonical(credential), salt, HASH_BYTES, COST);

/** @returns `7K3QD-9XWMA-PB2ZR-HT4NC-5VEJ8-GYF6S` */
export function makeCredential(): string {
  const characters = Array.from(randomBytes(GROUPS * GROUP_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]);
  return Array.from({ length: GROUPS }, (_, g) =>
    characters.slice(g * GROUP_LENGTH, (g + 1) * GROUP_LENGTH).join(''),
  ).join('-');
}

/** What is kept of a credential: nothing that leads back to it. */
export async function sealCredential(credential: string): Promise<StoredCredential> {
  const salt = randomBytes(SALT_BYTES);
  return { credential_salt: salt, credential_hash: await hashOf(credential, salt) };
}

/** In constant time; as long for a user who is not there. @param stored null: there is none, and nothing matches */
export async function matchesCredential(stored: StoredCredential | null, credential: string): Promise<boolean> {
  const hash = await hashOf(credential, stored?.credential_salt ?? Buffer.alloc(SALT_BYTES));
  const same = timingSafeEqual(hash, stored?.credential_hash ?? Buffer.alloc(HASH_BYTES));
  return same && stored !== null;
}
