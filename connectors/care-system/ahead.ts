/**
 * Runs a generator ahead of its reader: at most `depth` values are in work or wait, in order. It begins at once, not with the first value that is
 * read. An error comes out in its place; who stops reading early ends the source himself.
 */
export function ahead<T>(source: AsyncGenerator<T, void>, depth: number): AsyncGenerator<T, void> {
  const waiting: Promise<IteratorResult<T, void>>[] = [];
  const fill = (): void => {
    while (waiting.length < depth) {
      const next = source.next();
      // It is thrown where it is read; until then it must not count as one that nobody looks at.
      next.catch(() => undefined);
      waiting.push(next);
    }
  };
  fill();
  return (async function* () {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { done, value } = await next;
      if (done) return;
      fill();
      yield value;
    }
  })();
}
