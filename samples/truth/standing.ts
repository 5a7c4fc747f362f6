/** How many posts and people should be in force after a night. */
import { DIRT, type DirtClass } from '../inbox/dirt.ts';
import type { Chapter, Chronicle } from '../world/chronicle.ts';
import { nightOf } from '../world/clocks.ts';
import { isStanding, type Post } from '../world/state.ts';
import { neverShown } from './never-shown.ts';
import type { Standing } from './night-truth-shape.ts';

/** Faults that quarantine the person's own row, so that the post never lands (a stray row beside it does not). */
const LOST: ReadonlySet<string> = new Set(['key-conflict', 'masked-id', 'unparsable-change-date']);
export const isLost = (fault: DirtClass): boolean => LOST.has(fault) && DIRT[fault].outcome === 'quarantined';

export function standing(chronicle: Chronicle, { world, index }: Chapter): Standing {
  const { setting } = chronicle;
  const today = nightOf(index).clock.slice(0, 10);
  const inForce = (post: Post): boolean => {
    const fault = setting.dirt.get(post.key);
    if (fault && isLost(fault)) return false;
    // A proposal that stands since the first load hides an approved state that was never shown.
    if (neverShown(chronicle, index, post.key)) return false;
    if (post.unit === setting.cast.waiting) return false;
    return isStanding(post) || (post.left !== null && post.left.on > today);
  };
  const counted: Standing = { schoolPosts: 0, kindergartenPosts: 0, people: 0 };
  const people = new Set<string>();
  for (const [unit, posts] of world.posts) {
    const field = unit.includes(':') ? 'schoolPosts' : 'kindergartenPosts';
    for (const post of posts.filter(inForce)) {
      counted[field] += 1;
      people.add(post.person.uid);
    }
  }
  return { ...counted, people: people.size };
}
