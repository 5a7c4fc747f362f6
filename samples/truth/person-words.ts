/**
 * What the sources say of each person beside name and post: somebody who moves brings other contact details, and where the new unit has no column for one, the
 * old one's word still stands. The first record that says anything is heard: the service unit's, one that serves, the newest.
 */
import type { RosterColumn } from '../inbox/aliases.ts';
import type { Setting } from '../world/setting.ts';
import { codeOf, type Post } from '../world/state.ts';

/** As the reports call them, in their order. */
const FIELDS = ['性別', '生日', '電子郵件', '電話', '教師證號'] as const;
type Field = (typeof FIELDS)[number];
const COLUMNS: Readonly<Record<Field, RosterColumn>> = {
  性別: '性別',
  生日: '出生日期',
  電子郵件: '電子郵件',
  電話: '聯絡電話',
  教師證號: '教師證字號',
};
const VALUES: Readonly<Record<Field, (post: Post) => string | null>> = {
  性別: (post) => post.person.sex,
  生日: (post) => post.person.birth,
  電子郵件: (post) => post.email,
  電話: (post) => post.mobile,
  教師證號: (post) => post.certificateNo,
};

interface Word {
  post: Post;
  serving: boolean;
  at: string;
}

export class PersonWords {
  readonly #setting: Setting;
  readonly #words = new Map<string, Map<string, Word>>();

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** @param at moment of the registration; null where the unit itself says nothing new */
  say(post: Post, serving: boolean, at: string | null): void {
    const { uid } = post.person;
    const words = this.#words.get(uid) ?? new Map<string, Word>();
    words.set(post.key, { post, serving, at: at ?? words.get(post.key)?.at ?? '' });
    this.#words.set(uid, words);
  }

  /** What is known of a person, in the order of the fields; null of somebody of whom nothing was said. */
  known(uid: string): (string | null)[] | null {
    const words = [...(this.#words.get(uid)?.values() ?? [])].sort(
      (a, b) => Number(b.serving) - Number(a.serving) || (a.at < b.at ? 1 : -1),
    );
    if (words.length === 0) return null;
    return FIELDS.map((field) => {
      for (const { post } of words) {
        const value = this.#has(post, field) ? VALUES[field](post) : null;
        if (value !== null) return value;
      }
      return null;
    });
  }

  #has({ unit }: Post, field: Field): boolean {
    const profile = this.#setting.profiles.get(codeOf(unit));
    return profile === undefined || profile.columns.some(({ column }) => column === COLUMNS[field]);
  }
}

/** The fields that differ, as a report names them; null where none does. */
export function corrected(before: readonly (string | null)[], after: readonly (string | null)[]): string | null {
  const names = FIELDS.filter((_, i) => before[i] !== after[i]);
  return names.length > 0 ? names.join('、') : null;
}
