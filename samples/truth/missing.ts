/**
 * Who should be called missing after a night: gone from a complete list without a word, since that night or an earlier one. Where a row of the list says
 * nothing that a person could be known by, each of those who are gone may be that row: of such a school nobody is called missing (I12).
 */
import type { DirtClass } from '../inbox/dirt.ts';
import type { Chronicle } from '../world/chronicle.ts';
import { codeOf, isStanding, type Post } from '../world/state.ts';

const NAMELESS: DirtClass = 'masked-id';

export interface Missing {
  asked: Post[];
  notJudged: Post[];
}

export function missingAt(chronicle: Chronicle, index: number): Missing {
  const { setting } = chronicle;
  const { world } = chronicle.chapter(index);
  const posts = [...world.posts.values()].flat();
  const masked = new Set(
    posts.filter((post) => setting.dirt.get(post.key) === NAMELESS && isStanding(post)).map(({ unit }) => codeOf(unit)),
  );
  const gone = posts.filter(({ key }) => world.vanished.has(key));
  const judged = ({ unit }: Post): boolean => !masked.has(codeOf(unit));
  return { asked: gone.filter(judged), notJudged: gone.filter((post) => !judged(post)) };
}
