/** The plan's vocabulary: what reconcile is given, and what it proposes. */
import type { AccountState } from './records.ts';

/** Reasons of changes by which somebody is another person from now on, or one of their own again. */
export const JOINED = '併入';
export const PARTED = '拆出';

/** Reasons of changes by which a value that a person of the bureau set begins to win, or wins no more. */
export const SET_BY_HAND = '人工指定';
export const HAND_ENDED = '人工指定結束';

/**
 * What is proposed. `after` of an assignment holds the record's values; of one that is changed or ended also `stretches`, the spell's whole line of days
 * as it is to be known from now on, which is what is written. A new spell has them only where it is more than one stretch.
 */
export interface PlanChange {
  entity: 'institution' | 'person' | 'assignment' | 'account';
  action: 'add' | 'change' | 'end';
  institutionKey: string;
  source: string;
  sourceKey: string;
  personRef: string | null;
  entityId: number | null;
  reason: string;
  rule: string;
  effective: string;
  registeredAt: string;
  objectId: number;
  rowNo: number;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  /** Number of the value set by hand that the change is of, by its beginning or its end. */
  manualValue?: number | null;
  /** Number of the judgement that the change follows. */
  judgement?: number | null;
}

/** That somebody who is missing from a complete list has left, as somebody of the bureau decided. */
export interface AbsenceJudgement {
  id: number;
  source: string;
  key: string;
  /** Day from which the person is out. */
  on: string;
  reason: string;
  /** ISO moment. */
  decidedAt: string;
}

/** Which unit has a person whom two registered on one day, as somebody of the bureau decided. */
export interface UnitJudgement {
  id: number;
  /** Key of the unit that has the person. */
  keep: string;
  /** Keys of those that claimed the person too. */
  others: string[];
  /** Day of the claims that were decided about: a later registration counts as any (R08). */
  about: string;
  /** ISO moment. */
  decidedAt: string;
}

/** A value that a person of the bureau set by hand, as reconcile is given it. */
export interface ManualValue {
  id: number;
  field: string;
  /** The unit where a title or subjects hold; null for what belongs to the person, the institution, the account. */
  institutionKey: string | null;
  /** The value, as plan and warehouse hold it. */
  columns: Record<string, unknown>;
  /** ISO moment. */
  setAt: string;
  /** First moment at which it wins no more; null while nobody knows. */
  endsAt: string | null;
  /** Whether it wins in the run at hand. */
  inForce: boolean;
  /** It wins, or did until the run before. */
  live: boolean;
  /** What was known just before it took effect; null where nothing was. */
  before: Record<string, unknown> | null;
}

export interface Finding {
  code: string;
  institutionKey: string | null;
  subject: string | null;
  personRef: string | null;
  params: Record<string, string | number>;
}

/** What a spell of service may change in. */
export interface SpellValues {
  title: string | null;
  titleCode: number | null;
  subjects: string[];
  isPrimary: boolean;
  onLeave: boolean;
}

/** A stretch of a spell: days `from` (included) `to` (not included; `infinity` where open) in which one thing held. */
export interface SpellStretch extends SpellValues {
  from: string;
  to: string;
  /** Of the last stretch of a spell that ended. */
  endReason: string | null;
  /** First day of an ended spell, where the end lies on or before it, and one day stands for the spell; `-infinity` where nobody told it. */
  began?: string | null;
}

/** A spell that a record gave rise to, as it stands. One that was withdrawn stands no more. */
export interface KnownSpell {
  id: number;
  spell: number;
  /**
   * Its first day, also where an end that lies on or before it left one day to stand for the spell. Null where the record came already
   * ended and told no start.
   */
  began: string | null;
  /** As known now, in order of days; at least one. */
  stretches: SpellStretch[];
  valid_to: string;
  end_reason: string | null;
  /** Rule that wrote the version: R08 closed it for a registration elsewhere, R09 because the record said so. */
  rule: string;
  /** The record for whose registration it was closed, as `source key`; null where it goes on or its own record ended it. */
  taken_by: string | null;
  is_primary: boolean;
}

export interface NewestSpell extends KnownSpell {
  /** Those that stand before it, oldest first: an end may turn out to be one of theirs. */
  earlier: KnownSpell[];
  /** Highest number that was ever given, also to a spell that was withdrawn. */
  last: number;
}

