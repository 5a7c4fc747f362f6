/**
 * Layouts of known systems, where titles alone do not tell all. A profile is chosen by configuration or, where a file cannot be anything else,
 * recognised; it says from which row data begins, which codes mean something else there, and which free text holds commas that nobody quoted.
 */
import type { Column } from '../../schemas/columns.ts';
import type { RosterProfile } from '../../schemas/config.ts';
import { titleKey } from './title-index.ts';

export interface Profile {
  name: RosterProfile;
  /** Nothing else has these titles, or this letterhead. */
  recognises(titles: ReadonlySet<string>, letterhead: string): boolean;
  /** Line by which a file of ours in this layout is recognised, where its titles are no others than everybody's. */
  letterhead: string | null;
  /** Rows above it hold titles and remarks, whatever stands there. Counted from 1. */
  firstDataRow: number;
  /** Codes of this system that another uses differently. */
  codes: Partial<Record<Column, ReadonlyMap<string, string>>>;
  /** Columns that hold free text, and columns of phone numbers by which a shifted row is put right; titles. */
  freeText: readonly string[];
  phones: readonly string[];
}

const PLAIN: Profile = {
  name: 'plain',
  recognises: () => false,
  letterhead: null,
  firstDataRow: 1,
  codes: {},
  freeText: [],
  phones: [],
};

/** 學務系統 SFS3, its import layout: one title row, 性別 1 男 2 女, addresses with bare commas. */
const SFS3: Profile = {
  ...PLAIN,
  name: 'sfs3',
  recognises: (titles) => ['行政代號', '登入密碼', '身分證號', '結婚否'].every((title) => titles.has(titleKey(title))),
  freeText: ['地址', '備註'],
  phones: ['家中電話', '手機號碼'],
};

/** 全誼 (eschool), as XLS: data from row 3, 男 1 女 0. Its titles are no others than everybody's, but the line above may name it. */
const ESCHOOL: Profile = {
  ...PLAIN,
  name: 'eschool',
  recognises: (_, letterhead) => /全誼|eschool/i.test(letterhead),
  letterhead: '格式：全誼',
  firstDataRow: 3,
  codes: {
    sex: new Map([
      ['1', '男'],
      ['1.0', '男'],
      ['0', '女'],
      ['0.0', '女'],
    ]),
  },
};

export const PROFILES: Readonly<Record<RosterProfile, Profile>> = { plain: PLAIN, sfs3: SFS3, eschool: ESCHOOL };

export interface ChosenProfile {
  profile: Profile;
  /** Nobody said so: the file's own titles did. */
  guessed: boolean;
}

/** @param titles all of the title row, as they stand; @param letterhead text of the rows above */
export function chooseProfile(
  configured: RosterProfile | undefined,
  titles: readonly string[],
  letterhead: string,
): ChosenProfile {
  if (configured) return { profile: PROFILES[configured], guessed: false };
  const keys = new Set(titles.flatMap((title) => [titleKey(title), titleKey(title.replace(/[([【〔（].*$/, ''))]));
  const known = Object.values(PROFILES).find((profile) => profile.recognises(keys, letterhead));
  return { profile: known ?? PLAIN, guessed: known !== undefined };
}
