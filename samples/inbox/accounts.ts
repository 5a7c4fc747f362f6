/** Business accounts (業務帳號) of each school, night by night: made up. A name is never used twice (R19). */
import type { Chronicle } from '../world/chronicle.ts';
import { nightOf } from '../world/clocks.ts';
import { fraction, random } from '../world/random.ts';
import { schoolScale } from '../world/scale.ts';
import { accountHolders, type Setting } from '../world/setting.ts';
import type { Person } from '../world/state.ts';
import type { AccountColumn } from './aliases.ts';
import { writeMoment } from './dates.ts';
import type { Profile } from './profile.ts';
import { arrivalOf, type Delivery, filePath } from './roster-deliveries.ts';
import { glyphNote, legible, letterhead } from './roster-table.ts';
import { dateCell, hashedId, writeCode } from './roster-values.ts';
import type { Cell, Table } from './table.ts';

export interface Account {
  code: string;
  accountName: string;
  kind: string;
  holder: Person;
  state: '申請中' | '啟用' | '停用';
  enabledOn: string | null;
  lastLoginAt: string | null;
}

export const HEAD_KIND = '總負責人';
const OTHER_KINDS = ['研習承辦人', '課程登錄人員', '報表查詢人員'];

const nameOf = (code: string, number: number): string => `${code.toLowerCase()}a${String(number).padStart(2, '0')}`;

/** The one school without an active 總負責人 (R16). */
export const headlessSchool = (setting: Setting): string => {
  const codes = [...setting.unitsOfCode].filter(
    ([, units]) => (setting.first.posts.get(units[0] ?? '')?.length ?? 0) > 20,
  );
  return random(`${setting.seed}/headless`).pick(codes)[0];
};

interface Turns {
  /** In the order in which their accounts change; then the first is next again. */
  codes: readonly string[];
  /** How many had their turn before each night. */
  before: number[];
}
const turnsOfCity = new WeakMap<Setting, Turns>();

function turnsOf(setting: Setting): Turns {
  const known = turnsOfCity.get(setting);
  if (known) return known;
  const headless = headlessSchool(setting);
  const codes = random(`${setting.seed}/account-nights`).shuffled(
    [...setting.unitsOfCode.keys()].filter((code) => code !== headless),
  );
  const turns = { codes, before: [0] };
  turnsOfCity.set(setting, turns);
  return turns;
}

/** Schools whose accounts change on a night, one after the other through the whole city. */
function changingSchools(setting: Setting, index: number): { code: string; newHead: boolean }[] {
  const { codes, before } = turnsOf(setting);
  const countOf = (night: number): number =>
    schoolScale({ seed: setting.seed, index: night, night: nightOf(night), share: setting.share }).accounts;
  for (let n = before.length; n <= index; n++) before.push((before[n - 1] as number) + countOf(n - 1));
  const start = before[index] as number;
  const count = Math.min(countOf(index), codes.length);
  // Every other one; on ordinary nights, which have few, counted on from night to night.
  const first = nightOf(index).habits === null ? 0 : start;
  return Array.from({ length: count }, (_, i) => ({
    code: codes[(start + i) % codes.length] as string,
    newHead: (first + i) % 2 === 0,
  }));
}

function firstAccounts(setting: Setting, code: string): Account[] {
  const rng = random(`${setting.seed}/accounts/${code}`);
  const posts = (setting.unitsOfCode.get(code) ?? []).flatMap((unit) => setting.first.posts.get(unit) ?? []);
  const headless = headlessSchool(setting) === code;
  return accountHolders(posts, rng.between(2, 5)).map(({ person }, i): Account => {
    const state =
      i === 0 ? (headless ? '停用' : '啟用') : rng.chance(0.12) ? '停用' : rng.chance(0.06) ? '申請中' : '啟用';
    const used = state !== '申請中';
    const day = String(rng.between(10, 28));
    return {
      code,
      accountName: nameOf(code, i + 1),
      kind: i === 0 ? HEAD_KIND : rng.pick(OTHER_KINDS),
      holder: person,
      state,
      enabledOn: used ? `20${rng.between(16, 23)}-0${rng.between(1, 9)}-${day}` : null,
      lastLoginAt: used
        ? `2024-0${rng.between(1, 6)}-${day}T${rng.between(10, 17)}:${rng.between(10, 59)}:00+08:00`
        : null,
    };
  });
}

