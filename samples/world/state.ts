/**
 * The made-up world at one moment. Values are never changed in place: a night makes a new world that shares what did not
 * change. Dates are ISO text, moments ISO text with +08:00.
 */
import type { IdKind } from './identifiers.ts';

export type Sex = '男' | '女';

export interface Person {
  /** Stable name of the person inside the generator; never written to a file. */
  uid: string;
  name: string;
  sex: Sex;
  birth: string;
  id: string;
  idKind: IdKind;
}

export interface Post {
  /** Stable within the institution; the care system's staffId where it is a kindergarten. */
  key: string;
  /** Key of the institution: `code:section`, or the care system's sid. */
  unit: string;
  person: Person;
  title: string;
  /** 職別 1–15 in schools, null in kindergartens. */
  kind: number | null;
  subjects: readonly string[];
  primary: boolean;
  since: string;
  onLeaveSince: string | null;
  left: { on: string; reason: LeaveReason } | null;
  email: string | null;
  mobile: string | null;
  certificateNo: string | null;
  updatedAt: string;
}

export type LeaveReason = '離職' | '轉校' | '轉園' | '退休' | '代理期滿';

export interface SchoolUnit {
  key: string;
  code: string;
  section: string;
  name: string;
  ownership: string;
  district: string;
}

export interface Kindergarten {
  sid: string;
  /** Code in the ministry's list: not known to the care system. */
  moeCode: string;
  name: string;
  ownership: '公立' | '私立' | '非營利';
  legalClass: string | null;
  parentSchoolCode: string | null;
  quasiPublic: boolean;
  district: string;
  address: string;
  telephone: string | null;
  principal: string | null;
  approvedCapacity: number;
  status: '營業中' | '停辦';
  updatedAt: string;
  /** A change of the institution itself that waits for approval: the feed shows it instead of the approved state. */
  proposed: { name: string; updatedAt: string } | null;
}

export const CHANGE_TYPES = ['新進', '離職', '異動'] as const;
export type ChangeType = (typeof CHANGE_TYPES)[number];

/** A staff record under review. `post` is the proposed state; the approved one, if any, stands in the world's posts under the same key. */
export interface Proposal {
  post: Post;
  changeType: ChangeType;
  review: '異動待審' | '退件';
  /** Both halves of a 轉園 that are decided together carry the same mark. */
  pair: string | null;
}

export interface World {
  night: number;
  schools: ReadonlyMap<string, SchoolUnit>;
  kindergartens: ReadonlyMap<string, Kindergarten>;
  posts: ReadonlyMap<string, readonly Post[]>;
  proposals: ReadonlyMap<string, Proposal>;
  /** Keys of posts that disappeared from their source without a word. */
  vanished: ReadonlySet<string>;
  /** People created per institution so far: the source of their serial numbers. */
  created: ReadonlyMap<string, number>;
  /** The last night on which a post was in what happened. */
  touched: ReadonlyMap<string, number>;
}

export const isStanding = (post: Post): boolean => post.left === null;
export const sectionOf = (unit: string): string => (unit.includes(':') ? unit.slice(unit.indexOf(':') + 1) : '幼兒園');
export const codeOf = (unit: string): string => (unit.includes(':') ? unit.slice(0, unit.indexOf(':')) : unit);
