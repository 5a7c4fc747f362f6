/** What a source hands over is kept as received before anybody reads it; then it is chosen what of it counts. */
import { createHash } from 'node:crypto';
import type { ConnectorContext, Part, StoredDelivery } from '../../connectors/contract.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { currentDeliveries, isOldPicture, outdated } from '../../warehouse/landing/deliveries.ts';
import type { HeldObject } from '../../warehouse/landing/held-objects.ts';
import type { MergeCounts } from '../../warehouse/landing/merge.ts';
import { type ObjectMeta, objectsById } from '../../warehouse/landing/objects.ts';
import type { SourceLedger } from '../../warehouse/runs.ts';
import type { PipelineContext } from '../context.ts';
import { chooseDeliveries } from './choose-deliveries.ts';
import { readable, recall } from './recall.ts';
import type { ClaimedPart, SourceSpec } from './source-spec.ts';

export interface KeptDelivery {
  objects: ObjectMeta[];
  complete: boolean;
  completeByDefault: boolean;
  asOf: string;
  digest: Buffer;
  /** Of one that was landed before and is replayed; and how many it could not judge then. */
  id?: number;
  notJudged?: number;
  files?: readonly string[];
}
export interface KeptPart extends ClaimedPart {
  deliveries: KeptDelivery[];
  ledger: SourceLedger;
  error: SourceError | null;
  /** Deliveries left out because they are broken or outdated, and those left out for a newer complete one. */
  setAside: string[];
  superseded: string[];
  /** Files that stay in the inbox all the same. */
  left: ReadonlySet<string>;
}

const NO_COUNTS: MergeCounts = { accepted: 0, unchanged: 0, quarantined: 0, excluded: 0, duplicate: 0 };
export const emptyLedger = (): SourceLedger => ({ ...NO_COUNTS, read: 0, missing: 0, asOf: null, notes: {} });

/** @param held what this same run kept of the source before it was interrupted. @returns also what went wrong: a source that fails lands nothing, and the others go on */
export async function keepPart(
  ctx: PipelineContext,
  { claim, part, replay = false }: ClaimedPart,
  held: readonly HeldObject[],
  spec: SourceSpec,
  reading: ConnectorContext,
): Promise<KeptPart> {
  const kept: KeptPart = {
    claim,
    part,
    replay,
    deliveries: [],
    ledger: emptyLedger(),
    error: null,
    setAside: [],
    superseded: [],
    left: new Set(),
  };
  try {
    if (replay) {
      kept.deliveries = await keptDeliveries(ctx, part.source, spec.complete ?? null);
      return kept;
    }
    const memory = await recall(ctx, claim, part, held, reading.now);
    for await (const delivery of spec.connector.fetch(part, reading, memory.remembered)) {
      const objects: ObjectMeta[] = [];
      for await (const object of delivery.objects) {
        objects.push(await memory.keep(object, delivery.resumable ?? false));
      }
      const digest = createHash('sha256')
        .update(Buffer.concat(objects.map((o) => o.sha256)))
        .digest();
      const { complete, completeByDefault = false, files = [] } = delivery;
      kept.deliveries.push({ objects, complete, completeByDefault, asOf: delivery.asOf(), digest, files });
    }
    if (kept.deliveries.length === 0) throw new SourceError('source-empty', { source: part.source });
    const chosen = await chooseDeliveries(kept.deliveries, {
      outdated: (delivery) => outdated(ctx.db, part.source, delivery),
      old: async ({ digest }) => !spec.connector.present && isOldPicture(ctx.db, part.source, digest),
      probe: async (delivery) => {
        const rows = spec.connector.read(storedDelivery(ctx, part.source, delivery), reading, {});
        for await (const _batch of rows) ctx.signal.throwIfAborted();
      },
    });
    const { deliveries, setAside, superseded } = chosen;
    const left = new Set(chosen.left.flatMap(({ files = [] }) => files));
    Object.assign(kept, { deliveries, setAside, superseded, left });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    kept.error = error;
  }
  return kept;
}

/** The current picture of a source, from what is kept. @throws SourceError where an original is kept no more */
async function keptDeliveries(
  ctx: PipelineContext,
  source: string,
  byDefault: boolean | null,
): Promise<KeptDelivery[]> {
  const deliveries: KeptDelivery[] = [];
  for (const { objects: ids, ...delivery } of await currentDeliveries(ctx.db, source, byDefault)) {
    const known = new Map((await objectsById(ctx.db, ids)).map((object) => [object.id, object]));
    const objects = ids.map((id) => known.get(id) as ObjectMeta & { removed: boolean });
    if (objects.some((object) => object.removed)) throw new SourceError('source-original-gone', { source });
    deliveries.push({ ...delivery, objects });
  }
  return deliveries;
}

/** A delivery as a connector reads it back. */
export function storedDelivery(
  ctx: PipelineContext,
  source: string,
  { objects, complete, asOf }: KeptDelivery,
): StoredDelivery {
  return { objects: objects.map((object) => readable(ctx, object)), complete, asOf, source };
}

/** The part without the files that must stay. */
export function settledPart({ part, left }: KeptPart): Part {
  const stay = part.files.map((path) => !left.has(path));
  const { stamps } = part;
  return {
    ...part,
    files: part.files.filter((_, i) => stay[i]),
    ...(stamps && { stamps: stamps.filter((_, i) => stay[i]) }),
  };
}
