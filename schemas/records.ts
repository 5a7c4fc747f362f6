/**
 * What a connector hands over: one source row, parsed and normalised. Dates are ISO text (`2024-08-01`), moments are ISO
 * text with an offset; neither is ever a JavaScript Date (1974-04-01 has no midnight in Taipei). Text that people see
 * stays exactly as received; keys made for matching stand beside it.
 */

export const SECTIONS = ['國小', '國中', '高中', '特教', '幼兒園'] as const;
export type Section = (typeof SECTIONS)[number];

export const OWNERSHIPS = ['公立', '私立', '非營利', '國立'] as const;
export type Ownership = (typeof OWNERSHIPS)[number];

export const LEGAL_CLASSES = ['直轄市立', '鄉鎮市立', '直轄市山地原住民區立', '公立學校附設', '私立'] as const;
export type LegalClass = (typeof LEGAL_CLASSES)[number];

export const END_REASONS = ['離職', '轉校', '退休', '代理期滿'] as const;
/** Why a spell at one unit ended; three of them are R09's, the fourth is a 代理 term running out. */
export type EndReason = (typeof END_REASONS)[number];

export const REVIEW_STATES = ['核定', '異動待審', '退件'] as const;
/** The care system's review of a record. Anything but 核定 is excluded: the last approved version stays in force (R13). */
export type ReviewState = (typeof REVIEW_STATES)[number];

export const IDENTIFIER_KINDS = ['national', 'resident', 'passport', 'hashed', 'unknown'] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/**
 * An identifier as read, in memory only: it is hashed and encrypted before anything is stored.
 * `digest` is the lower-case hex SHA-256 of the upper-case, trimmed value (edu_key), which sources without the plain value carry too.
 * `plain` is absent where only the digest is known. `strong` is false for a failed checksum: kept, never joined on alone.
 */
export interface Identifier {
  kind: IdentifierKind;
  plain?: string;
  digest: string;
  strong: boolean;
}

/** Where a moment comes from: the source's own registration time, or its arrival with us (R24's clock). */
export type RegisteredBy = 'source' | 'arrival';

export interface InstitutionRecord {
  kind: 'institution';
  /** Stable within the source: `sid` of the care system, `code:section` of the school list, `code` of the kindergarten list. */
  key: string;
  code: string;
  section: Section;
  name: string;
  /** For matching only: NFKC, variants folded, city prefix and spaces removed. */
  nameKey: string;
  /** A character of the name was lost on the way (`?`, U+FFFD, private use): never matched on as if whole. */
  nameDamaged: boolean;
  ownership: Ownership;
  legalClass: LegalClass | null;
  quasiPublic: boolean;
  district: string | null;
  address: string | null;
  phone: string | null;
  principal: string | null;
  parentSchoolCode: string | null;
  status: '營業中' | '停辦';
  review: ReviewState;
  registeredAt: string;
  registeredBy: RegisteredBy;
}

export interface StaffRecord {
  kind: 'staff';
  /** Source's own id; else `code:section:` + digest of the identifier; else `code:section:` + name + birth date, hashed. Never holds a plain identifier. */
  key: string;
  institutionCode: string;
  /** null where the source does not say: resolved when the code has only one section. */
  institutionSection: Section | null;
  identifier: Identifier | null;
  name: string;
  nameKey: string;
  sex: '男' | '女' | null;
  birthDate: string | null;
  title: string | null;
  /** 職別 1–15, null when the title is not in the alias table. */
  titleCode: number | null;
  subjects: string[];
  primary: boolean;
  startOn: string | null;
  endOn: string | null;
  endReason: EndReason | null;
  onLeave: boolean;
  /** 異動日期 of a 留職停薪 or 復職, past or future: the day from which `onLeave` holds. Null where the row tells of neither. */
  leaveChangedOn: string | null;
  email: string | null;
  phone: string | null;
  certificateNo: string | null;
  review: ReviewState;
  /** What is under review (新進, 離職, 異動), for the report. */
  reviewing: string | null;
  registeredAt: string;
  registeredBy: RegisteredBy;
}

export const ACCOUNT_STATES = ['申請中', '啟用', '停用', '刪除'] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

/** The kind of account that speaks for a whole school (R16, R18). */
export const LEAD_KIND = '總負責人';

export interface AccountRecord {
  kind: 'account';
  /** `code:` + account name in lower case, or the digest of a name that is an identifier. */
  key: string;
  institutionCode: string;
  institutionSection: Section | null;
  /** As the system spells it; masked where it is an identifier (I8). */
  accountName: string;
  accountKind: string;
  identifier: Identifier | null;
  holderName: string | null;
  state: AccountState;
  enabledOn: string | null;
  lastLoginAt: string | null;
  /** By name, where the file says so (R20). */
  appliedBy: string | null;
  enabledBy: string | null;
  registeredAt: string;
  registeredBy: RegisteredBy;
}

/** A course (研習課程) that a business account registered: an account may be deleted only when every course of it is through (R21). */
export interface CourseRecord {
  kind: 'course';
  /** `code:` + course code in lower case. */
  key: string;
  institutionCode: string;
  institutionSection: Section | null;
  courseCode: string;
  courseName: string | null;
  /** The `key` of the account that registered it, in the account list of the same school. */
  accountKey: string;
  /** As the system spells it; masked where it is an identifier (I8). */
  accountName: string;
  /** One of the configured states, as configured; any other as received, with a warning. */
  state: string;
  endsOn: string | null;
  registeredAt: string;
  registeredBy: RegisteredBy;
}

export type SourceRecord = InstitutionRecord | StaffRecord | AccountRecord | CourseRecord;
export const RECORD_KINDS = [
  'institution',
  'staff',
  'account',
  'course',
] as const satisfies readonly SourceRecord['kind'][];
export type RecordKind = (typeof RECORD_KINDS)[number];

/** One thing wrong with one cell or row. `value` is masked where the column is personal. `code` is an entry of the message catalogue. */
export interface Issue {
  code: string;
  column: string | null;
  value: string | null;
  params?: Record<string, string | number>;
}

/** Where a row stands: which raw object of its delivery (by position) and which row of it, counted as a person opening the file counts. */
export interface Origin {
  object: number;
  row: number;
}

/** What tells that a row with another key is about a person known already. */
export interface PersonLikeness {
  nameKey: string;
  birthDate: string;
  institutionCode: string;
  section: Section | null;
  /** The row has a whole identifier. */
  strong: boolean;
}

/**
 * What the normaliser makes of one row. A `record` may carry warnings (value dropped or doubted, row kept). A `rejected` row is
 * quarantined: never landed; its key, when one could still be made, keeps the last good version in force (I12).
 */
export type NormalisedRow =
  | { outcome: 'record'; record: SourceRecord; origin: Origin; warnings: Issue[] }
  | {
      outcome: 'rejected';
      kind: RecordKind;
      key: string | null;
      /** Whom it seems to be about, where a person's name and birth date could be read. */
      person: PersonLikeness | null;
      issues: Issue[];
      origin: Origin;
    };
