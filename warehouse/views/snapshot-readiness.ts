/** Of the institutions of a plan what a person must know to call them. Needs `snapshot_scope`. */
import type { Transaction } from '../connect.ts';
import { type SnapshotMoments, visible } from './snapshot-visible.ts';

export interface InstitutionContact {
  id: number;
  /** `source:source_key` */
  key: string;
  phone: string | null;
}

/** By institution id. */
export async function scopeContacts(
  trx: Transaction,
  moments: SnapshotMoments,
): Promise<Map<number, InstitutionContact>> {
  const { rows } = await trx.raw(
    `SELECT i.id, i.source || ':' || i.source_key AS key, v.phone
     FROM snapshot_scope s JOIN warehouse.institution i ON i.id = s.id
     JOIN warehouse.institution_version v ON v.institution_id = i.id AND ${visible('v', 'institution')}`,
    moments as never,
  );
  return new Map((rows as InstitutionContact[]).map((row) => [row.id, row] as const));
}
