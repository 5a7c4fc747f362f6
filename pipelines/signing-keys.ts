/** The keys that sign snapshots: shown to whoever verifies, and changed by an ops person. */
import type { SigningKeyLine } from '../schemas/outputs/signing-keys.ts';
import type { ActingUser } from '../schemas/users.ts';
import { appendAudit } from '../warehouse/audit.ts';
import type { Database } from '../warehouse/connect.ts';
import { holdToRole } from '../warehouse/hold-to-role.ts';
import type { InstallationKeyring } from '../warehouse/keyring.ts';
import { listSigningKeys, lockSigningKeys, retireSigningKey, type SigningKey } from '../warehouse/signing-keys.ts';
import { addNextKey } from './snapshot/sign-manifest.ts';
import { jwkSet } from './snapshot/signature.ts';

const lineOf = ({ kid, since, until }: SigningKey): SigningKeyLine => ({ kid, since, until });

/** All that ever signed, oldest first. */
export const signingKeys = async (db: Database): Promise<SigningKeyLine[]> => (await listSigningKeys(db)).map(lineOf);

/** All that ever signed as a JWK Set (RFC 7517): what consumers keep, to prove who made a snapshot. */
export const publicKeySet = async (db: Database): Promise<string> => jwkSet(await listSigningKeys(db));

/**
 * From now on another key signs. What the earlier ones signed stays proven by them.
 * @throws UserRefusedError where `by` is no ops person
 */
export async function rotateSigningKey(
  db: Database,
  keyring: InstallationKeyring,
  { by, reason, now }: { by: ActingUser; reason: string; now: string },
): Promise<SigningKeyLine> {
  return db.transaction(async (trx) => {
    await holdToRole(trx, by, ['ops']);
    await lockSigningKeys(trx);
    const keys = await listSigningKeys(trx);
    const used = keys.find(({ until }) => until === null);
    if (used) await retireSigningKey(trx, used.number, now);
    const key = await addNextKey(trx, keyring, keys.length + 1, now);
    const detail = { kid: key.kid, retired: used?.kid ?? null, reason };
    await appendAudit(trx, {
      at: now,
      actor: by.name,
      action: 'signing-key-rotated',
      subject: `key:${key.kid}`,
      detail,
    });
    return lineOf(key);
  });
}
