/** What the report of each night should say of people, institutions and accounts: told from the events, in the words of the report. */
import { accountDeliveries, accountsAt, HEAD_KIND } from '../inbox/accounts.ts';
import type { Chronicle } from '../world/chronicle.ts';
import type { NightEvent } from '../world/event.ts';
import type { Post } from '../world/state.ts';
import { corrected, PersonWords } from './person-words.ts';
import { type Told, toldOn } from './told.ts';

export interface ReportLine {
  /** `code:section`, or the care system's sid; of accounts the school's code. */
  unit: string;
  group: string;
  /** Of a person, an institution or an account. */
  name: string;
  /** Null where the events do not say: of accounts and institutions. */
  effective: string | null;
  detail: string | null;
}

/** The posts that an event tells of, as they stand after it, and whether the person serves there. */
function postsOf(event: NightEvent): { post: Post; serving: boolean; silent?: boolean }[] {
  switch (event.type) {
    case 'hire':
      return [{ post: event.post, serving: true }];
    case 'move':
      return [
        { post: event.before, serving: false, silent: event.said === null },
        { post: event.after, serving: true },
      ];
    case 'end':
      return [{ post: event.before, serving: event.ahead }];
    case 'absence':
    case 'return':
      return [{ post: event.before, serving: true }];
    case 'change':
      return [{ post: event.after, serving: true }];
    default:
      return [];
  }
}

const of = (post: Post) => ({ unit: post.unit, name: post.person.name });
const LEFT = '轉校';

function changed(before: Post, after: Post, effective: string): ReportLine {
  if (before.title !== after.title)
    return { ...of(after), group: '職稱異動', effective, detail: `${before.title} → ${after.title}` };
  const [was, is] = [before, after].map(({ subjects }) => subjects.join('、'));
  return { ...of(after), group: '任教科目異動', effective, detail: `${was} → ${is}` };
}

function staffLines(event: NightEvent, toldOf: (post: Post) => Told, known: (post: Post) => boolean): ReportLine[] {
  const line = (post: Post, group: string, effective: string): ReportLine => ({
    ...of(post),
    group,
    effective,
    detail: null,
  });
  switch (event.type) {
    case 'hire':
      return [line(event.post, '新進', toldOf(event.post).since)];
    case 'move': {
      const { before, after, said } = event;
      const { since } = toldOf(after);
      const own = said !== null && (said === '轉園' || after.since < since) ? after.since : since;
      return [line(before, LEFT, own), line(after, '轉入', since)];
    }
    case 'end':
      return [line(event.before, event.reason, event.on)];
    case 'absence':
      return [line(event.before, '留職停薪', event.on)];
    case 'return':
      return [line(event.before, '復職', event.on)];
    case 'change': {
      const { before, after } = event;
      const told = toldOf(after);
      return known(before) ? [changed(before, after, told.at.slice(0, 10))] : [line(after, '新進', told.since)];
    }
    default:
      return [];
  }
}

function institutionLines(event: NightEvent): ReportLine[] {
  if (event.type === 'opening') {
    const { sid, name } = event.kindergarten;
    return [{ unit: sid, group: '新增機構', name, effective: null, detail: null }];
  }
  if (event.type !== 'institution' || event.what === 'review') return [];
  const { before, after, what } = event;
  const told = {
    rename: ['更名', `名稱 ${before.name} → ${after.name}`],
    closure: ['停辦', `營運狀態 ${before.status} → ${after.status}`],
    'quasi-public': ['改為準公共', '準公共 否 → 是'],
  }[what];
  return [{ unit: after.sid, group: told[0] as string, name: after.name, effective: null, detail: told[1] as string }];
}

/** What a school's list can bring about by itself: of the account of a 總負責人 it can only ask (R18). */
function accountLines(chronicle: Chronicle, index: number): ReportLine[] {
  const { setting } = chronicle;
  return accountDeliveries(chronicle, index).flatMap(({ code }) => {
    const before = new Set(accountsAt(setting, code, index - 1).map(({ accountName }) => accountName));
    return accountsAt(setting, code, index)
      .filter(({ accountName, kind }) => !before.has(accountName) && kind !== HEAD_KIND)
      .map(
        ({ accountName, state }): ReportLine => ({
          unit: code,
          group: '新增帳號',
          name: accountName,
          effective: null,
          detail: state,
        }),
      );
  });
}

export interface NightLines {
  people: ReportLine[];
  institutions: ReportLine[];
  accounts: ReportLine[];
}

/** Of the nights from 0 to `last`, in order; the first load is counted in a report, not listed. */
export function reportLines(chronicle: Chronicle, last: number): NightLines[] {
  const { setting } = chronicle;
  const words = new PersonWords(setting);
  const hidden = chronicle.chapter(0).world.proposals;
  const shown = new Set<string>();
  const toldFirst = toldOn(chronicle, 0);
  for (const post of [...setting.first.posts.values()].flat()) {
    if (hidden.has(post.key)) continue;
    shown.add(post.key);
    words.say(post, true, toldFirst(post).at);
  }
  const nights: NightLines[] = [{ people: [], institutions: [], accounts: [] }];
  for (let index = 1; index <= last; index++) {
    const { events } = chronicle.chapter(index);
    const toldOf = toldOn(chronicle, index);
    const people = events.flatMap((event) => staffLines(event, toldOf, (post) => shown.has(post.key)));
    const serving = events.flatMap(postsOf).filter((one) => one.serving);
    const before = new Map(serving.map(({ post }) => [post.person.uid, words.known(post.person.uid)]));
    for (const { post, serving: serves, silent } of events.flatMap(postsOf)) {
      shown.add(post.key);
      words.say(post, serves, silent ? null : toldOf(post).at);
    }
    for (const { post } of serving) {
      const was = before.get(post.person.uid);
      const detail = was ? corrected(was, words.known(post.person.uid) ?? []) : null;
      if (detail !== null)
        people.push({ ...of(post), group: '資料更正', effective: toldOf(post).at.slice(0, 10), detail });
    }
    nights.push({
      people,
      institutions: events.flatMap(institutionLines),
      accounts: accountLines(chronicle, index),
    });
  }
  return nights;
}
