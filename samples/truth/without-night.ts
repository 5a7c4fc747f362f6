/**
 * The nights as they would have been without one of them, as far as it can be undone: of whomever, or whatever institution, a later night changed something
 * again, what the night did to them stays (they are in conflict).
 */
import type { Chronicle } from '../world/chronicle.ts';
import type { NightEvent } from '../world/event.ts';
import type { ToldNight } from './roster.ts';

/** Whom or what an event changes on the roster: a person by uid, a kindergarten by sid. What is only proposed or missing changes nothing. */
export function changedBy(event: NightEvent): string | null {
  switch (event.type) {
    case 'hire':
      return event.post.person.uid;
    case 'move':
    case 'end':
    case 'absence':
    case 'return':
    case 'change':
      return event.before.person.uid;
    case 'institution':
      return event.what === 'review' ? null : event.after.sid;
    case 'opening':
      return event.kindergarten.sid;
    default:
      return null;
  }
}

export interface NightsWithout {
  /** From the first load to `last`. */
  nights: ToldNight[];
  /** Whom the night changed and nobody after it: what it did to them is left out. */
  undone: Set<string>;
  /** By whom or what is in conflict: the later nights that changed them again. */
  conflicts: Map<string, number[]>;
}

export function withoutNight(chronicle: Chronicle, without: number, last: number): NightsWithout {
  const eventsOf = (index: number): readonly NightEvent[] => chronicle.chapter(index).events;
  const mine = new Set(eventsOf(without).flatMap((event) => changedBy(event) ?? []));
  const conflicts = new Map<string, number[]>();
  for (let index = without + 1; index <= last; index++) {
    for (const who of new Set(eventsOf(index).flatMap((event) => changedBy(event) ?? [])))
      if (mine.has(who)) conflicts.set(who, [...(conflicts.get(who) ?? []), index]);
  }
  const stays = (event: NightEvent): boolean => conflicts.has(changedBy(event) ?? '');
  const nights = Array.from({ length: last + 1 }, (_, index) => ({
    index,
    events: index === without ? eventsOf(index).filter(stays) : eventsOf(index),
  }));
  return { nights, undone: new Set([...mine].filter((who) => !conflicts.has(who))), conflicts };
}
