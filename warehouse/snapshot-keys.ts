/**
 * The key of a snapshot's rows, and its end. What proves a snapshot (manifest, signature, public key) holds no personal data and is sealed with the
 * installation's key, so it can be read after the rows cannot.
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import type { PlanKind } from '../schemas/campaign.ts';
import { ExpectedError } from '../schemas/expected-error.ts';
import { PROOF_PATHS } from '../schemas/snapshot.ts';
import type { ActingUser } from '../schemas/users.ts';
import { appendAudit } from './audit.ts';
import type { Database, Transaction } from './connect.ts';
import { holdToRole } from './hold-to-role.ts';
import { type Keyring, type Sealing, sealingWith } from './keyring.ts';
import { opened } from './stored-file-error.ts';

/** The rows of a snapshot were shredded: nobody reads them again. */
export class ShreddedError extends ExpectedError {
  override readonly name = 'ShreddedError';
}

export interface Shredded {
  /** ISO moment. */
  at: string;
  by: string;
  reason: string;
}

const place = (id: string): string => `ops.snapshot_key.sealed:${id}`;
/** Whether a file of a snapshot proves it, and holds none of its rows. */
export const isProof = (path: string): boolean => PROOF_PATHS.some((proof) => proof === path);

/** What a new file of a snapshot that is being made is sealed with; the first one makes the key. */
export async function newFileSealing(trx: Transaction, keyring: Keyring, id: string, path: string): Promise<Sealing> {
  if (isProof(path)) return keyring;
  await trx('ops.snapshot_key')
    .insert({ snapshot_id: id, sealed: keyring.seal(place(id), randomBytes(32)) })
    .onConflict('snapshot_id')
    .ignore();
  return fileSealing(trx, keyring, id, path);
}

/** What a stored file is sealed with. @throws ShreddedError; StoredFileError where the installation's key is another */
export async function fileSealing(
  db: Database | Transaction,
  keyring: Keyring,
  id: string,
  path: string,
): Promise<Sealing> {
  if (isProof(path)) return keyring;
  const key = await db('ops.snapshot_key').where({ snapshot_id: id }).first();
  if (!key) throw new Error(`snapshot ${id} has no key`);
  if (key.sealed === null)
    throw new ShreddedError(
      `the rows of ${id} were shredded on ${key.destroyed_at} by ${key.destroyed_by} (${key.destroyed_why}); its manifest and hashes stay: "mingce snapshot show ${id}"`,
    );
  return sealingWith(createSecretKey(opened(id, path, () => keyring.open(place(id), key.sealed))));
}

/** Snapshots whose rows can still be read, by campaign, kind and version. */
export const readableSnapshots = (
  db: Database | Transaction,
): Promise<{ id: string; campaign: string; kind: PlanKind }[]> =>
  db('ops.snapshot_key as k')
    .join('ops.snapshot as s', 's.id', 'k.snapshot_id')
    .whereNotNull('k.sealed')
    .orderBy(['s.campaign', 's.kind', 's.version'])
    .select('s.id', 's.campaign', 's.kind');

/** Which snapshots were shredded, by id. */
export async function shreddedSnapshots(db: Database): Promise<Map<string, Shredded>> {
  const rows = await db('ops.snapshot_key').whereNotNull('destroyed_at');
  return new Map(
    rows.map((r) => [r.snapshot_id, { at: r.destroyed_at, by: r.destroyed_by, reason: r.destroyed_why }] as const),
  );
}

/**
 * Destroys the key of a snapshot's rows, and what the database still holds of it on its pages. Copies of the database made before hold it for as long as they are kept.
 * @param request.keepUntil the day until which it was to be kept, for the audit trail; null where it is not known
 * @returns false where it was destroyed before
 * @throws UserRefusedError where `by` is nobody of the bureau
 */
export async function destroySnapshotKey(
  db: Database,
  {
    id,
    by,
    reason,
    at,
    keepUntil,
  }: { id: string; by: ActingUser; reason: string; at: string; keepUntil: string | null },
): Promise<boolean> {
  const destroyed = await db.transaction(async (trx) => {
    await holdToRole(trx, by, ['bureau']);
    const count = await trx('ops.snapshot_key')
      .where({ snapshot_id: id })
      .whereNotNull('sealed')
      .update({ sealed: null, destroyed_at: at, destroyed_by: by.name, destroyed_why: reason });
    if (count > 0)
      await appendAudit(trx, {
        at,
        actor: by.name,
        action: 'snapshot-shredded',
        subject: `snapshot:${id}`,
        detail: { reason, keepUntil },
      });
    return count > 0;
  });
  // The row as it was lies on its page until it is cleared; a table of a few rows is written anew at once.
  if (destroyed) await db.raw('VACUUM (FULL) ops.snapshot_key');
  return destroyed;
}
