/** Which keys sign snapshots: what is public of them, and since and until when. */
import type { Database, Transaction } from './connect.ts';

export interface PublicKey {
  /** JWK thumbprint (RFC 7638). */
  kid: string;
  /** base64url of the 32 bytes of an Ed25519 public key. */
  x: string;
}

export interface SigningKey extends PublicKey {
  /** Which of the keys of the installation: `keyring.signingKey(number)`. */
  number: number;
  /** ISO moments; `until` is null while it signs. */
  since: string;
  until: string | null;
}

const COLUMNS = ['number', 'kid', 'x', 'since', 'until'] as const;

/** One change of the keys after the other; until the transaction ends. */
export const lockSigningKeys = (trx: Transaction): Promise<unknown> =>
  trx.raw(`SELECT pg_advisory_xact_lock(hashtextextended('ops.signing_key', 0))`);

/** All that ever signed, oldest first. */
export const listSigningKeys = (db: Database | Transaction): Promise<SigningKey[]> =>
  db('ops.signing_key')
    .select(...COLUMNS)
    .orderBy('number');

export const addSigningKey = async (trx: Transaction, key: Omit<SigningKey, 'until'>): Promise<void> => {
  await trx('ops.signing_key').insert(key);
};

/** It signs nothing from now on; what it signed stays proven. */
export const retireSigningKey = async (trx: Transaction, number: number, until: string): Promise<void> => {
  await trx('ops.signing_key').where({ number }).update({ until });
};
