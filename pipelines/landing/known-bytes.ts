/** Bytes that a source handed over before. What they mean may have changed since: then they are read again as if they came today. */
import type { ReadNotes } from '../../connectors/contract.ts';
import type { Transaction } from '../../warehouse/connect.ts';
import { countsOfKnownDelivery, markResent } from '../../warehouse/landing/deliveries.ts';
import type { MergeCounts } from '../../warehouse/landing/merge.ts';
import type { KeptDelivery } from './keep-part.ts';

export interface KnownBytes {
  /** What the ledger keeps of them where they come to the same as before; null where they are to be read. */
  same: { rows: number; counts: MergeCounts; notes: ReadNotes } | null;
  /** Moment to read them as of: today, which is not before they came first. */
  asOf: string;
}

/**
 * @param reading of the delivery, as it would be read today
 * @param present whether a source tells what holds now: bytes of an earlier state are then its newest word, for that state holds again
 * @returns null for bytes never landed
 */
export async function knownBytes(
  trx: Transaction,
  source: string,
  delivery: KeptDelivery,
  reading: Buffer,
  present = false,
): Promise<KnownBytes | null> {
  const { digest, asOf } = delivery;
  const known = await countsOfKnownDelivery(trx, source, digest);
  if (!known) return null;
  const { latest, newest, rows, counts } = known;
  if (present && !latest) return { same: null, asOf };
  const isLater = Date.parse(asOf) > Date.parse(newest);
  // Of an old picture it does not matter how it would be read today: it changes nothing (I4).
  if (latest && known.reading?.equals(reading) !== true) return { same: null, asOf: isLater ? asOf : newest };
  // But whoever sent it may have meant it: they are told.
  const meant = !latest && isLater;
  if (meant || latest) await markResent(trx, source, known.id, meant ? asOf : null);
  const old: ReadNotes = latest ? known.notJudged : { olderThan: newest, firstSent: known.asOf };
  return {
    same: { rows, counts, notes: { ...asRead(known.asRead, delivery), sameBytesAsBefore: true, ...old } },
    asOf,
  };
}

/** As they were read then, under the name that they have now. A bundle has its own. */
const asRead = (notes: ReadNotes, { objects: [object, ...more] }: KeptDelivery): ReadNotes =>
  notes.file !== undefined && object && more.length === 0 ? { ...notes, file: object.name } : notes;
