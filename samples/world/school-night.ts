/** The events of one night at the schools. */
import { AFTER_NIGHT, CLOSING_NIGHT } from './clocks.ts';
import type { Draft } from './draft.ts';
import type { NightEvent } from './event.ts';
import { type SchoolScale, schoolScale } from './scale.ts';
import { teacherSubjects } from './school-roster.ts';
import { codeOf, isStanding, type Post, sectionOf } from './state.ts';
import { HOMEROOM, PART_TIME, SECTION_CHIEFS, SUBJECT_TEACHER, SUBSTITUTE, type TitleChoice } from './titles.ts';

/** Schools whose files of the closing day test the cut-off; null on other nights. */
export interface Roles {
  /** Arrives at 16:59:59. */
  lastSecond: string | null;
  /** Arrives before the cut-off with 登錄時間 on both sides of its arrival and of the cut-off: what lies after the arrival cannot be. */
  registered: string | null;
  /** Arrives at 17:00:00 exactly: too late. */
  onTheDot: string | null;
  /** Arrives after the cut-off and claims 登錄時間 before it. */
  claimsEarlier: string | null;
}

type Said = '轉出' | '轉校' | null;
const NONE: Roles = { lastSecond: null, registered: null, onTheDot: null, claimsEarlier: null };

const newDuty = (draft: Draft): TitleChoice =>
  draft.rng.chance(0.4) ? draft.rng.pick(SUBSTITUTE) : draft.rng.pick([...HOMEROOM, ...SUBJECT_TEACHER]);

function otherDuty(draft: Draft, post: Post): TitleChoice {
  const all = [...HOMEROOM, ...SUBJECT_TEACHER, ...SECTION_CHIEFS].filter((duty) => duty.title !== post.title);
  return draft.rng.pick(all);
}

function otherSubjects(draft: Draft, post: Post): string[] {
  const before = [...post.subjects].sort().join();
  for (;;) {
    const subjects = teacherSubjects(draft.rng, sectionOf(post.unit), 7);
    if ([...subjects].sort().join() !== before) return subjects;
  }
}

/** A 代理教師 has no unit to move from; a 兼任教師 who gets one elsewhere keeps the post beside it. */
const movable = (post: Post): boolean =>
  post.kind !== 10 && post.kind !== PART_TIME.kind && sectionOf(post.unit) !== '特教';

/** Transfers stay within a section; the new-only ones (R08) silence the old school for the night, so that it says nothing. */
function moves(draft: Draft, units: readonly string[], count: number, said: () => Said): NightEvent[] {
  const events: NightEvent[] = [];
  for (let i = 0; i < count; i++) {
    const word = said();
    const mayBeSilent = (post: Post): boolean => word !== null || !draft.speaking.has(codeOf(post.unit));
    const [before] = draft.take(1, (post) => movable(post) && mayBeSilent(post), true);
    if (!before) break;
    if (word === null) draft.silent.add(codeOf(before.unit));
    const same = units.filter((unit) => sectionOf(unit) === sectionOf(before.unit));
    const to = draft.destination(same, before.person, before.unit);
    if (!to) continue;
    const duty = draft.rng.pick([...HOMEROOM, ...SUBJECT_TEACHER]);
    events.push({ type: 'move', before, after: draft.schoolPost(to, duty, before.person), said: word, approves: null });
  }
  return events;
}

function comebacks(draft: Draft, units: readonly string[], count: number): NightEvent[] {
  const retired = [...draft.world.posts.values()]
    .flat()
    .filter((post) => post.left?.reason === '退休' && post.kind !== null);
  // Who came back and retired again has retired twice.
  const once = [...new Map(retired.map((post) => [post.person.uid, post])).values()];
  return draft.rng
    .shuffled(once)
    .slice(0, count)
    .flatMap((old): NightEvent[] => {
      const to = draft.destination(
        units.filter((unit) => sectionOf(unit) === sectionOf(old.unit)),
        old.person,
        old.unit,
      );
      if (!to || [...draft.world.posts.values()].some((l) => l.some((p) => p.person === old.person && isStanding(p))))
        return [];
      const duty = draft.rng.chance(0.5) ? PART_TIME : (SUBSTITUTE[0] as TitleChoice);
      return [{ type: 'hire', post: draft.schoolPost(to, duty, old.person), comeback: true, approves: null }];
    });
}

