/** Some of those of whom something happened in the last nights go before all others: a change rarely comes alone. */
import { fraction } from './random.ts';
import type { Post, World } from './state.ts';

/** Nights. */
const LATELY = 14;

/** @param again the share of them that goes first */
export function lateFirst(
  pool: Post[],
  world: World,
  { seed, index, again }: { seed: string; index: number; again: number },
): Post[] {
  if (again === 0) return pool;
  const first = ({ key }: Post): boolean =>
    (world.touched.get(key) ?? Number.NEGATIVE_INFINITY) >= index - LATELY &&
    fraction(`${seed}/again/${index}/${key}`) < again;
  return [...pool.filter(first), ...pool.filter((post) => !first(post))];
}
