/** Here the plain identifier ends: from now on there is only its pseudonym (HMAC) and its sealed value. */
import { hash } from 'node:crypto';
import type { Keyring } from '../../warehouse/keyring.ts';
import { type Block, MARK, MARKS } from './line-block.ts';

/** 160 bits of the pseudonym name a record: no two people of a country meet. */
export const KEY_HEX = 40;
export const PSEUDONYM_HEX = 64;
/** 128 bits of SHA-256. */
export const HASH_HEX = 32;

const PLAIN_DIGEST = /[0-9a-f]{64}$/;

/** Place that a sealed identifier is bound to. */
export const identifierPlace = (hmacHex: string): string => `landing.identifier.sealed:${hmacHex}`;

/**
 * Keys made of an unkeyed digest could be enumerated: the pseudonym takes the digest's place. Rows whose own identifier makes their key get the
 * same from `fillBlanks`; this is for the others: rejected rows, accounts named by an identifier, a source's own id that is one.
 */
export function sealKey(keyring: Keyring, key: string): string {
  const digest = PLAIN_DIGEST.exec(key)?.[0];
  if (digest === undefined) return key;
  return key.slice(0, -digest.length) + keyring.pseudonym(digest, 'hex').slice(0, KEY_HEX);
}

/** Fills the blanks of every row, in place. */
export function fillBlanks(keyring: Keyring, { bytes, marks, rows }: Block): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let base = 0; base < rows * MARKS; base += MARKS) {
    const mark = (name: number): number => marks[base + name] as number;
    const pseudonymAt = mark(MARK.pseudonym);
    if (pseudonymAt > 0) {
      const hex = keyring.pseudonym(buffer.toString('latin1', pseudonymAt, pseudonymAt + PSEUDONYM_HEX), 'hex');
      buffer.write(hex, pseudonymAt, PSEUDONYM_HEX, 'latin1');
      const keyAt = mark(MARK.key);
      if (keyAt > 0) buffer.write(hex, keyAt, KEY_HEX, 'latin1');
      const sealedAt = mark(MARK.sealed);
      const plain = buffer.subarray(sealedAt, sealedAt + mark(MARK.plainBytes));
      const sealed = keyring.seal(identifierPlace(hex), plain).toString('hex');
      buffer.write(sealed, sealedAt, sealed.length, 'latin1');
    }
    const contentHash = hash('sha256', buffer.subarray(mark(MARK.saidStart), mark(MARK.saidEnd)), 'hex');
    buffer.write(contentHash, mark(MARK.hash), HASH_HEX, 'latin1');
  }
}
