/**
 * What a source is told of earlier fetches, and the keeping of what it hands over now. Connectors keep no state: a fetch that was killed goes on
 * behind the objects that the run holds (they are fenced, so only one fetch of a source goes on), and a delta is asked for since what was landed.
 */
import type { Part, RawObject, Remembered, StoredObject } from '../../connectors/contract.ts';
import type { SourceClaim } from '../../warehouse/fence.ts';
import { landedPicture } from '../../warehouse/landing/deliveries.ts';
import { type HeldObject, holdObject } from '../../warehouse/landing/held-objects.ts';
import { type ObjectMeta, readObject, storeObject } from '../../warehouse/landing/objects.ts';
import type { PipelineContext } from '../context.ts';

export interface Recall {
  remembered: Remembered;
  /** Keeps an object as received; one that was offered as held is taken as it is. @throws FencedError for a resumable one of a source that was taken over */
  keep(object: RawObject | StoredObject, resumable: boolean): Promise<ObjectMeta>;
}

/** A kept object as a connector reads it back. */
export const readable = (ctx: PipelineContext, { id, name, mediaType, bytes }: ObjectMeta): StoredObject => ({
  name,
  mediaType,
  bytes,
  body: () => readObject(ctx.db, ctx.keyring, id),
});

/** @param held of the source, by this same run. @param now the run's moment: when objects are received */
export async function recall(
  ctx: PipelineContext,
  claim: SourceClaim,
  part: Part,
  held: readonly HeldObject[],
  now: string,
): Promise<Recall> {
  const offered = new Map<StoredObject, ObjectMeta>(held.map((object) => [readable(ctx, object), object]));
  let position = held.at(-1)?.position ?? 0;
  return {
    remembered: {
      held: [...offered.keys()],
      landed: part.files.length === 0 ? await landedPicture(ctx.db, part.source) : null,
    },
    keep: async (object, resumable) => {
      if (typeof object.body === 'function') {
        const known = offered.get(object as StoredObject);
        if (!known)
          throw new Error(`${part.source} hands over a stored object that it was not offered: ${object.name}`);
        return known;
      }
      const received = { source: part.source, runId: claim.runId, receivedAt: now, ...(object as RawObject) };
      if (!resumable) return storeObject(ctx.db, ctx.keyring, received);
      position += 1;
      return storeObject(ctx.db, ctx.keyring, received, (trx, meta) => holdObject(trx, claim, position, meta));
    },
  };
}
