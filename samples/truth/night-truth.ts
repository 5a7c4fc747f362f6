/**
 * The generator's own books for a night: what the pipeline should find, told from the events and not from the files. People are
 * named by institution and name (unique there); the identifier is for tests in memory and is left out when the books are written.
 */
import { accountDeliveries, accountsAt, headlessSchool } from '../inbox/accounts.ts';
import { type Delivery, rosterDeliveries } from '../inbox/roster-deliveries.ts';
import { type Chapter, type Chronicle, openChronicle } from '../world/chronicle.ts';
import { AFTER_NIGHT, CLOSING_NIGHT, CUT_OFF, instant, nightOf } from '../world/clocks.ts';
import type { NightEvent } from '../world/event.ts';
import { codeOf, type Post, sectionOf } from '../world/state.ts';
import { neverShown } from './never-shown.ts';
import type { FileTruth, NightTruth, PersonAt } from './night-truth-shape.ts';
import { standing } from './standing.ts';

const at = (post: Post): PersonAt => ({
  institutionCode: codeOf(post.unit),
  section: sectionOf(post.unit),
  name: post.person.name,
  id: post.person.id,
});

/** An approved version of the record was shown on an earlier night: it stood there, and not as under review since the first load. */
function approvedBefore(chronicle: Chronicle, chapter: Chapter, key: string, unit: string): boolean {
  if (chapter.index === 0 || neverShown(chronicle, chapter.index - 1, key)) return false;
  return chapter.before.posts.get(unit)?.some((post) => post.key === key) ?? false;
}

function staffChanges(truth: NightTruth, chronicle: Chronicle, chapter: Chapter, event: NightEvent): void {
  switch (event.type) {
    case 'hire': {
      const { post, comeback } = event;
      truth.hires.push({ ...at(post), title: post.title, comeback, firstApproved: false, effectiveOn: post.since });
      break;
    }
    case 'move': {
      const from = { institutionCode: codeOf(event.before.unit), section: sectionOf(event.before.unit) };
      truth.moves.push({ ...at(event.after), from, oldSchoolSays: event.said, effectiveOn: event.after.since });
      break;
    }
    case 'end':
      truth[event.ahead ? 'announced' : 'leaves'].push({
        ...at(event.before),
        reason: event.reason,
        effectiveOn: event.on,
      });
      break;
    case 'absence':
      truth.absences.push({ ...at(event.before), effectiveOn: event.on });
      break;
    case 'return':
      truth.returns.push({ ...at(event.before), effectiveOn: event.on });
      break;
    case 'vanish':
      truth.missing.push(at(event.before));
      break;
    case 'change': {
      const { before, after } = event;
      if (event.approves && !approvedBefore(chronicle, chapter, after.key, after.unit)) {
        const base = { comeback: false, firstApproved: true, effectiveOn: after.since };
        truth.hires.push({ ...at(after), title: after.title, ...base });
        break;
      }
      const field = before.title === after.title ? 'subjects' : 'title';
      const text = (post: Post): string => (field === 'title' ? post.title : post.subjects.join('、'));
      truth.changes.push({ ...at(after), field, from: text(before), to: text(after) });
      break;
    }
    default:
  }
}

function institutionChanges(truth: NightTruth, chapter: Chapter): void {
  for (const event of chapter.events) {
    if (event.type === 'opening') {
      const { sid, name } = event.kindergarten;
      truth.institutions.openings = [...(truth.institutions.openings ?? []), { sid, name }];
    }
    if (event.type !== 'institution') continue;
    const { before, after, what } = event;
    if (what === 'rename') truth.institutions.renames.push({ sid: after.sid, from: before.name, to: after.name });
    if (what === 'closure') truth.institutions.closures.push({ sid: after.sid, name: after.name });
    if (what === 'quasi-public') truth.institutions.quasiPublic.push({ sid: after.sid, name: after.name });
  }
  for (const { sid, name, proposed } of chapter.world.kindergartens.values()) {
    if (!proposed) continue;
    const staff = chapter.world.posts.get(sid)?.length ?? 0;
    const newTonight = !chapter.before.kindergartens.get(sid)?.proposed;
    truth.institutions.underReview.push({ sid, name, staff, newTonight });
  }
}