/** A staff record of a touched person, with the newest spell that it gave rise to and the person as known now. */
export interface StaffRow {
  person_ref: string;
  person_id: number | null;
  /** Whose its spells are so far, where somebody decided that it is another person's. */
  was_person: number | null;
  /** Number and ISO moment of the decision that joins that person to this one; null where one that did was taken back. */
  joined_by: number | null;
  joined_at: string | null;
  /** The record for whose registration its newest spell was closed (R08) is another person's: two were parted. */
  taker_parted: boolean;
  path: 'school' | 'kindergarten';
  source: string;
  key: string;
  institution_key: string | null;
  known_source: boolean;
  name: string;
  name_key: string;
  sex: string | null;
  birth_date: string | null;
  title: string | null;
  title_code: number | null;
  subjects: string[];
  is_primary: boolean;
  /** Day on which a record that told of a secondary post first told of the service unit; null where it always did, or never. */
  primary_since: string | null;
  start_on: string | null;
  end_on: string | null;
  end_reason: string | null;
  on_leave: boolean;
  /** Effective day of a 留職停薪 or 復職. */
  leave_changed_on: string | null;
  email: string | null;
  phone: string | null;
  certificate_no: string | null;
  registered_at: string;
  object_id: number;
  row_no: number;
  /** Its newest spell is at another institution than the record is by now. */
  moved: boolean;
  /** The last complete list of its source no longer has it. */
  missing: boolean;
  /** What it says was undone: until it says something else, the roster stands for it. */
  set_aside: boolean;
  /** Landed since the last plan that was carried out, or held, or waiting; others of the person come along. */
  fresh: boolean;
  /** Where a spell of it was taken back by an undone run: the number of its next one, and the id where that is the same one again. */
  vacant: { id: number | null; spell: number } | null;
  /** Null where the record never gave rise to one. */
  spell: NewestSpell | null;
  person: {
    name: string;
    name_key: string;
    sex: string | null;
    birth_date: string | null;
    email: string | null;
    phone: string | null;
    certificate_no: string | null;
  } | null;
}

/** What may change of an institution. */
export const INSTITUTION_FIELDS = [
  'name',
  'section',
  'ownership',
  'legal_class',
  'quasi_public',
  'district',
  'address',
  'phone',
  'principal',
  'parent_school_code',
  'status',
] as const;

export interface InstitutionRow {
  source: string;
  key: string;
  path: 'school' | 'kindergarten';
  /** Code system that its code is of. */
  system: 'school' | 'care';
  code: string;
  section: string;
  name: string;
  ownership: string;
  legal_class: string | null;
  quasi_public: boolean;
  district: string | null;
  address: string | null;
  phone: string | null;
  principal: string | null;
  parent_school_code: string | null;
  status: string;
  registered_at: string;
  object_id: number;
  row_no: number;
  current: Record<string, unknown> | null;
  institution_id: number | null;
  /** What it says was undone: until it says something else it says nothing. */
  set_aside: boolean;
  /** `source:key` under which it is known so far; null for a new one. */
  known_as: string | null;
}

export interface AccountRow {
  source: string;
  key: string;
  institution_key: string | null;
  account_name: string;
  account_kind: string;
  id_hmac: string | null;
  holder_name: string | null;
  state: AccountState;
  enabled_on: string | null;
  last_login_at: string | null;
  applied_by: string | null;
  enabled_by: string | null;
  registered_at: string;
  object_id: number;
  row_no: number;
  account_id: number | null;
  /** Of one that is told to be deleted: codes of its courses that are not 名單確認通過 (R21); null where there is none. */
  blocking: string[] | null;
  /** No account of its school is known yet, from whichever source: what the file says is how they are. */
  first_picture: boolean;
  /** The complete list no longer has the row. */
  missing: boolean;
  /** The account is known at another institution (section) than the row names. */
  moved: boolean;
  /** The identifier of the row and the one that is known are of one person. */
  one_person: boolean;
  /** Of what the row says of kind, state and holder. */
  digest: string;
  /** The last word of 本市教師研習中心 that was recorded is just what the row says (R18). */
  confirmed: boolean;
  /** State of the account by the last word that was recorded, whatever became of it; null: none was. */
  centre_state: AccountState | null;
  /** What it says was undone: until it says something else it says nothing. */
  set_aside: boolean;
  current: Record<string, unknown> | null;
}
