/** What happens in a night, and the world after it. */
import type { Kindergarten, LeaveReason, Post, Proposal, World } from './state.ts';

export type NightEvent =
  /** `approves` names the proposal (by post key) that this event brings into force. */
  | { type: 'hire'; post: Post; comeback: boolean; approves: string | null }
  /** `said` is the word of the old school, null when only the new one reports (R08); kindergartens always say 轉園. */
  | { type: 'move'; before: Post; after: Post; said: '轉出' | '轉校' | '轉園' | null; approves: string | null }
  /** `ahead`: told now, in force only from a later day. */
  | {
      type: 'end';
      before: Post;
      on: string;
      reason: LeaveReason;
      ahead: boolean;
      approves: string | null;
      updatedAt: string;
    }
  | { type: 'absence'; before: Post; on: string }
  | { type: 'return'; before: Post; on: string }
  | { type: 'change'; before: Post; after: Post; approves: string | null }
  | { type: 'vanish'; before: Post }
  | { type: 'propose'; proposal: Proposal }
  | { type: 'refuse'; proposal: Proposal }
  | { type: 'opening'; kindergarten: Kindergarten }
  | {
      type: 'institution';
      before: Kindergarten;
      after: Kindergarten;
      what: 'rename' | 'closure' | 'quasi-public' | 'review';
    };

/** The post as it stands after an end, an absence or a return. */
export function postAfter(event: Extract<NightEvent, { type: 'end' | 'absence' | 'return' }>): Post {
  if (event.type === 'end') {
    return { ...event.before, left: { on: event.on, reason: event.reason }, updatedAt: event.updatedAt };
  }
  return { ...event.before, onLeaveSince: event.type === 'absence' ? event.on : null };
}

export function applyNight(world: World, night: number, events: readonly NightEvent[]): World {
  const posts = new Map(world.posts);
  const copied = new Set<string>();
  const proposals = new Map(world.proposals);
  const kindergartens = new Map(world.kindergartens);
  const vanished = new Set(world.vanished);
  const created = new Map(world.created);
  const touched = new Map(world.touched);
  const own = (unit: string): Post[] => {
    if (!copied.has(unit)) posts.set(unit, [...(posts.get(unit) ?? [])]);
    copied.add(unit);
    return posts.get(unit) as Post[];
  };
  const count = (unit: string): void => void created.set(unit, (created.get(unit) ?? 0) + 1);
  const add = (post: Post): void => {
    touched.set(post.key, night);
    own(post.unit).push(post);
  };
  const replace = (post: Post): void => {
    touched.set(post.key, night);
    const list = own(post.unit);
    list[list.findIndex((p) => p.key === post.key)] = post;
  };
  for (const event of events) {
    switch (event.type) {
      case 'hire':
        add(event.post);
        if (event.approves === null) count(event.post.unit);
        else proposals.delete(event.approves);
        break;
      case 'move': {
        const reason = event.said === '轉園' ? '轉園' : '轉校';
        replace({ ...event.before, left: { on: event.after.since, reason }, updatedAt: event.after.updatedAt });
        add(event.after);
        if (event.approves === null) count(event.after.unit);
        else for (const key of [event.before.key, event.after.key]) proposals.delete(key);
        break;
      }
      case 'end':
      case 'absence':
      case 'return':
        replace(postAfter(event));
        if (event.type === 'end' && event.approves) proposals.delete(event.approves);
        break;
      case 'change':
        replace(event.after);
        if (event.approves) proposals.delete(event.approves);
        break;
      case 'vanish':
        vanished.add(event.before.key);
        break;
      case 'propose':
        if (!own(event.proposal.post.unit).some((p) => p.key === event.proposal.post.key))
          count(event.proposal.post.unit);
        proposals.set(event.proposal.post.key, event.proposal);
        break;
      case 'refuse':
        proposals.set(event.proposal.post.key, event.proposal);
        break;
      case 'opening':
        kindergartens.set(event.kindergarten.sid, event.kindergarten);
        break;
      case 'institution':
        kindergartens.set(event.after.sid, event.after);
        break;
    }
  }
  return { ...world, night, posts, proposals, kindergartens, vanished, created, touched };
}
