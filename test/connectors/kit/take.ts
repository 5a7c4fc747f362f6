import type { Connector, ConnectorContext, Part, Remembered, StoredDelivery } from '../../../connectors/contract.ts';
import { makeTestLogger } from '../../support/test-logger.ts';
import { bytesOf, contextAt, keep, stored } from '../support/handover.ts';

export interface Kept {
  deliveries: StoredDelivery[];
  /** Of each object of each delivery. */
  bytes: Buffer[][];
  log: string;
}

export async function keepWithLog(
  connector: Connector,
  part: Part,
  ctx: ConnectorContext = contextAt(),
  remembered?: Remembered,
): Promise<Kept> {
  const log = makeTestLogger();
  const deliveries = await keep(connector, part, { ...ctx, log: log.logger }, remembered);
  const bytes = await Promise.all(deliveries.map((d) => Promise.all(d.objects.map((o) => bytesOf(o.body())))));
  return { deliveries, bytes, log: log.text() };
}

/** The same bytes in other pieces: a store may give back what it likes. */
export const recut = (delivery: StoredDelivery, bytes: readonly Buffer[], pieceBytes: number): StoredDelivery => ({
  ...delivery,
  objects: delivery.objects.map((object, i) => ({
    ...stored(object.name, bytes[i]!, pieceBytes),
    mediaType: object.mediaType,
  })),
});
