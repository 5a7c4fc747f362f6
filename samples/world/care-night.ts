/**
 * The events of one night in the care system: what was approved, proposed, refused; and the institutions themselves. Nothing is
 * approved on the day of the cut-off before 17:00, so the closing run finds the care system as the night before left it.
 */
import { CLOSING_NIGHT } from './clocks.ts';
import type { Draft } from './draft.ts';
import type { NightEvent } from './event.ts';
import { opening } from './opening.ts';
import { type CareScale, careScale } from './scale.ts';
import type { Kindergarten, LeaveReason, Post, Proposal } from './state.ts';

const TEACHING = ['教師', '教保員', '助理教保員'] as const;
const teaches = (post: Post): boolean => (TEACHING as readonly string[]).includes(post.title);

function otherTitle(draft: Draft, post: Post): Post {
  const title = draft.rng.pick(TEACHING.filter((t) => t !== post.title));
  return { ...post, title, updatedAt: draft.moment() };
}

/** What was proposed on an earlier night and is decided tonight. A leave that was never shown approved is left undecided. */
function decisions(draft: Draft, refusals: number): NightEvent[] {
  const open = [...draft.world.proposals.values()].filter((p) => p.review === '異動待審');
  const singles = draft.rng.shuffled(open.filter((p) => p.pair === null));
  const refused = singles.slice(0, refusals).map(({ post, ...rest }): NightEvent => {
    return { type: 'refuse', proposal: { ...rest, post: { ...post, updatedAt: draft.moment() }, review: '退件' } };
  });
  const approved = singles
    .slice(refusals)
    .filter((p) => draft.rng.chance(0.6) && !(p.changeType === '離職' && p.post.updatedAt < '2024-07-30'))
    .map((p) => approval(draft, p));
  const pairs = new Map<string, Proposal[]>();
  for (const p of open) if (p.pair) pairs.set(p.pair, [...(pairs.get(p.pair) ?? []), p]);
  const moved = [...pairs.values()].map((pair): NightEvent => {
    const left = pair.find((p) => p.changeType === '離職')?.post;
    const arrived = pair.find((p) => p.changeType === '新進')?.post;
    const before = draft.world.posts.get(left?.unit ?? '')?.find((p) => p.key === left?.key);
    if (!before || !arrived) throw new Error('a proposed 轉園 lost one of its halves');
    const after = { ...arrived, updatedAt: draft.moment() };
    return { type: 'move', before, after, said: '轉園', approves: after.key };
  });
  return [...refused, ...approved, ...moved];
}

function approval(draft: Draft, { post, changeType }: Proposal): NightEvent {
  const after = { ...post, updatedAt: draft.moment() };
  const before = draft.world.posts.get(post.unit)?.find((p) => p.key === post.key);
  if (changeType === '新進' || !before) return { type: 'hire', post: after, comeback: false, approves: post.key };
  if (changeType === '異動') return { type: 'change', before, after, approves: post.key };
  const { on, reason } = post.left ?? { on: draft.night.effective, reason: '離職' };
  return { type: 'end', before, on, reason, ahead: false, approves: post.key, updatedAt: after.updatedAt };
}

function proposals(draft: Draft, scale: CareScale, sids: readonly string[]): NightEvent[] {
  const list: Proposal[] = [];
  const propose = (post: Post, changeType: Proposal['changeType'], pair: string | null = null): void => {
    list.push({ post, changeType, review: '異動待審', pair });
  };
  const leaving = (post: Post, reason: LeaveReason): Post => ({
    ...post,
    left: { on: draft.night.effective, reason },
    updatedAt: draft.moment(),
  });
  for (let i = 0; i < scale.pendingHires; i++) {
    propose(draft.carePost(draft.rng.pick(sids), draft.rng.pick(TEACHING), null), '新進');
  }
  for (const post of draft.take(scale.pendingLeaves, teaches, true)) propose(leaving(post, '離職'), '離職');
  for (const post of draft.take(scale.pendingEdits, teaches)) propose(otherTitle(draft, post), '異動');
  for (const before of draft.take(scale.pendingMoves, teaches, true)) {
    const to = draft.destination(sids, before.person, before.unit);
    if (!to) continue;
    propose(leaving(before, '轉園'), '離職', before.key);
    propose(draft.carePost(to, before.title, before.person), '新進', before.key);
  }
  return list.map((proposal) => ({ type: 'propose', proposal }));
}

