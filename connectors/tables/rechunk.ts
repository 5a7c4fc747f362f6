/**
 * Bytes in pieces of about one size, whatever size they came in: a store may hand over 16 KiB slices or one whole object, and
 * both the batch size and the memory of what follows depend on the piece.
 */
export async function* rechunk(bytes: AsyncIterable<Uint8Array>, size = 128 * 1024): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const piece of bytes) {
    let rest = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    while (heldBytes + rest.length >= size) {
      const cut = rest.subarray(0, size - heldBytes);
      yield held.length === 0 ? cut : Buffer.concat([...held, cut]);
      rest = rest.subarray(cut.length);
      held = [];
      heldBytes = 0;
    }
    if (rest.length > 0) {
      held.push(rest);
      heldBytes += rest.length;
    }
  }
  if (heldBytes > 0) yield Buffer.concat(held);
}
