/** Which rows a school hands in on a night: everybody (complete), or only what changed. */
import type { Chapter } from '../world/chronicle.ts';
import { nightOf } from '../world/clocks.ts';
import { type NightEvent, postAfter } from '../world/event.ts';
import { fraction } from '../world/random.ts';
import type { Setting } from '../world/setting.ts';
import { isStanding, type Post } from '../world/state.ts';
import type { RosterLine } from './roster-values.ts';

type Change = RosterLine['change'];
/** What tonight's file says of one post. */
export interface Said {
  post: Post;
  change: Change;
}

/** Everything that tonight's events make the schools say, by unit. Kindergartens say nothing here (R11). */
export function saidTonight(events: readonly NightEvent[]): Map<string, Said[]> {
  const said = new Map<string, Said[]>();
  const say = (post: Post, word: string | null, on: string): void => {
    if (!post.unit.includes(':')) return;
    said.set(post.unit, [...(said.get(post.unit) ?? []), { post, change: word === null ? undefined : { word, on } }]);
  };
  for (const event of events) {
    switch (event.type) {
      case 'hire':
        say(event.post, '新進', event.post.since);
        break;
      case 'move':
        if (event.said) say(event.before, event.said, event.after.since);
        say(event.after, '轉入', event.after.since);
        break;
      case 'end':
        say(event.before, event.reason, event.on);
        break;
      case 'absence':
        say(postAfter(event), '留職停薪', event.on);
        break;
      case 'return':
        say(postAfter(event), '復職', event.on);
        break;
      case 'change':
        say(event.after, null, '');
        break;
      default:
    }
  }
  return said;
}

const absent = (post: Post): Change => (post.onLeaveSince ? { word: '留職停薪', on: post.onLeaveSince } : undefined);

/** Told to leave on a day that has not come: still there, and the school says so again. */
const leaving = ({ left }: Post, today: string): Change =>
  left !== null && left.on > today ? { word: left.reason, on: left.on } : undefined;

/** Everybody at the unit, and those whose leaving is told tonight. Hires and arrivals are marked only where the school does so. */
export function completeLines(
  setting: Setting,
  chapter: Chapter,
  unit: string,
  said: readonly Said[],
  marksHires: boolean,
): RosterLine[] {
  const tonight = new Map(said.map((one) => [one.post.key, one]));
  const today = nightOf(chapter.index).clock.slice(0, 10);
  const lines: RosterLine[] = [];
  for (const post of chapter.world.posts.get(unit) ?? []) {
    if (chapter.world.vanished.has(post.key)) continue;
    const told = tonight.get(post.key);
    const goes = leaving(post, today);
    if (!told && !isStanding(post) && !goes) continue;
    const arriving = told?.change?.word === '新進' || told?.change?.word === '轉入';
    const change = arriving && !marksHires ? undefined : (told?.change ?? goes ?? absent(post));
    lines.push({ post: told?.post ?? post, dirt: setting.dirt.get(post.key), change });
  }
  return lines;
}

/** Only what changed. A changed title or subject stands as 在職 with its date, or with no 異動別 at all. */
export function changeLines(said: readonly Said[], effective: string): RosterLine[] {
  return said.map(({ post, change }) => {
    const plain = fraction(`plain-change/${post.key}`) < 0.5 ? undefined : { word: '在職', on: effective };
    return { post, change: change ?? plain };
  });
}
