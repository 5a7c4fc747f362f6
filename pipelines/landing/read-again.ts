import type { ReadAgain } from '../../warehouse/landing/not-judged.ts';
import type { KeptDelivery, KeptPart } from './keep-part.ts';

/** A replayed delivery among those of its source. */
export function readAgain({ kept, delivery }: { kept: KeptPart; delivery: KeptDelivery }): ReadAgain {
  const later = kept.deliveries.slice(kept.deliveries.indexOf(delivery) + 1);
  return {
    source: kept.part.source,
    told: delivery.notJudged ?? 0,
    later: later.flatMap(({ objects }) => objects.map((o) => o.id)),
  };
}
