/**
 * The outbox: that a snapshot was published is set down in the transaction that makes it, and goes to each webhook at least once, with one id however often it
 * is tried. The queue only brings work about: what is owed stands here.
 */
import type { PlanKind } from '../schemas/campaign.ts';
import type { Database, Transaction } from './connect.ts';

/** In the transaction that makes the snapshot: both are there or neither (I3, I10). */
export const addNotice = async (trx: Transaction, snapshot: string): Promise<void> => {
  await trx('ops.notice').insert({ snapshot_id: snapshot });
};

export interface Delivery {
  notice: number;
  consumer: string;
}

/** Who is to be told of what. */
export interface Listener {
  consumer: string;
  kinds: readonly PlanKind[];
}

/** Sets down once, for each notice, to whom it goes. @param now ISO moment */
export async function dispatchNotices(db: Database, listeners: readonly Listener[], now: string): Promise<void> {
  await db.transaction(async (trx) => {
    const { rows } = await trx.raw(
      `SELECT n.id, s.kind FROM ops.notice n JOIN ops.snapshot s ON s.id = n.snapshot_id
       WHERE n.dispatched_at IS NULL ORDER BY n.id FOR UPDATE OF n SKIP LOCKED`,
    );
    for (const { id, kind } of rows as { id: number; kind: PlanKind }[]) {
      const told = listeners.filter(({ kinds }) => kinds.includes(kind));
      if (told.length > 0)
        await trx('ops.notice_delivery').insert(told.map(({ consumer }) => ({ notice_id: id, consumer })));
      await trx('ops.notice').where({ id }).update({ dispatched_at: now });
    }
  });
}

/** Deliveries that are neither done nor given up, oldest first. */
export async function owedDeliveries(db: Database): Promise<Delivery[]> {
  const { rows } = await db.raw(
    `SELECT notice_id AS notice, consumer FROM ops.notice_delivery
     WHERE delivered_at IS NULL AND given_up_at IS NULL ORDER BY notice_id, consumer COLLATE "C"`,
  );
  return rows;
}

export interface OwedNotice {
  event: string;
  id: string;
  campaign: string;
  kind: PlanKind;
  version: number;
  cutOff: string;
  fingerprint: string;
  publishedAt: string;
}

/** What is to be told; undefined where it was told, or given up, meanwhile. */
export async function owedNotice(db: Database, { notice, consumer }: Delivery): Promise<OwedNotice | undefined> {
  const { rows } = await db.raw(
    `SELECT n.event, s.id, s.campaign, s.kind, s.version, s.cut_off AS "cutOff", s.created_at AS "publishedAt",
            s.manifest -> 'mingce' ->> 'fingerprint' AS fingerprint
     FROM ops.notice_delivery d JOIN ops.notice n ON n.id = d.notice_id JOIN ops.snapshot s ON s.id = n.snapshot_id
     WHERE d.notice_id = :notice AND d.consumer = :consumer AND d.delivered_at IS NULL AND d.given_up_at IS NULL`,
    { notice, consumer },
  );
  return rows[0];
}

/** How one try ended. */
export interface Attempt {
  end: 'delivered' | 'failed' | 'given-up';
  /** Status of the answer, or why there was none. */
  answer: string;
}

/** @param now ISO moment. @returns how often it was tried by now */
export async function recordAttempt(
  db: Database,
  { notice, consumer }: Delivery,
  { end, answer }: Attempt,
  now: string,
): Promise<number> {
  const { rows } = await db.raw(
    `UPDATE ops.notice_delivery SET attempts = attempts + 1, last_attempt_at = :now, last_answer = :answer,
       delivered_at = CASE WHEN :end = 'delivered' THEN coalesce(delivered_at, CAST(:now AS timestamptz)) ELSE delivered_at END,
       given_up_at = CASE WHEN :end = 'given-up' AND delivered_at IS NULL THEN CAST(:now AS timestamptz) WHEN :end = 'delivered' THEN NULL ELSE given_up_at END
     WHERE notice_id = :notice AND consumer = :consumer RETURNING attempts`,
    { notice, consumer, end, answer, now },
  );
  return rows[0].attempts;
}
