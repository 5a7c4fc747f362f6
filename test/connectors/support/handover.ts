import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type {
  Connector,
  ConnectorContext,
  Part,
  RawObject,
  ReadNotes,
  Remembered,
  StoredDelivery,
  StoredObject,
} from '../../../connectors/contract.ts';
import type { RawRow } from '../../../schemas/columns.ts';
import { SourceError } from '../../../schemas/source-error.ts';

/** What a pipeline would do with a connector, without a database: keep the bytes in memory between `fetch` and `read`. */
export interface HandedOver {
  delivery: StoredDelivery;
  rows: RawRow[];
  notes: ReadNotes;
}

export const NOW = '2024-08-02T17:00:00+08:00';

export const contextAt = (now = NOW, signal = new AbortController().signal): ConnectorContext => ({
  log: pino({ level: 'silent' }),
  signal,
  now,
});

export async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const held: Uint8Array[] = [];
  for await (const piece of body) held.push(piece);
  return Buffer.concat(held);
}

export function stored(name: string, bytes: Uint8Array, pieceBytes = 64 * 1024): StoredObject {
  async function* body() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  return { name, mediaType: 'application/octet-stream', bytes: bytes.length, body };
}

/** @param onObject told of every object that was kept, held ones too: throw there to break off in the middle */
export async function keep(
  connector: Connector,
  part: Part,
  ctx: ConnectorContext,
  remembered?: Remembered,
  onObject: (object: StoredObject) => void = () => undefined,
): Promise<StoredDelivery[]> {
  const kept: StoredDelivery[] = [];
  for await (const delivery of connector.fetch(part, ctx, remembered)) {
    const objects: StoredObject[] = [];
    for await (const object of delivery.objects) {
      const held = remembered?.held.find((one) => one === object);
      const { name, mediaType } = object;
      const now = held ?? { ...stored(name, await bytesOf((object as RawObject).body)), mediaType };
      objects.push(now);
      onObject(now);
    }
    kept.push({ objects, complete: delivery.complete, asOf: delivery.asOf(), source: part.source });
  }
  return kept;
}

export async function readAll(connector: Connector, delivery: StoredDelivery, ctx = contextAt()): Promise<HandedOver> {
  const notes: ReadNotes = {};
  const rows: RawRow[] = [];
  for await (const batch of connector.read(delivery, ctx, notes)) rows.push(...batch);
  return { delivery, rows, notes };
}

/** Everything that one part hands over. */
export async function handOver(connector: Connector, part: Part, ctx = contextAt()): Promise<HandedOver[]> {
  const all: HandedOver[] = [];
  for (const delivery of await keep(connector, part, ctx)) all.push(await readAll(connector, delivery, ctx));
  return all;
}

/** The error that a promise ends with; the test fails when it does not end with a SourceError. */
export async function sourceError(promise: Promise<unknown>): Promise<SourceError> {
  const error = await promise.then(
    () => new Error('expected a SourceError, but it went well'),
    (reason: unknown) => reason,
  );
  if (error instanceof SourceError) return error;
  throw error;
}

export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'mingce-connectors-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
