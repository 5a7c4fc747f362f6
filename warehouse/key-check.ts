/**
 * Which key a database belongs to: a constant, sealed with the key before anything else is. Only that key opens it (AES-256-GCM), and nothing of
 * the key can be learned from it. Data sealed with two keys, or one person under two pseudonyms, can never come about.
 */
import type { Database } from './connect.ts';
import type { Keyring } from './keyring.ts';

const PLACE = 'ops.key_check';
const WORD = 'mingce';

/** @returns the sealed constant; null in a database that no key was used with yet, also before its migrations */
export async function readKeyCheck(db: Database): Promise<Buffer | null> {
  const { rows: there } = await db.raw(`SELECT to_regclass('ops.key_check') IS NOT NULL AS yes`);
  if (!there[0].yes) return null;
  const { rows } = await db.raw('SELECT sealed FROM ops.key_check');
  return rows[0]?.sealed ?? null;
}

export function opensCheck(keyring: Keyring, check: Buffer): boolean {
  try {
    return keyring.open(PLACE, check).toString() === WORD;
  } catch (error) {
    // What GCM says of a wrong key: "Unsupported state or unable to authenticate data". A value cut short is no proof of the key either.
    if (error instanceof Error) return false;
    throw error;
  }
}

/** Binds the database to the key unless it is bound already. @returns whether it is bound to this one */
export async function bindKey(db: Database, keyring: Keyring): Promise<boolean> {
  await db('ops.key_check')
    .insert({ sealed: keyring.seal(PLACE, Buffer.from(WORD)) })
    .onConflict()
    .ignore();
  const check = await readKeyCheck(db);
  return check !== null && opensCheck(keyring, check);
}
