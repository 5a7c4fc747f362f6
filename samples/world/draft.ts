/**
 * One night being drafted: draws people who may be in an event, and keeps every unit far from what would make a careful
 * pipeline hold its night (at most 2 people, or one in ten, leave one unit in one night).
 */

import type { Night } from './clocks.ts';
import type { NightEvent } from './event.ts';
import { carePost } from './kindergarten-staff.ts';
import { lateFirst } from './late-first.ts';
import { certificate, makePerson } from './people.ts';
import { type Random, random } from './random.ts';
import { schoolPost } from './school-roster.ts';
import type { Setting } from './setting.ts';
import { codeOf, isStanding, type Kindergarten, type Person, type Post, sectionOf, type World } from './state.ts';
import type { TitleChoice } from './titles.ts';

const two = (n: number): string => String(n).padStart(2, '0');

export class Draft {
  readonly events: NightEvent[] = [];
  readonly rng: Random;
  readonly setting: Setting;
  readonly world: World;
  readonly night: Night;
  /** School codes that hand nothing in tonight. */
  readonly silent = new Set<string>();
  /** School codes that somebody arrives at tonight. */
  readonly speaking = new Set<string>();
  readonly #touched = new Set<string>();
  readonly #endings = new Map<string, number>();
  readonly #created = new Map<string, number>();
  readonly #arrived = new Map<string, Set<string>>();
  readonly #opened: Kindergarten[] = [];
  readonly #pool: Post[];

  /** @param schools draws from schools, else from kindergartens. */
  constructor(setting: Setting, world: World, night: Night, index: number, schools: boolean) {
    this.setting = setting;
    this.world = world;
    this.night = night;
    this.rng = random(`${setting.seed}/night/${index}/${schools ? 'schools' : 'care'}`);
    const { closing, waiting, renaming } = setting.cast;
    const apart = new Set([closing, waiting, renaming]);
    const all = [...world.posts].filter(([unit]) => unit.includes(':') === schools && !apart.has(unit));
    const pool = this.rng.shuffled(all.flatMap(([, posts]) => posts.filter((post) => this.#steady(post))));
    this.#pool = lateFirst(pool, world, { seed: setting.seed, index, again: night.habits?.again ?? 0 });
  }

  /** A name that every file format carries whole. */
  isPlainName(name: string): boolean {
    return /^\p{Script=Han}{2,4}$/u.test(name) && this.setting.repertoire.holds(name);
  }

  #steady(post: Post): boolean {
    const { setting, world } = this;
    return (
      isStanding(post) &&
      post.primary &&
      post.kind !== 1 &&
      post.title !== '園長' &&
      post.since < this.night.settledBefore &&
      post.onLeaveSince === null &&
      !setting.dirt.has(post.key) &&
      !setting.careFaults.has(post.key) &&
      !setting.spared.has(post.person.uid) &&
      !world.vanished.has(post.key) &&
      !world.proposals.has(post.key) &&
      post.person.idKind === 'national' &&
      this.isPlainName(post.person.name)
    );
  }

  /** Marks a post as part of an event of tonight; false when it already is. */
  claim(post: Post): boolean {
    if (this.#touched.has(post.key)) return false;
    this.#touched.add(post.key);
    return true;
  }

  #mayEnd(unit: string): boolean {
    const size = this.world.posts.get(unit)?.filter(isStanding).length ?? 0;
    return (this.#endings.get(unit) ?? 0) < Math.max(2, Math.floor(size / 10));
  }

  /** Up to `count` people for whom `fits` holds; `ends` counts them as leaving their unit. */
  take(count: number, fits: (post: Post) => boolean, ends = false): Post[] {
    const taken: Post[] = [];
    for (const post of this.#pool) {
      if (taken.length === count) break;
      if (this.#touched.has(post.key) || this.silent.has(codeOf(post.unit)) || !fits(post)) continue;
      if (ends && !this.#mayEnd(post.unit)) continue;
      if (ends) this.#endings.set(post.unit, (this.#endings.get(post.unit) ?? 0) + 1);
      this.#touched.add(post.key);
      taken.push(post);
    }
    return taken;
  }

  /** Names that were ever used at the institution, and those that arrive tonight. */
  #names(unit: string): Set<string> {
    let names = this.#arrived.get(unit);
    if (!names) {
      names = new Set(this.world.posts.get(unit)?.map((post) => post.person.name));
      for (const { post } of this.world.proposals.values()) if (post.unit === unit) names.add(post.person.name);
      this.#arrived.set(unit, names);
    }
    return names;
  }

  /** True, and from then on taken, when nobody at the unit has or had the name. */
  #reserve(unit: string, name: string): boolean {
    const names = this.#names(unit);
    if (names.has(name)) return false;
    names.add(name);
    return true;
  }

  /** A unit among `units` that can take the person; null after some tries. */
  destination(units: readonly string[], person: Person, from: string): string | null {
    for (let attempt = 0; attempt < 40; attempt++) {
      const unit = this.rng.pick(units);
      if (codeOf(unit) === codeOf(from) || this.silent.has(codeOf(unit))) continue;
      if (!this.#reserve(unit, person.name)) continue;
      this.speaking.add(codeOf(unit));
      return unit;
    }
    return null;
  }

  #nextNumber(unit: string): number {
    const number = (this.world.created.get(unit) ?? 0) + (this.#created.get(unit) ?? 0);
    this.#created.set(unit, (this.#created.get(unit) ?? 0) + 1);
    return number;
  }

  /** A moment of tonight's office hours. */
  moment(): string {
    const { day, fromHour, untilHour } = this.night.staged;
    return `${day}T${two(this.rng.between(fromHour, untilHour))}:${two(this.rng.between(0, 59))}:${two(this.rng.between(0, 59))}+08:00`;
  }

  /** Kindergartens of the city and those that open tonight. */
  kindergartens(): Kindergarten[] {
    return [...this.world.kindergartens.values(), ...this.#opened];
  }

  open(kindergarten: Kindergarten): void {
    this.#opened.push(kindergarten);
  }

  /** Place of the institution among all: those that opened come after all others, as they opened. */
  #unitIndex(unit: string): number {
    const { first, unitIndex } = this.setting;
    const opened = this.kindergartens().slice(first.kindergartens.size);
    return unitIndex.get(unit) ?? unitIndex.size + opened.findIndex(({ sid }) => sid === unit);
  }

  /** A post at a school for a person of the city, or for a new one. */
  schoolPost(unit: string, duty: TitleChoice, person: Person | null): Post {
    const number = this.#nextNumber(unit);
    const wish = { unit, section: sectionOf(unit), duty, since: this.night.effective };
    return schoolPost(this.rng, person ?? this.#newPerson(unit, number, 0.68), number, wish);
  }

  carePost(sid: string, title: string, person: Person | null): Post {
    const number = this.#nextNumber(sid);
    const unitIndex = this.#unitIndex(sid);
    const wish = { sid, unitIndex, title, since: this.night.effective, updatedAt: this.moment() };
    const post = carePost(this.rng, person ?? this.#newPerson(sid, number, 0.96), number, wish);
    return { ...post, certificateNo: title.includes('教') ? certificate(this.rng, 112) : null };
  }

  #newPerson(unit: string, number: number, femaleShare: number): Person {
    const unitIndex = this.#unitIndex(unit);
    const taken = this.#names(unit);
    const ages = [23, 45] as const;
    const person = makePerson(this.rng, this.setting.names, {
      unit,
      unitIndex,
      number,
      femaleShare,
      ages,
      taken,
      plain: true,
    });
    taken.add(person.name);
    return person;
  }
}
