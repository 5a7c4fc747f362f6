/** All nights of one seed: the world after each, the events that led there. Made once, in order; a night is a pure function of (seed, index). */
import { careNight } from './care-night.ts';
import { NIGHTS, nightOf } from './clocks.ts';
import { Draft } from './draft.ts';
import { applyNight, type NightEvent } from './event.ts';
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
  /** @throws Error when there is no such night. */
  chapter(index: number): Chapter;
}

/** Nights are made when first asked for; the first costs about half a second, each other one a few tens of milliseconds. */
export function openChronicle(seed: number | string): Chronicle {
  const setting = makeSetting(String(seed));
  const chapters: Chapter[] = [];
  return {
    setting,
    chapter(index) {
      nightOf(index);
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

export const LAST_NIGHT = NIGHTS.length - 1;