function staffEvents(draft: Draft, scale: CareScale, sids: readonly string[]): NightEvent[] {
  const events: NightEvent[] = [];
  const end = (before: Post, reason: LeaveReason): void => {
    const { effective } = draft.night;
    const base = { type: 'end', ahead: false, approves: null } as const;
    events.push({ ...base, before, on: effective, reason, updatedAt: draft.moment() });
  };
  for (const before of draft.take(scale.moves, teaches, true)) {
    const to = draft.destination(sids, before.person, before.unit);
    if (!to) continue;
    const after = draft.carePost(to, before.title, before.person);
    events.push({ type: 'move', before, after, said: '轉園', approves: null });
  }
  for (const post of draft.take(scale.retirements, (p) => p.person.birth < '1975', true)) end(post, '退休');
  for (const post of draft.take(scale.resignations, () => true, true)) end(post, '離職');
  for (let i = 0; i < scale.hires; i++) {
    const post = draft.carePost(draft.rng.pick(sids), draft.rng.pick(TEACHING), null);
    events.push({ type: 'hire', post, comeback: false, approves: null });
  }
  for (const before of draft.take(scale.titles, teaches)) {
    events.push({ type: 'change', before, after: otherTitle(draft, before), approves: null });
  }
  for (const before of draft.take(scale.vanished, () => true, true)) events.push({ type: 'vanish', before });
  return events;
}

/** Two of the closing kindergarten's six leave on each of nights 1 to 3; then it is closed. */
function closing(draft: Draft, index: number): NightEvent[] {
  const { closing: sid } = draft.setting.cast;
  const kindergarten = draft.world.kindergartens.get(sid);
  if (!kindergarten || index < 1 || index > 3) return [];
  const staff = (draft.world.posts.get(sid) ?? []).slice(6 - index * 2, 8 - index * 2);
  const events = staff.map((before): NightEvent => {
    const base = { type: 'end', ahead: false, approves: null } as const;
    return { ...base, before, on: draft.night.effective, reason: '離職', updatedAt: draft.moment() };
  });
  if (index < 3) return events;
  const after: Kindergarten = { ...kindergarten, status: '停辦', updatedAt: draft.moment() };
  return [...events, { type: 'institution', before: kindergarten, after, what: 'closure' }];
}

const renamed = (name: string, word: string): string => name.replace(/幼兒園$/, `${word}幼兒園`);

/** The two kindergartens that are themselves under review. */
function reviews(draft: Draft, index: number): NightEvent[] {
  const { waiting, renaming } = draft.setting.cast;
  const [waits, renames] = [waiting, renaming].map((sid) => draft.world.kindergartens.get(sid));
  if (!waits || !renames) throw new Error('the cast of the rehearsal is not among the kindergartens');
  const propose = (before: Kindergarten): NightEvent => {
    const updatedAt = draft.moment();
    const after = { ...before, proposed: { name: renamed(before.name, '新苗'), updatedAt }, updatedAt };
    return { type: 'institution', before, after, what: 'review' };
  };
  if (index === 0) return [propose(waits)];
  if (index === 1) return [propose(renames)];
  if (index !== 3 || !renames.proposed) return [];
  const after = { ...renames, name: renames.proposed.name, proposed: null, updatedAt: draft.moment() };
  return [{ type: 'institution', before: renames, after, what: 'rename' }];
}

function institutionEvents(draft: Draft, scale: CareScale, index: number): NightEvent[] {
  const usual = [...draft.world.kindergartens.values()].filter(
    (k) =>
      k.ownership === '私立' &&
      !k.quasiPublic &&
      !Object.values(draft.setting.cast).includes(k.sid) &&
      /^臺中市私立.{2,6}幼兒園$/.test(k.name) &&
      !k.name.includes('欣禾'),
  );
  const chosen = draft.rng.shuffled(usual).slice(0, scale.renames + scale.quasiPublic);
  const updated = (k: Kindergarten, changes: Partial<Kindergarten>): Kindergarten => ({
    ...k,
    ...changes,
    updatedAt: draft.moment(),
  });
  const changes = chosen.map(
    (before, i): NightEvent =>
      i < scale.renames
        ? {
            type: 'institution',
            before,
            after: updated(before, { name: renamed(before.name, '欣禾') }),
            what: 'rename',
          }
        : { type: 'institution', before, after: updated(before, { quasiPublic: true }), what: 'quasi-public' },
  );
  return [...changes, ...reviews(draft, index), ...closing(draft, index)];
}

export function careNight(draft: Draft, index: number): NightEvent[] {
  const { setting, night } = draft;
  const scale = careScale({ seed: setting.seed, index, night, share: setting.share });
  const apart = Object.values(draft.setting.cast);
  const sids = [...draft.world.kindergartens.keys()].filter((sid) => !apart.includes(sid));
  const decided = index === 0 || index === CLOSING_NIGHT || night.closed ? [] : decisions(draft, scale.refusals);
  const proposed = proposals(draft, scale, sids);
  const events = [
    ...decided,
    ...staffEvents(draft, scale, sids),
    ...proposed,
    ...institutionEvents(draft, scale, index),
    ...Array.from({ length: scale.openings }, () => opening(draft)).flat(),
  ];
  if (index > 0) return events;
  // On the first night one proposal stands there refused already.
  const first = proposed.find((e) => e.type === 'propose' && e.proposal.changeType === '異動');
  if (first?.type !== 'propose') return events;
  return [...events, { type: 'refuse', proposal: { ...first.proposal, review: '退件' } }];
}
