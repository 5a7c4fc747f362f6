/** Objects of a fetch in progress: what a run that is taken up again need not ask for once more. Each is held in the transaction that stores it. */
import type { Database, Transaction } from '../connect.ts';
import { checkSourceFences, type SourceClaim } from '../fence.ts';
import type { ObjectMeta } from './objects.ts';

/** @throws FencedError when somebody else hears the source by now: its walk goes on there */
export async function holdObject(
  trx: Transaction,
  claim: SourceClaim,
  position: number,
  object: ObjectMeta,
): Promise<void> {
  await checkSourceFences(trx, [claim]);
  await trx.raw('INSERT INTO landing.held_object (source, position, run_id, object_id, name) VALUES (?, ?, ?, ?, ?)', [
    claim.source,
    position,
    claim.runId,
    object.id,
    object.name,
  ]);
}

export interface HeldObject extends ObjectMeta {
  position: number;
}

/**
 * What a run holds of the sources of a job, by source, in the order it came; what another run left behind is dropped. A job may have forty sources and
 * seldom holds anything, so they are asked for at once. @throws FencedError
 */
export async function takeHeldObjects(
  db: Database,
  claims: readonly SourceClaim[],
): Promise<ReadonlyMap<string, HeldObject[]>> {
  const sources = claims.map(({ source }) => source);
  return db.transaction(async (trx) => {
    await checkSourceFences(trx, claims);
    await trx.raw('DELETE FROM landing.held_object WHERE source = ANY(?::text[]) AND run_id <> ?', [
      sources,
      claims[0]?.runId ?? 0,
    ]);
    const { rows } = await trx.raw(
      `SELECT h.source, h.position, h.name, o.id, o.media_type AS "mediaType", o.sha256, o.bytes
       FROM landing.held_object h JOIN landing.object o ON o.id = h.object_id WHERE h.source = ANY(?::text[]) ORDER BY h.position`,
      [sources],
    );
    return Map.groupBy(rows as (HeldObject & { source: string })[], ({ source }) => source);
  });
}

/** The fetch has ended: its delivery is landed, or the source failed. */
export async function dropHeldObjects(trx: Transaction, sources: readonly string[]): Promise<void> {
  if (sources.length === 0) return;
  await trx.raw('DELETE FROM landing.held_object WHERE source = ANY(?::text[])', [[...sources]]);
}
