/** People with two posts: principals whom the care system also lists, and teachers lent to a second school (主聘=否). */
import type { Chapter } from '../world/chronicle.ts';
import { isStanding, type Post } from '../world/state.ts';

export interface SharedPerson {
  name: string;
  /** Keys of the units, `code:section` or sid; the primary service unit first. */
  units: [string, string];
}

export function sharedPeople({ world }: Chapter): { principals: SharedPerson[]; partTimers: SharedPerson[] } {
  const byPerson = new Map<string, Post[]>();
  for (const post of [...world.posts.values()].flat().filter(isStanding)) {
    byPerson.set(post.person.uid, [...(byPerson.get(post.person.uid) ?? []), post]);
  }
  const principals: SharedPerson[] = [];
  const partTimers: SharedPerson[] = [];
  for (const [first, second] of byPerson.values()) {
    if (!first || !second) continue;
    const list = second.kind === null ? principals : partTimers;
    const units: [string, string] = first.primary ? [first.unit, second.unit] : [second.unit, first.unit];
    list.push({ name: first.person.name, units });
  }
  return { principals, partTimers };
}
