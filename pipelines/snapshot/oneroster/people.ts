/**
 * Whom a bundle names, from the rows of a plan. sourcedIds are digests of business values: the same in every snapshot and installation, no number of ours, and nothing that
 * says more of somebody than the CSV does (R30).
 */
import { hash } from 'node:crypto';
import type { SchoolRow } from '../../../warehouse/views/snapshot-rows.ts';
import type { DigestedTeacher } from '../columns.ts';

export interface RosterPerson {
  sourcedId: string;
  org: string;
  role: 'teacher' | 'principal' | 'siteAdministrator';
  username: string;
  name: string;
  /** 身分證編碼; '' where it is not known or not to be told. */
  digest: string;
  title: string | null;
  titleKind: number | null;
  subjects: readonly string[];
}

/** English names of the columns that the consumer gets: what is not among them is in no file. */
export type Fields = ReadonlySet<string>;
/** People of one row. A new one is made for every file: it may count. */
export type PeopleOf<Row> = (row: Row) => RosterPerson[];

const SECTION_KEYS: Readonly<Record<string, string>> = {
  國小: 'primary',
  國中: 'junior',
  高中: 'senior',
  特教: 'special',
  幼兒園: 'kindergarten',
};

/** `064601-primary`: the key of an institution is code and section. */
export const orgId = (code: string, section: string): string => `${code}-${SECTION_KEYS[section] ?? section}`;

const ID_LENGTH = 32;
const idOf = (...parts: string[]): string =>
  hash('sha256', `mingce oneroster\n${parts.join('\n')}`).slice(0, ID_LENGTH);

/** **Reading**: 職別 1 is the 校長, and a 園長 heads a kindergarten. */
const isPrincipal = ({ title_code, title }: DigestedTeacher): boolean => title_code === 1 || title === '園長';

/** Rows come ordered by institution and name: those of one name without an identifier are told apart by their order. */
export function teachersOf(fields: Fields): PeopleOf<DigestedTeacher> {
  let before = '';
  let nth = 0;
  return (row) => {
    const org = orgId(row.code, row.section);
    let sourcedId: string;
    if (row.digest !== '') sourcedId = idOf('person', row.digest);
    else {
      const same = `${org}\n${row.name}`;
      nth = same === before ? nth + 1 : 1;
      before = same;
      sourcedId = idOf('unidentified', org, row.name, String(nth));
    }
    return [
      {
        sourcedId,
        org,
        role: isPrincipal(row) ? 'principal' : 'teacher',
        // The standard wants one; who signs in with what is not in this snapshot.
        username: sourcedId,
        name: fields.has('name') ? row.name : '',
        digest: fields.has('id_digest') ? row.digest : '',
        title: fields.has('title') ? row.title : null,
        titleKind: fields.has('title_kind') ? row.title_code : null,
        subjects: fields.has('subjects') ? row.subjects : [],
      },
    ];
  };
}

/** 總負責人 by their accounts (R25). */
export const leadsOf =
  (fields: Fields): PeopleOf<SchoolRow> =>
  ({ code, section, accounts, holders }) => {
    if (!fields.has('lead_accounts')) return [];
    const org = orgId(code, section);
    return accounts.map((account, i) => ({
      // Accounts named by an identifier are masked and may look alike.
      sourcedId: idOf(
        'account',
        org,
        account,
        String(accounts.slice(0, i).filter((other) => other === account).length),
      ),
      org,
      role: 'siteAdministrator' as const,
      username: account,
      name: (fields.has('lead_names') && holders[i]) || account,
      digest: '',
      title: null,
      titleKind: null,
      subjects: [],
    }));
  };