function ends(draft: Draft, scale: SchoolScale): NightEvent[] {
  const end = (before: Post, reason: '離職' | '退休' | '代理期滿', on: string): NightEvent => {
    const ahead = on > draft.night.clock.slice(0, 10);
    return { type: 'end', before, on, reason, ahead, approves: null, updatedAt: before.updatedAt };
  };
  const { effective } = draft.night;
  const old = (post: Post): boolean => post.person.birth < '1975' && post.kind !== 10;
  return [
    ...draft.take(scale.retirements, old, true).map((p) => end(p, '退休', effective)),
    ...draft.take(scale.termEnds, (p) => p.kind === 10, true).map((p) => end(p, '代理期滿', effective)),
    ...draft.take(scale.resignations, (p) => p.kind !== 10, true).map((p) => end(p, '離職', effective)),
    ...draft.take(scale.ahead, (p) => p.kind !== 10, true).map((p) => end(p, '離職', draft.night.aheadOn)),
  ];
}

function cutOffRoles(draft: Draft, index: number): { roles: Roles; events: NightEvent[] } {
  if (index !== CLOSING_NIGHT && index !== AFTER_NIGHT) return { roles: NONE, events: [] };
  const usual = draft.setting.reference.schools.filter(
    (s) => s.section === '國小' && s.ownership === '公立' && (s.teachers ?? 0) > 30 && !draft.silent.has(s.code),
  );
  const [first, second] = draft.rng.shuffled(usual);
  if (!first || !second) throw new Error('no school is large enough for the cut-off files');
  const roles: Roles =
    index === CLOSING_NIGHT
      ? { ...NONE, lastSecond: first.code, registered: second.code }
      : { ...NONE, onTheDot: first.code, claimsEarlier: second.code };
  const newcomers = [first, first, second, second, second, second].map(
    ({ key }): NightEvent => ({
      type: 'hire',
      post: draft.schoolPost(key, newDuty(draft), null),
      comeback: false,
      approves: null,
    }),
  );
  return { roles, events: newcomers };
}

export function schoolNight(draft: Draft, index: number): { events: NightEvent[]; roles: Roles } {
  const { setting, night } = draft;
  const scale = schoolScale({ seed: setting.seed, index, night, share: setting.share });
  const units = [...draft.world.schools.keys()];
  const events: NightEvent[] = moves(draft, units, scale.movesNewOnly, () => null);
  const cutOff = cutOffRoles(draft, index);
  events.push(...cutOff.events);
  events.push(...moves(draft, units, scale.movesBoth, () => draft.rng.pick(['轉出', '轉校'] as const)));
  events.push(...ends(draft, scale), ...comebacks(draft, units, scale.comebacks));
  const open = units.filter((unit) => !draft.silent.has(codeOf(unit)));
  for (let i = 0; i < scale.hires; i++) {
    const post = draft.schoolPost(draft.rng.pick(open), newDuty(draft), null);
    events.push({ type: 'hire', post, comeback: false, approves: null });
  }
  for (const before of draft.take(scale.absences, (p) => p.kind !== 10)) {
    events.push({ type: 'absence', before, on: draft.night.effective });
  }
  const absent = [...draft.world.posts.values()].flat().filter((p) => p.onLeaveSince !== null && isStanding(p));
  const back = draft.rng
    .shuffled(absent)
    .filter(
      (p) =>
        p.onLeaveSince! < draft.night.settledBefore &&
        draft.isPlainName(p.person.name) &&
        !draft.silent.has(codeOf(p.unit)),
    );
  for (const before of back.filter((p) => draft.claim(p)).slice(0, scale.returns)) {
    events.push({ type: 'return', before, on: draft.night.effective });
  }
  for (const before of draft.take(scale.titles, () => true)) {
    events.push({ type: 'change', before, after: { ...before, ...otherDuty(draft, before) }, approves: null });
  }
  for (const before of draft.take(scale.subjects, () => true)) {
    events.push({
      type: 'change',
      before,
      after: { ...before, subjects: otherSubjects(draft, before) },
      approves: null,
    });
  }
  for (const before of draft.take(scale.vanished, () => true, true)) events.push({ type: 'vanish', before });
  return { events, roles: cutOff.roles };
}
