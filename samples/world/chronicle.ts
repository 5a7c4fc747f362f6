/** The nights of one seed: the world after each, the events that led there. Made once, in order; a night is a pure function of (seed, city, index). */
import { careNight } from './care-night.ts';
import { AFTER_NIGHT, nightAt, nightOf } from './clocks.ts';
import { Draft } from './draft.ts';
import { applyNight, type NightEvent } from './event.ts';
import type { Reference } from './reference.ts';
import { type Roles, schoolNight } from './school-night.ts';
import { makeSetting, type Setting } from './setting.ts';
import type { World } from './state.ts';

export interface Chapter {
  index: number;
  before: World;
  world: World;
  events: NightEvent[];
  roles: Roles;
}

export interface Chronicle {
  setting: Setting;
  /** The last night of the series; what it left behind holds at every moment after it. */
  last: number;
  /** The night of the series whose state holds at a moment. */
  nightAt(moment: string): number;
  /** @throws Error when the series has no such night. */
  chapter(index: number): Chapter;
}

export interface ChronicleOptions {
  /** Index of the last night; without it the series ends with the night after the cut-off. */
  last?: number;
  /** Another city than the whole one; it has events in proportion. */
  reference?: Reference;
}

/** Nights are made when first asked for; the first costs about half a second, each other one a few tens of milliseconds. */
export function openChronicle(
  seed: number | string,
  { last = AFTER_NIGHT, reference }: ChronicleOptions = {},
): Chronicle {
  const setting = makeSetting(String(seed), reference);
  const chapters: Chapter[] = [];
  return {
    setting,
    last,
    nightAt: (moment) => Math.min(nightAt(moment), last),
    chapter(index) {
      nightOf(index);
      if (index > last) throw new Error(`there is no night ${index}; this series has nights 0 to ${last}`);
      for (let i = chapters.length; i <= index; i++) {
        const before = chapters[i - 1]?.world ?? setting.first;
        const night = nightOf(i);
        const schools = schoolNight(new Draft(setting, before, night, i, true), i);
        const events = [...careNight(new Draft(setting, before, night, i, false), i), ...schools.events];
        chapters.push({ index: i, before, world: applyNight(before, i, events), events, roles: schools.roles });
      }
      return chapters[index] as Chapter;
    },
  };
}
