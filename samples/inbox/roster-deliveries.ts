/** The roster files of a night: who sends one, which kind, and when it arrives. */
import type { Chapter, Chronicle } from '../world/chronicle.ts';
import { FIRST_DAYS, nightOf } from '../world/clocks.ts';
import { fraction, random } from '../world/random.ts';
import type { Roles } from '../world/school-night.ts';
import type { Setting } from '../world/setting.ts';
import { extensionOf } from './encode.ts';
import type { Profile } from './profile.ts';
import { changeLines, completeLines, type Said, saidTonight } from './roster-lines.ts';
import { rosterTable } from './roster-table.ts';
import type { RosterLine } from './roster-values.ts';
import type { Table } from './table.ts';

export interface Delivery {
  inbox: 'roster' | 'accounts';
  code: string;
  /** Below the inbox. */
  path: string;
  /** Becomes the file's modification time. */
  arrival: string;
  complete: boolean;
  profile: Profile;
  table: Table;
  /** Posts that the rows speak of, and the 登錄時間 that the file gives them. */
  lines: readonly RosterLine[];
  /** The bytes of a file that the school had sent before: of its newest one, or of an older one. */
  again: 'newest' | 'older' | null;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** Moments of the files that test the cut-off (R06, R24). */
function roleArrival(roles: Roles, code: string): string | null {
  if (code === roles.lastSecond) return '2024-08-02T16:59:59+08:00';
  if (code === roles.registered) return '2024-08-02T16:40:00+08:00';
  if (code === roles.onTheDot) return '2024-08-02T17:00:00+08:00';
  return code === roles.claimsEarlier ? '2024-08-02T18:30:00+08:00' : null;
}

const AROUND_CUT_OFF = [
  '2024-08-02T15:10:00+08:00',
  '2024-08-02T16:59:59+08:00',
  '2024-08-02T17:00:00+08:00',
  '2024-08-02T17:20:00+08:00',
];

export function arrivalOf(setting: Setting, index: number, code: string, inbox: string): string {
  const rng = random(`${setting.seed}/arrival/${index}/${inbox}/${code}`);
  const { staged } = nightOf(index);
  const day = index === 0 ? rng.pick(FIRST_DAYS) : staged.day;
  return `${day}T${two(rng.between(staged.fromHour, staged.untilHour))}:${two(rng.between(0, 59))}:${two(rng.between(0, 59))}+08:00`;
}

export function filePath(profile: Profile, stem: string, index: number, arrival: string): string {
  const stamp = `${Number(arrival.slice(0, 4)) - 1911}${arrival.slice(5, 7)}${arrival.slice(8, 10)}-${arrival.slice(11, 16).replace(':', '')}`;
  const name = `${stem}${index === 0 ? '' : `-${stamp}`}.${extensionOf(profile)}`;
  return profile.layout === 'folder' ? `${profile.code}/${name}` : `${profile.code}-${name}`;
}

/** 登錄時間 of each row, in files that have the column: long ago for what did not change, shortly before the arrival for what did. */
function registered(
  lines: readonly RosterLine[],
  told: ReadonlySet<string>,
  delivery: { role: boolean; arrival: string; profile: Profile },
): RosterLine[] {
  const { role, arrival, profile } = delivery;
  if (!role && !profile.columns.some((use) => use.column === '登錄時間')) return [...lines];
  return lines.map((line, i) => {
    if (role) return { ...line, registeredAt: AROUND_CUT_OFF[i % AROUND_CUT_OFF.length] };
    const day = two(1 + Math.floor(fraction(`registered/${line.post.key}`) * 19));
    return { ...line, registeredAt: told.has(line.post.key) ? arrival : `2024-07-${day}T10:30:00+08:00` };
  });
}

const stemOf = (complete: boolean): string => (complete ? '教師名冊' : '教師異動名冊');

function rosterDelivery(
  setting: Setting,
  chapter: Chapter,
  code: string,
  said: ReadonlyMap<string, Said[]>,
  mustBeComplete: boolean,
): Delivery {
  const { index, roles } = chapter;
  const profile = setting.profiles.get(code) as Profile;
  const units = setting.unitsOfCode.get(code) ?? [];
  const role = roleArrival(roles, code);
  const complete =
    index === 0 || mustBeComplete || (role === null && fraction(`${setting.seed}/complete/${index}/${code}`) < 0.45);
  const arrival = role ?? arrivalOf(setting, index, code, 'roster');
  const told = units.flatMap((unit) => said.get(unit) ?? []);
  const plain = complete
    ? units.flatMap((unit) => completeLines(setting, chapter, unit, said.get(unit) ?? [], profile.marksHires))
    : changeLines(told, nightOf(index).effective);
  const dated = code === roles.registered || code === roles.claimsEarlier;
  const lines = registered(plain, new Set(told.map((one) => one.post.key)), { role: dated, arrival, profile });
  const schoolName = chapter.world.schools.get(units[0] ?? '')?.name ?? '';
  const { repertoire } = setting;
  const table = rosterTable({ profile, schoolName, complete, sections: units.length, lines, repertoire });
  const path = filePath(profile, stemOf(complete), index, arrival);
  return { inbox: 'roster', code, path, arrival, complete, profile, table, lines, again: null };
}

const codeOfUnit = (unit: string): string => unit.slice(0, unit.indexOf(':'));

/** Why a school sends a roster on a night: it has something to say (with somebody gone without a word it must be complete), or it only has the habit. */
type Cause = 'says' | 'lacks' | 'unchanged';

/** Schools that send a roster of their own making; on the first night all of them. */
function sendersOf(chronicle: Chronicle, index: number): Map<string, Cause> {
  const { setting } = chronicle;
  const { events } = chronicle.chapter(index);
  const saying = new Set([...saidTonight(events).keys()].map(codeOfUnit));
  const lacking = new Set(events.flatMap((e) => (e.type === 'vanish' ? [codeOfUnit(e.before.unit)] : [])));
  const unchanged = nightOf(index).habits?.unchanged ?? 0;
  const causeOf = (code: string): Cause | null => {
    if (lacking.has(code)) return 'lacks';
    if (index === 0 || saying.has(code)) return 'says';
    return fraction(`${setting.seed}/unchanged/${index}/${code}`) < unchanged ? 'unchanged' : null;
  };
  return new Map(
    [...setting.unitsOfCode.keys()].flatMap((code): [string, Cause][] => {
      const cause = causeOf(code);
      return cause === null ? [] : [[code, cause]];
    }),
  );
}

/** Schools that send a file once more which they had sent before; half of them their newest one. */
function resentOn(chronicle: Chronicle, index: number, senders: ReadonlyMap<string, Cause>): Delivery[] {
  const { setting } = chronicle;
  const resent = nightOf(index).habits?.resent ?? 0;
  const codes = [...setting.unitsOfCode.keys()].filter(
    (code) => !senders.has(code) && fraction(`${setting.seed}/resent/${index}/${code}`) < resent,
  );
  return codes.map((code) => {
    const nights = Array.from({ length: index }, (_, n) => n).filter((n) => sendersOf(chronicle, n).has(code));
    const older = nights.length > 1 && fraction(`${setting.seed}/resent-older/${index}/${code}`) < 0.5;
    const night = nights.at(older ? -2 : -1) as number;
    const before = sentBy(chronicle, night, code);
    const arrival = arrivalOf(setting, index, code, 'roster');
    const path = filePath(before.profile, stemOf(before.complete), index, arrival);
    return { ...before, path, arrival, again: older ? 'older' : 'newest' };
  });
}

function sentBy(chronicle: Chronicle, index: number, code: string): Delivery {
  const chapter = chronicle.chapter(index);
  const cause = sendersOf(chronicle, index).get(code);
  return rosterDelivery(chronicle.setting, chapter, code, saidTonight(chapter.events), cause !== 'says');
}

/** On the first night every school; on later nights those with something to say, and some others. */
export function rosterDeliveries(chronicle: Chronicle, index: number): Delivery[] {
  const { setting } = chronicle;
  const chapter = chronicle.chapter(index);
  const said = saidTonight(chapter.events);
  const senders = sendersOf(chronicle, index);
  const own = [...senders].map(([code, cause]) => rosterDelivery(setting, chapter, code, said, cause !== 'says'));
  return [...own, ...resentOn(chronicle, index, senders)];
}
