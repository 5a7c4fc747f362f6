/** What stays the same on all nights: how each school sends, which rows carry a fault, and who has a part to play. */
import { type DirtClass, dirtOf } from '../inbox/dirt.ts';
import { makeProfile, type Profile } from '../inbox/profile.ts';
import { Big5Repertoire } from './big5.ts';
import { firstWorld, unitIndexes } from './first-world.ts';
import { type NameMaker, nameMaker } from './names.ts';
import { random } from './random.ts';
import { loadReference, type Reference } from './reference.ts';
import type { Post, World } from './state.ts';

/** Kindergartens that later nights are about. */
export interface Cast {
  /** Its staff leave two by two; closed on night 3. */
  closing: string;
  /** Under review from the first night on, never decided: its staff wait with it. */
  waiting: string;
  /** Its new name is under review on nights 1 and 2, approved on night 3. */
  renaming: string;
}

export interface Setting {
  seed: string;
  /** Size of the city, the whole one being 1. */
  share: number;
  reference: Reference;
  first: World;
  unitIndex: ReadonlyMap<string, number>;
  /** Section units of each school code. */
  unitsOfCode: ReadonlyMap<string, string[]>;
  profiles: ReadonlyMap<string, Profile>;
  /** By post key, in the files of schools. */
  dirt: ReadonlyMap<string, DirtClass>;
  /** By staffId, in the care system. */
  careFaults: ReadonlyMap<string, CareFault>;
  /** People with more than one post, or with an account: left alone by the nights. */
  spared: ReadonlySet<string>;
  cast: Cast;
  repertoire: Big5Repertoire;
  names: NameMaker;
}

/** The people of a school who hold its business accounts: heads and section chiefs first, whoever is there else. */
export function accountHolders(posts: readonly Post[], count: number): Post[] {
  const own = posts.filter((post) => post.primary && !post.onLeaveSince);
  const office = own.filter((post) => post.kind === 2 || post.kind === 4);
  return [...office, ...own.filter((post) => !office.includes(post))].slice(0, count);
}

export const MOST_ACCOUNTS = 6;

/** What the care system lacks or has wrong; all of it is kept by the pipeline, with a warning where an id is doubtful. */
export const CARE_FAULTS = ['missing-id', 'wrong-checksum', 'missing-birth', 'missing-sex'] as const;
export type CareFault = (typeof CARE_FAULTS)[number];

function careFaultsOf(seed: string, first: World, spared: ReadonlySet<string>): Map<string, CareFault> {
  const faults = new Map<string, CareFault>();
  for (const [sid, posts] of first.posts) {
    if (sid.includes(':')) continue;
    const rng = random(`${seed}/care-faults/${sid}`);
    for (const post of posts) {
      const roll = rng.next();
      const fault = roll < 0.006 ? 0 : roll < 0.009 ? 1 : roll < 0.019 ? 2 : roll < 0.024 ? 3 : null;
      const possible = fault !== 1 || post.person.idKind === 'national';
      if (fault !== null && possible && !spared.has(post.person.uid))
        faults.set(post.key, CARE_FAULTS[fault] as CareFault);
    }
  }
  return faults;
}

function sparedPeople(first: World, unitsOfCode: ReadonlyMap<string, string[]>): Set<string> {
  const counts = new Map<string, number>();
  for (const list of first.posts.values()) {
    for (const { person } of list) counts.set(person.uid, (counts.get(person.uid) ?? 0) + 1);
  }
  const spared = new Set([...counts].filter(([, n]) => n > 1).map(([uid]) => uid));
  for (const units of unitsOfCode.values()) {
    const posts = units.flatMap((unit) => first.posts.get(unit) ?? []);
    for (const post of accountHolders(posts, MOST_ACCOUNTS)) spared.add(post.person.uid);
  }
  return spared;
}

function chooseCast(seed: string, first: World): Cast {
  const rng = random(`${seed}/cast`);
  const usual = [...first.kindergartens.values()].filter(
    (k) => k.ownership === '私立' && !k.quasiPublic && !k.sid.includes('-') && /^臺中市私立.+幼兒園$/.test(k.name),
  );
  const closing = rng.pick(usual.filter((k) => first.posts.get(k.sid)?.length === 6)).sid;
  const [waiting = '', renaming = ''] = rng.shuffled(usual.filter((k) => k.sid !== closing)).map((k) => k.sid);
  return { closing, waiting, renaming };
}

const institutions = ({ schools, kindergartens }: Reference): number => schools.length + kindergartens.length;

/** @param city another one than the whole city */
export function makeSetting(seed: string, city?: Reference): Setting {
  const whole = loadReference();
  const reference = city ?? whole;
  const first = firstWorld(seed, reference);
  const repertoire = new Big5Repertoire();
  const unitsOfCode = new Map<string, string[]>();
  for (const { code, key } of reference.schools) unitsOfCode.set(code, [...(unitsOfCode.get(code) ?? []), key]);
  const spared = sparedPeople(first, unitsOfCode);
  const profiles = new Map([...unitsOfCode.keys()].map((code) => [code, makeProfile(seed, code)]));
  const dirt = new Map<string, DirtClass>();
  for (const [code, units] of unitsOfCode) {
    const posts = units.flatMap((unit) => first.posts.get(unit) ?? []);
    const hashed = profiles.get(code)?.hashed ?? false;
    for (const entry of dirtOf(seed, code, posts, (post) => spared.has(post.person.uid), hashed)) dirt.set(...entry);
  }
  return {
    seed,
    share: institutions(reference) / institutions(whole),
    reference,
    first,
    unitIndex: unitIndexes(first.schools.keys(), first.kindergartens.keys()),
    unitsOfCode,
    profiles,
    dirt,
    careFaults: careFaultsOf(seed, first, spared),
    spared,
    cast: chooseCast(seed, first),
    repertoire,
    names: nameMaker(reference.names, (name) => repertoire.holds(name)),
  };
}