function accountChanges(truth: NightTruth, chronicle: Chronicle, changed: readonly Delivery[]): void {
  const { setting } = chronicle;
  truth.accounts.withoutHead.push(headlessSchool(setting));
  if (truth.index === 0) return;
  for (const { code } of changed) {
    const before = new Map(accountsAt(setting, code, truth.index - 1).map((a) => [a.accountName, a]));
    for (const { accountName, kind, state } of accountsAt(setting, code, truth.index)) {
      const old = before.get(accountName);
      if (!old) truth.accounts.added.push({ code, accountName, kind, state });
      else if (old.state !== state) truth.accounts.changed.push({ code, accountName, from: old.state, to: state });
    }
  }
}

function cutOffPeople(truth: NightTruth, rosters: readonly Delivery[]): void {
  for (const { lines, arrival } of rosters) {
    for (const { post, registeredAt } of lines) {
      if (!registeredAt) continue;
      const before = instant(registeredAt) < instant(CUT_OFF);
      const impossible = instant(registeredAt) > instant(arrival);
      if (truth.index === CLOSING_NIGHT && impossible) truth.registeredInFuture.push(at(post));
      if (truth.index === AFTER_NIGHT && before && registeredAt >= '2024-08-02')
        truth.claimsBeforeCutOff.push(at(post));
    }
  }
}

const fileTruth = ({ inbox, code, path, arrival, complete, again, profile, table }: Delivery): FileTruth => ({
  inbox,
  code,
  path,
  arrival,
  complete,
  ...(again && { again }),
  format: profile.format,
  read: table.rows,
  faults: table.notes,
});

const empty = (index: number): NightTruth => ({
  index,
  clock: nightOf(index).clock,
  hires: [],
  moves: [],
  leaves: [],
  announced: [],
  absences: [],
  returns: [],
  changes: [],
  pending: [],
  missing: [],
  institutions: { renames: [], closures: [], quasiPublic: [], underReview: [] },
  accounts: { added: [], changed: [], withoutHead: [] },
  registeredInFuture: [],
  claimsBeforeCutOff: [],
  read: { institutions: 0, staff: 0, files: [] },
  standing: { schoolPosts: 0, kindergartenPosts: 0, people: 0 },
});

/** @param clock one of the rehearsal's moments, or any other: then the night whose state holds. */
export function nightTruth(chronicle: Chronicle, clock: string): NightTruth {
  const chapter = chronicle.chapter(chronicle.nightAt(clock));
  const truth = empty(chapter.index);
  for (const event of chapter.events) staffChanges(truth, chronicle, chapter, event);
  for (const [key, { post, changeType, review }] of chapter.world.proposals) {
    const before = approvedBefore(chronicle, chapter, key, post.unit);
    const newTonight = !chapter.before.proposals.has(key);
    truth.pending.push({ ...at(post), changeType, review, approvedBefore: before, newTonight });
  }
  institutionChanges(truth, chapter);
  const rosters = rosterDeliveries(chronicle, chapter.index);
  const accounts = accountDeliveries(chronicle, chapter.index);
  accountChanges(truth, chronicle, accounts);
  cutOffPeople(truth, rosters);
  const { world } = chapter;
  const shown = [...world.posts].filter(([unit]) => !unit.includes(':')).flatMap(([, posts]) => posts);
  const present = new Set(shown.filter((post) => !world.vanished.has(post.key)).map((post) => post.key));
  for (const key of world.proposals.keys()) present.add(key);
  truth.read = {
    institutions: world.kindergartens.size,
    staff: present.size,
    files: [...rosters, ...accounts].map(fileTruth),
  };
  truth.standing = standing(chronicle, chapter);
  return truth;
}

/** The truth of one night of a seed; where more than one is wanted, `nightTruth` over one chronicle is faster. */
export const worldTruth = (seed: number | string, index: number): NightTruth =>
  nightTruth(openChronicle(seed, { last: Math.max(index, AFTER_NIGHT) }), nightOf(index).clock);