/** What changed at one school: a new 總負責人 takes over with an account of their own, or somebody applies for one. */
function changed(setting: Setting, accounts: Account[], code: string, newHead: boolean, day: string): Account[] {
  const posts = (setting.unitsOfCode.get(code) ?? []).flatMap((unit) => setting.first.posts.get(unit) ?? []);
  const holder = accountHolders(posts, accounts.length + 1)[accounts.length]?.person ?? accounts.at(-1)?.holder;
  if (!holder) return accounts;
  const base = { code, accountName: nameOf(code, accounts.length + 1), holder, lastLoginAt: null };
  if (!newHead) return [...accounts, { ...base, kind: OTHER_KINDS[0] as string, state: '申請中', enabledOn: null }];
  const without = accounts.map((a): Account => (a.kind === HEAD_KIND ? { ...a, state: '停用' } : a));
  return [...without, { ...base, kind: HEAD_KIND, state: '啟用', enabledOn: day }];
}

/** Accounts of a school as of a night, and how they stood the night before. */
export function accountsAt(setting: Setting, code: string, index: number): Account[] {
  let accounts = firstAccounts(setting, code);
  for (let night = 1; night <= index; night++) {
    const change = changingSchools(setting, night).find((one) => one.code === code);
    if (change) accounts = changed(setting, accounts, code, change.newHead, nightOf(night).enabledOn);
  }
  return accounts;
}

function accountCell(column: AccountColumn, account: Account, profile: Profile): Cell {
  switch (column) {
    case '學校代碼':
      return writeCode(account.code, profile);
    case '帳號':
      return account.accountName;
    case '帳號類別':
      return account.kind;
    case '身分證字號':
      return account.holder.id;
    case '身分證編碼':
      return hashedId(account.holder.id);
    case '姓名':
      return account.holder.name;
    case '狀態':
      return account.state;
    case '啟用日期':
      return account.enabledOn ? dateCell(account.enabledOn, profile, account.accountName) : '';
    case '最後登入':
      return account.lastLoginAt ? writeMoment(account.lastLoginAt, profile.momentStyle) : '';
  }
}

function accountTable(setting: Setting, profile: Profile, accounts: readonly Account[], schoolName: string): Table {
  const write = (cell: Cell): Cell => (typeof cell === 'string' ? legible(cell, profile, setting.repertoire) : cell);
  const head = letterhead(profile, schoolName, '業務帳號一覽', null).map((text): Cell[] => [write(text)]);
  const rows = accounts.map((account) =>
    profile.accountColumns.map(({ column }) => write(accountCell(column, account, profile))),
  );
  const firstRow = head.length + 2;
  const notes = accounts.flatMap((account, i) =>
    glyphNote(firstRow + i, account.holder.name, profile, setting.repertoire),
  );
  const cells = [...head, profile.accountColumns.map((use) => use.header), ...rows];
  return { cells, rows: rows.length, notes };
}

/** Complete account lists: of every school on the first night, of those with a change later. */
export function accountDeliveries(chronicle: Chronicle, index: number): Delivery[] {
  const { setting } = chronicle;
  const codes = index === 0 ? [...setting.unitsOfCode.keys()] : changingSchools(setting, index).map((one) => one.code);
  return codes.map((code) => {
    const profile = setting.profiles.get(code) as Profile;
    const arrival = arrivalOf(setting, index, code, 'accounts');
    const schoolName = setting.first.schools.get(setting.unitsOfCode.get(code)?.[0] ?? '')?.name ?? '';
    const table = accountTable(setting, profile, accountsAt(setting, code, index), schoolName);
    const path = filePath(
      profile,
      fraction(`account-file/${code}`) < 0.8 ? '業務帳號' : '業務帳號清冊',
      index,
      arrival,
    );
    return { inbox: 'accounts', code, path, arrival, complete: true, profile, table, lines: [], again: null };
  });
}
