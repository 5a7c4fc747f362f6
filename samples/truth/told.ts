/** When a night's files and the care system told of a post: what no event says, and what the days of the roster hang on. */
import { rosterDeliveries } from '../inbox/roster-deliveries.ts';
import type { Chronicle } from '../world/chronicle.ts';
import type { Post } from '../world/state.ts';

export interface Told {
  /** Moment of registration: 登錄時間 where the file has it, else the file's arrival; of the care system the record's own. */
  at: string;
  /** The day that an arrival is told for, else that of its registration: not every school marks its hires. */
  since: string;
}

/** What a night's files say of each post, by its key. Files that were sent before say nothing. */
function inFiles(chronicle: Chronicle, index: number): Map<string, { at: string; marked: boolean }> {
  const own = rosterDeliveries(chronicle, index).filter(({ again }) => again === null);
  return new Map(
    own.flatMap(({ arrival, lines }) =>
      lines.map(({ post, registeredAt, change }) => {
        // What lies after the arrival cannot be: the arrival counts.
        const at = registeredAt && registeredAt < arrival ? registeredAt : arrival;
        return [post.key, { at, marked: change !== undefined }] as const;
      }),
    ),
  );
}

/** @returns for a post that the night tells of; @throws Error for another one */
export function toldOn(chronicle: Chronicle, index: number): (post: Post) => Told {
  const files = inFiles(chronicle, index);
  return (post) => {
    if (!post.unit.includes(':')) return { at: post.updatedAt, since: post.since };
    const told = files.get(post.key);
    if (!told) throw new Error(`night ${index} tells nothing of ${post.key}`);
    const { at, marked } = told;
    return { at, since: marked && index > 0 ? post.since : at.slice(0, 10) };
  };
}
