/**
 * A Map that empties itself when full. Titles, subjects and dates repeat by the thousand, so a hit is nearly always there; the bound
 * keeps a hostile file of a million different titles from growing memory (I7). Emptying beats evicting: no bookkeeping per hit.
 */
export class BoundedCache<V> {
  private readonly entries = new Map<string, V>();
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get(key: string): V | undefined {
    return this.entries.get(key);
  }

  /** Keeps and returns `value`. Long keys are not kept: they do not repeat. */
  set(key: string, value: V): V {
    if (key.length > 64) return value;
    if (this.entries.size >= this.limit) this.entries.clear();
    this.entries.set(key, value);
    return value;
  }

  get size(): number {
    return this.entries.size;
  }
}

/** A pure reading with memory. Values are shared between rows: nobody may change one. */
export function remember<V extends object | string | number | null>(
  limit: number,
  read: (text: string) => V,
): (text: string) => V {
  const seen = new BoundedCache<V>(limit);
  return (text) => {
    const known = seen.get(text);
    return known === undefined ? seen.set(text, read(text)) : known;
  };
}
