import { hash } from 'node:crypto';

const FIRST_SLOTS = 1024;

/**
 * Which keys came, as 64 bits of a digest each: some 16 bytes a key instead of its text and a set's entry. Two of a million keys that fall together by
 * chance (once in 30 million walks) would have the walk refused, never a wrong one taken.
 */
export class KeySet {
  /** Open addressing: two words a slot, the first 0 where it is free, and never else. */
  private words = new Uint32Array(2 * FIRST_SLOTS);
  private size = 0;

  /** @returns whether one of them came before; then none is added. Keys that stand twice among them are no matter. */
  addUnlessKnown(keys: readonly string[]): boolean {
    const digests = keys.map(digestOf);
    if (digests.some(([high, low]) => this.words[this.slotOf(high, low)] !== 0)) return true;
    for (const [high, low] of digests) {
      if (4 * this.size >= this.words.length) this.grow();
      this.put(high, low);
    }
    return false;
  }

  private put(high: number, low: number): void {
    const slot = this.slotOf(high, low);
    if (this.words[slot] === 0) this.size++;
    this.words[slot] = high;
    this.words[slot + 1] = low;
  }

  /** Where it stands, or would stand. */
  private slotOf(high: number, low: number): number {
    const { words } = this;
    const last = words.length - 1;
    for (let slot = (low << 1) & last; ; slot = (slot + 2) & last) {
      if (words[slot] === 0 || (words[slot] === high && words[slot + 1] === low)) return slot;
    }
  }

  private grow(): void {
    const before = this.words;
    this.words = new Uint32Array(2 * before.length);
    this.size = 0;
    for (let slot = 0; slot < before.length; slot += 2) {
      if (before[slot] !== 0) this.put(before[slot]!, before[slot + 1]!);
    }
  }
}

function digestOf(key: string): [high: number, low: number] {
  const bytes = hash('sha256', key, 'binary');
  const word = (at: number): number =>
    (bytes.charCodeAt(at) |
      (bytes.charCodeAt(at + 1) << 8) |
      (bytes.charCodeAt(at + 2) << 16) |
      (bytes.charCodeAt(at + 3) << 24)) >>>
    0;
  return [word(0) || 1, word(4)];
}
