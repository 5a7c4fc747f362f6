/** A body that is already in memory, as the stream that the contract asks for. */
export async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

/** All of a stored object: for those that cannot be read in pieces, and are capped when they are fetched. */
export async function bytesOf(object: { body(): AsyncIterable<Uint8Array> }): Promise<Buffer> {
  const held: Uint8Array[] = [];
  for await (const piece of object.body()) held.push(piece);
  return Buffer.concat(held);
}
