/**
 * A small seeded generator (sfc32, seeded by hashing a text), so that a sample depends on its seed and on nothing else: no
 * `Math.random`, no locale, no time zone. Every institution gets a generator of its own from a text such as
 * `113/roster/064601`; adding one institution therefore never changes another.
 */
export interface Random {
  /** A float in [0, 1). */
  next(): number;
  /** A whole number in [low, high], both ends included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  /** @throws Error on an empty list: a generator that draws from nothing is a bug. */
  pick<T>(list: readonly T[]): T;
  /** Picks by cumulative weights: `cumulative[i]` is the sum of the weights up to and including entry i. */
  weighted<T>(list: readonly T[], cumulative: readonly number[]): T;
  shuffled<T>(list: readonly T[]): T[];
}

/** FNV-1a with a final avalanche; four lanes by salt. Plain 32-bit arithmetic, the same on every machine. */
function hash32(text: string, salt: number): number {
  let h = (2166136261 ^ salt) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  h = Math.imul(h ^ (h >>> 16), 2246822507);
  h = Math.imul(h ^ (h >>> 13), 3266489909);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A stable number for a text in [0, 1): for decisions that must not depend on how often a generator was asked before. */
export const fraction = (text: string): number => hash32(text, 77) / 4294967296;

export function random(seed: string): Random {
  let a = hash32(seed, 1);
  let b = hash32(seed, 2);
  let c = hash32(seed, 3);
  let d = hash32(seed, 4);
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 8; i++) next();
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new Error(`nothing to pick from (seed ${seed})`);
    return list[between(0, list.length - 1)] as T;
  };
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick,
    weighted(list, cumulative) {
      const at = next() * (cumulative.at(-1) ?? 0);
      let low = 0;
      let high = list.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((cumulative[middle] ?? 0) > at) high = middle;
        else low = middle + 1;
      }
      return list[low] as (typeof list)[number];
    },
    shuffled(list) {
      const copy = [...list];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = between(0, i);
        [copy[i], copy[j]] = [copy[j] as (typeof copy)[number], copy[i] as (typeof copy)[number]];
      }
      return copy;
    },
  };
}
