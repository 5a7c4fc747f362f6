/**
 * The four pictures and the staging table of each. Staging holds the picture's content columns plus what decides a row's outcome
 * (`review`, `reviewing`) and, for people, the sealed identifier on its way to the vault.
 */
import type { RecordKind } from '../../schemas/records.ts';

export interface RecordTable {
  kind: RecordKind;
  /** Picture of the source. */
  picture: string;
  /** Temporary table of one delivery. */
  stage: string;
  /** Content columns: what the row's hash is made of. `key` first. */
  content: readonly (readonly [name: string, type: string])[];
  /** Columns that merging fills in, from what the record told before. No part of what was sent, nor of its hash. */
  carried: readonly (readonly [name: string, type: string])[];
  /** Columns that only staging has. */
  stageOnly: readonly (readonly [name: string, type: string])[];
  /** Staged columns that merging joins by, worth statistics. */
  planned: readonly string[];
  /** Column with the code of the institution that a row speaks for, and the one with the name that people see. */
  institution: string;
  label: string;
}

const DECIDES = [
  ['review', 'text NOT NULL'],
  ['reviewing', 'text'],
] as const;
const SEALED = [
  ['id_kind', 'text'],
  ['id_sealed', 'bytea'],
] as const;

/** Where a row came from. Of these the hash covers at most the moment that the source registered it. */
export const ORIGIN = [
  ['registered_at', 'timestamptz NOT NULL'],
  ['hash', 'bytea NOT NULL'],
  ['registered_by', 'text NOT NULL'],
  ['object_id', 'bigint NOT NULL'],
  ['row_no', 'integer NOT NULL'],
] as const;

export const RECORD_TABLES: Readonly<Record<RecordKind, RecordTable>> = {
  institution: {
    kind: 'institution',
    picture: 'landing.institution_record',
    stage: 'stage_institution',
    content: [
      ['key', 'text NOT NULL'],
      ['code', 'text NOT NULL'],
      ['section', 'text NOT NULL'],
      ['name', 'text NOT NULL'],
      ['name_key', 'text NOT NULL'],
      ['name_damaged', 'boolean NOT NULL'],
      ['ownership', 'text NOT NULL'],
      ['legal_class', 'text'],
      ['quasi_public', 'boolean NOT NULL'],
      ['district', 'text'],
      ['address', 'text'],
      ['phone', 'text'],
      ['principal', 'text'],
      ['parent_school_code', 'text'],
      ['status', 'text NOT NULL'],
    ],
    carried: [],
    stageOnly: DECIDES,
    planned: ['source', 'key'],
    institution: 'code',
    label: 'name',
  },
  staff: {
    kind: 'staff',
    picture: 'landing.staff_record',
    stage: 'stage_staff',
    content: [
      ['key', 'text NOT NULL'],
      ['institution_code', 'text NOT NULL'],
      ['institution_section', 'text'],
      ['id_hmac', 'bytea'],
      ['id_strong', 'boolean NOT NULL'],
      ['name', 'text NOT NULL'],
      ['name_key', 'text NOT NULL'],
      ['sex', 'text'],
      ['birth_date', 'date'],
      ['title', 'text'],
      ['title_code', 'smallint'],
      ['subjects', 'text[] NOT NULL'],
      ['is_primary', 'boolean NOT NULL'],
      ['start_on', 'date'],
      ['end_on', 'date'],
      ['end_reason', 'text'],
      ['on_leave', 'boolean NOT NULL'],
      ['leave_changed_on', 'date'],
      ['email', 'text'],
      ['phone', 'text'],
      ['certificate_no', 'text'],
    ],
    carried: [['primary_since', 'date']],
    stageOnly: [...DECIDES, ...SEALED],
    planned: ['source', 'key', 'id_hmac', 'name_key', 'birth_date'],
    institution: 'institution_code',
    label: 'name',
  },
  account: {
    kind: 'account',
    picture: 'landing.account_record',
    stage: 'stage_account',
    content: [
      ['key', 'text NOT NULL'],
      ['institution_code', 'text NOT NULL'],
      ['institution_section', 'text'],
      ['account_name', 'text NOT NULL'],
      ['account_kind', 'text NOT NULL'],
      ['id_hmac', 'bytea'],
      ['holder_name', 'text'],
      ['state', 'text NOT NULL'],
      ['enabled_on', 'date'],
      ['last_login_at', 'timestamptz'],
      ['applied_by', 'text'],
      ['enabled_by', 'text'],
    ],
    carried: [],
    stageOnly: [...DECIDES, ...SEALED],
    planned: ['source', 'key', 'id_hmac'],
    institution: 'institution_code',
    label: 'account_name',
  },
  course: {
    kind: 'course',
    picture: 'landing.course_record',
    stage: 'stage_course',
    content: [
      ['key', 'text NOT NULL'],
      ['institution_code', 'text NOT NULL'],
      ['institution_section', 'text'],
      ['course_code', 'text NOT NULL'],
      ['course_name', 'text'],
      ['account_key', 'text NOT NULL'],
      ['account_name', 'text NOT NULL'],
      ['state', 'text NOT NULL'],
      ['ends_on', 'date'],
    ],
    carried: [],
    stageOnly: DECIDES,
    planned: ['source', 'key'],
    institution: 'institution_code',
    label: 'course_code',
  },
};

const names = (columns: readonly (readonly [string, string])[]): string[] => columns.map(([name]) => name);

/** Columns in the order that a staged line gives them: what the hash covers stands together. */
export const stageColumns = (table: RecordTable): string[] => {
  const [registeredAt = '', ...origin] = names(ORIGIN);
  return ['source', ...names(table.content), registeredAt, ...names(table.stageOnly), ...origin];
};

/** Columns that go from staging into the picture. */
export const pictureColumns = (table: RecordTable): string[] => [
  ...names(table.content),
  ...names(table.carried),
  ...names(ORIGIN),
];

export const REJECTED_STAGE = 'stage_rejected';
export const REJECTED_COLUMNS = [
  'source',
  'kind',
  'key',
  'object_id',
  'row_no',
  'issues',
  'severity',
  'name_key',
  'birth_date',
  'institution_code',
  'section',
  'id_strong',
] as const;
