/** The world before the first night: every institution with its staff, part-timers at a second school, shared principals. */
import { Big5Repertoire } from './big5.ts';
import { makeKindergartens } from './kindergarten-facts.ts';
import { carePost, makeKindergartenStaff } from './kindergarten-staff.ts';
import { nameMaker } from './names.ts';
import { random } from './random.ts';
import type { Reference } from './reference.ts';
import { makeSchoolRoster } from './school-roster.ts';
import type { Kindergarten, Post, SchoolUnit, World } from './state.ts';
import { PART_TIME } from './titles.ts';

/** Place of every institution among all, schools first, in the order of the lists. */
export function unitIndexes(schools: Iterable<string>, kindergartens: Iterable<string>): Map<string, number> {
  return new Map([...schools, ...kindergartens].map((key, i) => [key, i]));
}

const namesOf = (posts: readonly Post[]): Set<string> => new Set(posts.map((post) => post.person.name));

/** About one school in three lends a teacher to another of its section and district: 主聘=否 there. */
function addPartTimers(seed: string, schools: readonly SchoolUnit[], posts: Map<string, Post[]>): void {
  for (const home of schools) {
    const rng = random(`${seed}/part-time/${home.key}`);
    if (!rng.chance(0.35)) continue;
    const others = schools.filter(
      (s) => s.section === home.section && s.district === home.district && s.code !== home.code,
    );
    const candidates = (posts.get(home.key) ?? []).filter(
      (post) => post.primary && post.kind === 7 && !post.onLeaveSince,
    );
    if (others.length === 0 || candidates.length === 0) continue;
    const lent = rng.pick(candidates);
    const host = rng.pick(others);
    const there = posts.get(host.key) ?? [];
    if (namesOf(there).has(lent.person.name)) continue;
    const key = `${host.key}/part-time-${home.code}`;
    there.push({ ...lent, key, unit: host.key, ...PART_TIME, primary: false, since: '2023-08-01' });
  }
}

/**
 * The principal of a school is the person in charge of its attached kindergarten; in one of four the care system also keeps
 * the principal among the staff. One person in two feeds: the school path wins.
 */
function sharePrincipals(
  seed: string,
  kindergartens: readonly Kindergarten[],
  posts: Map<string, Post[]>,
  indexes: ReadonlyMap<string, number>,
): Kindergarten[] {
  return kindergartens.map((kindergarten) => {
    const staff = posts.get(kindergarten.sid) ?? [];
    const school = posts.get(`${kindergarten.parentSchoolCode}:國小`) ?? [];
    const principal = school.find((post) => post.kind === 1);
    if (!principal) return { ...kindergarten, principal: staff[0]?.person.name ?? null };
    const rng = random(`${seed}/principal/${kindergarten.sid}`);
    if (rng.chance(0.25) && principal.person.idKind === 'national' && !namesOf(staff).has(principal.person.name)) {
      const unitIndex = indexes.get(kindergarten.sid) ?? 0;
      const { since, updatedAt } = staff[0] as Post;
      const wish = { sid: kindergarten.sid, unitIndex, title: '園長', since, updatedAt };
      staff.push(carePost(rng, principal.person, staff.length, wish));
    }
    return { ...kindergarten, principal: principal.person.name };
  });
}

export function firstWorld(seed: string, reference: Reference): World {
  const repertoire = new Big5Repertoire();
  const names = nameMaker(reference.names, (name) => repertoire.holds(name));
  const schools: SchoolUnit[] = reference.schools;
  const bare = makeKindergartens(seed, reference.kindergartens, reference.schools);
  const indexes = unitIndexes(
    schools.map((s) => s.key),
    bare.map((k) => k.sid),
  );
  const posts = new Map<string, Post[]>();
  for (const fact of reference.schools)
    posts.set(fact.key, makeSchoolRoster(seed, fact, indexes.get(fact.key) ?? 0, names));
  for (const one of bare) posts.set(one.sid, makeKindergartenStaff(seed, one, indexes.get(one.sid) ?? 0, names));
  const created = new Map([...posts].map(([unit, list]) => [unit, list.length]));
  addPartTimers(seed, schools, posts);
  const kindergartens = sharePrincipals(seed, bare, posts, indexes);
  for (const [unit, list] of posts) created.set(unit, Math.max(created.get(unit) ?? 0, list.length));
  return {
    night: -1,
    schools: new Map(schools.map((s) => [s.key, s])),
    kindergartens: new Map(kindergartens.map((k) => [k.sid, k])),
    posts,
    proposals: new Map(),
    vanished: new Set(),
    created,
    touched: new Map(),
  };
}
