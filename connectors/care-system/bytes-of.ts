import type { StoredObject } from '../contract.ts';

/** A stored page is one answer: it was bounded when it came. */
export async function bytesOf(object: StoredObject): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of object.body()) pieces.push(piece);
  return Buffer.concat(pieces);
}
