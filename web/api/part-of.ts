/** From the first to the last byte of what is read; what comes after is not read. */
export async function* partOf(
  pieces: AsyncIterable<Uint8Array>,
  range: readonly [number, number] | null,
): AsyncGenerator<Uint8Array> {
  if (range === null) {
    yield* pieces;
    return;
  }
  const [first, last] = range;
  let at = 0;
  for await (const piece of pieces) {
    const from = Math.max(0, first - at);
    const to = Math.min(piece.length, last + 1 - at);
    if (from < to) yield piece.subarray(from, to);
    at += piece.length;
    if (at > last) return;
  }
}
