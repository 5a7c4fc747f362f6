/**
 * Keys of one installation, kept outside the database. One random master key; everything else is derived from it (HKDF, RFC 5869).
 * - `pseudonym`: HMAC-SHA-256 over SHA-256(identifier), so that sources with only the digest join, and a stolen table alone cannot be enumerated;
 * - `seal`/`open`: AES-256-GCM, bound by associated data to its table, column and row: a ciphertext moved elsewhere does not open;
 * - `signingKey`: Ed25519 (RFC 8032), one for each number: the database keeps which number signs and what is public of it.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomFillSync,
} from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;
/** What sealing adds to a value's length. */
export const SEALED_EXTRA_BYTES = IV_BYTES + TAG_BYTES;

/** Derived keys, to hand a keyring to a thread: key objects can be cloned, and show nothing when printed. */
export interface DerivedKeys {
  pseudonym: KeyObject;
  sealing: KeyObject;
}

export interface Sealing {
  /** @param place table, column and row that the value belongs to, e.g. `warehouse.identifier.sealed:<hmac>`. */
  seal(place: string, plain: Uint8Array): Buffer;
  /** @throws Error when the key or the place differs, or a byte was changed. */
  open(place: string, sealed: Uint8Array): Buffer;
}

export interface Keyring extends Sealing {
  readonly keys: DerivedKeys;
  /** 32 bytes that stand for an identifier. @param digest lower-case hex SHA-256 of the identifier. */
  pseudonym(digest: string): Buffer;
  pseudonym(digest: string, encoding: 'hex'): string;
}

/** What only a process root holds: it can sign as this installation. */
export interface InstallationKeyring extends Keyring {
  /** The private key of a number, from 1: the same for ever. */
  signingKey(number: number): KeyObject;
}

/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

function ed25519(seed: Buffer): KeyObject {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  seed.fill(0);
  return key;
}

const derive = (master: Buffer, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', master, 'mingce', purpose, 32)));

/** Random bytes are drawn in blocks: one system call per value costs more than the encryption itself. */
function ivSource(): () => Buffer {
  const block = Buffer.alloc(IV_BYTES * 4096);
  let at = block.length;
  return () => {
    if (at === block.length) {
      randomFillSync(block);
      at = 0;
    }
    at += IV_BYTES;
    return block.subarray(at - IV_BYTES, at);
  };
}

export function makeKeyring(master: Buffer): InstallationKeyring {
  const signing = derive(master, 'sign v1');
  return {
    ...keyringOf({ pseudonym: derive(master, 'pseudonym v1'), sealing: derive(master, 'seal v1') }),
    signingKey: (number) => ed25519(Buffer.from(hkdfSync('sha256', signing, 'mingce', `sign v1 ${number}`, 32))),
  };
}

/** Sealing with a key of 32 bytes. */
export function sealingWith(key: KeyObject): Sealing {
  const nextIv = ivSource();
  return {
    seal: (place, plain) => {
      const iv = nextIv();
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      cipher.setAAD(Buffer.from(place));
      const sealed = Buffer.allocUnsafe(SEALED_EXTRA_BYTES + plain.length);
      sealed.set(iv, 0);
      sealed.set(cipher.update(plain), SEALED_EXTRA_BYTES);
      cipher.final();
      sealed.set(cipher.getAuthTag(), IV_BYTES);
      return sealed;
    },
    open: (place, sealed) => {
      const iv = sealed.subarray(0, IV_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(place));
      decipher.setAuthTag(sealed.subarray(IV_BYTES, SEALED_EXTRA_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(SEALED_EXTRA_BYTES)), decipher.final()]);
    },
  };
}

export function keyringOf(keys: DerivedKeys): Keyring {
  function pseudonym(digest: string): Buffer;
  function pseudonym(digest: string, encoding: 'hex'): string;
  function pseudonym(digest: string, encoding?: 'hex'): Buffer | string {
    const hmac = createHmac('sha256', keys.pseudonym).update(digest, 'hex');
    return encoding === undefined ? hmac.digest() : hmac.digest(encoding);
  }
  return { keys, pseudonym, ...sealingWith(keys.sealing) };
}
