/**
 * The roster that should stand after some nights: every person with every spell of service, day by day. Told from the events, in their order, and from the
 * days on which the sources told of them; nothing of the pipeline is asked. Leave out events, and it is the roster that would stand without them.
 */
import { writtenTitle } from '../inbox/roster-values.ts';
import type { Chronicle } from '../world/chronicle.ts';
import type { NightEvent } from '../world/event.ts';
import { isStanding, type LeaveReason, type Post } from '../world/state.ts';
import { readName } from './read-name.ts';
import { isLost } from './standing.ts';
import { type Told, toldOn } from './told.ts';

export interface Stretch {
  from: string;
  /** First day that it does not hold any more; null goes on. */
  to: string | null;
  title: string;
  subjects: readonly string[];
  primary: boolean;
  onLeave: boolean;
  endReason: string | null;
}

export interface Spell {
  /** `code:section`, or the care system's sid. */
  unit: string;
  stretches: Stretch[];
}

export interface PersonOnRoster {
  /** As the service unit writes it, without spaces. */
  name: string;
  spells: Spell[];
}

/** By the generator's own name of the person. */
export type Roster = Map<string, PersonOnRoster>;

export interface ToldNight {
  index: number;
  events: readonly NightEvent[];
}

/** R09 knows four; what schools and kindergartens call a transfer is one of them. */
const REASONS: Readonly<Record<LeaveReason, string>> = {
  離職: '離職',
  轉校: '轉校',
  轉園: '轉校',
  退休: '退休',
  代理期滿: '代理期滿',
};

/** After every day. */
const OPEN = 'infinity';

const lastOf = (spell: Spell): Stretch => spell.stretches.at(-1) as Stretch;

class Books {
  readonly roster: Roster = new Map();
  readonly #spells = new Map<string, Spell>();
  readonly #chronicle: Chronicle;

  constructor(chronicle: Chronicle) {
    this.#chronicle = chronicle;
  }

  open(post: Post, from: string, primary: boolean): void {
    const { setting } = this.#chronicle;
    const dirt = post.unit.includes(':') ? setting.dirt.get(post.key) : undefined;
    const duties = { title: writtenTitle(post, dirt), subjects: post.subjects, primary };
    const onLeave = post.onLeaveSince !== null;
    const spell: Spell = { unit: post.unit, stretches: [{ ...duties, from, to: null, onLeave, endReason: null }] };
    this.#spells.set(post.key, spell);
    const known = this.roster.get(post.person.uid);
    const name = known && !primary ? known.name : readName(setting, post, dirt);
    this.roster.set(post.person.uid, { name, spells: [...(known?.spells ?? []), spell] });
  }

  knows(post: Post): boolean {
    return this.#spells.has(post.key);
  }

  /** From a day on something else holds. */
  change(post: Post, from: string, values: Partial<Stretch>): void {
    const spell = this.#of(post);
    const before = lastOf(spell);
    if (before.from < from) spell.stretches.push({ ...before, ...values, from });
    else Object.assign(before, values);
    const [now, last] = [lastOf(spell), spell.stretches.at(-2)];
    if (last) last.to = now.from;
  }

  /** Out from a day on (R09, R10). */
  end(post: Post, on: string, reason: LeaveReason): void {
    const spell = this.#of(post);
    while (spell.stretches.length > 1 && lastOf(spell).from >= on) spell.stretches.pop();
    Object.assign(lastOf(spell), { to: on, endReason: REASONS[reason] });
  }

  #of(post: Post): Spell {
    const spell = this.#spells.get(post.key);
    if (!spell) throw new Error(`nothing was told of ${post.key} before`);
    return spell;
  }
}

function tell(books: Books, event: NightEvent, toldOf: (post: Post) => Told): void {
  switch (event.type) {
    case 'hire':
      books.open(event.post, toldOf(event.post).since, event.post.primary);
      break;
    case 'move': {
      const { before, after, said } = event;
      const { since } = toldOf(after);
      // The new school's registration ends the service at the old one (R08), also where that one tells a later day; a kindergarten lets go by its own word (R11).
      const own = said === null ? OPEN : after.since;
      books.end(before, said === '轉園' || own < since ? own : since, '轉校');
      books.open(after, since, after.primary);
      break;
    }
    case 'end':
      books.end(event.before, event.on, event.reason);
      break;
    case 'absence':
    case 'return':
      books.change(event.before, event.on, { onLeave: event.type === 'absence' });
      break;
    case 'change': {
      const { after } = event;
      const told = toldOf(after);
      if (books.knows(after))
        books.change(after, told.at.slice(0, 10), { title: after.title, subjects: after.subjects });
      else books.open(after, told.since, after.primary);
      break;
    }
    default:
  }
}

/** Who serves at a school and is shown by the care system too is the school's. */
function primaryUnits(posts: readonly Post[]): Map<string, boolean> {
  const schools = new Set(
    posts.filter((p) => p.unit.includes(':') && p.primary && isStanding(p)).map((p) => p.person.uid),
  );
  return new Map(posts.map((p) => [p.key, p.primary && (p.unit.includes(':') || !schools.has(p.person.uid))]));
}

/** @param nights from the first load on, in order, with the events that count */
export function rosterAfter(chronicle: Chronicle, nights: readonly ToldNight[]): Roster {
  const { setting } = chronicle;
  const books = new Books(chronicle);
  // What is under review since the first load was never shown approved (R13), nor was anybody of an institution that waits itself.
  const hidden = chronicle.chapter(0).world.proposals;
  const first = [...setting.first.posts.values()].flat();
  const primary = primaryUnits(first);
  const toldFirst = toldOn(chronicle, 0);
  for (const post of first) {
    const dirt = setting.dirt.get(post.key);
    if (dirt && isLost(dirt)) continue;
    if (hidden.has(post.key) || post.unit === setting.cast.waiting) continue;
    books.open(post, toldFirst(post).since, primary.get(post.key) ?? post.primary);
  }
  for (const { index, events } of nights) {
    if (index === 0) continue;
    const toldOf = toldOn(chronicle, index);
    for (const event of events) tell(books, event, toldOf);
  }
  return books.roster;
}
