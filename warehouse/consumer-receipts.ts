/** What consumers say of their imports; the last word of each counts, and all of them stay. */
import type { ReceiptQuestion } from '../schemas/api-receipt.ts';
import type { Consumer } from '../schemas/consumers.ts';
import type { Database } from './connect.ts';

export interface KeptImport {
  at: string;
  imported: number;
  rejected: number;
}

/**
 * Said again, word for word, it is the receipt that stands: a consumer may ask again when it heard no answer.
 * @param at ISO moment
 */
export async function addReceipt(
  db: Database,
  consumer: Consumer,
  snapshot: string,
  { imported, rejected, reasons }: Omit<ReceiptQuestion, 'fingerprint'>,
  at: string,
): Promise<{ receipt: KeptImport; added: boolean }> {
  return db.transaction(async (trx) => {
    await trx.raw('SELECT pg_advisory_xact_lock(hashtextextended(?, 0))', [
      `ops.consumer_receipt:${consumer.name}:${snapshot}`,
    ]);
    const { rows: standing } = await trx.raw(
      `SELECT at, imported, rejected, reasons = CAST(:reasons AS jsonb) AND imported = :imported AND rejected = :rejected AS same
       FROM ops.consumer_receipt WHERE consumer = :consumer AND snapshot_id = :snapshot ORDER BY id DESC LIMIT 1`,
      { consumer: consumer.name, snapshot, imported, rejected, reasons: JSON.stringify(reasons) },
    );
    const [last] = standing;
    if (last?.same) return { receipt: { at: last.at, imported, rejected }, added: false };
    const [row] = await trx('ops.consumer_receipt')
      .insert({
        consumer: consumer.name,
        token_id: consumer.token,
        snapshot_id: snapshot,
        at,
        imported,
        rejected,
        reasons: JSON.stringify(reasons),
      })
      .returning('at');
    return { receipt: { at: row.at, imported, rejected }, added: true };
  });
}
