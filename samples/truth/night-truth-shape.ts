/** The shape of the generator's books for one night. */
import type { DirtClass, FileFault, Outcome } from '../inbox/dirt.ts';
import type { LeaveReason } from '../world/state.ts';

export interface PersonAt {
  institutionCode: string;
  section: string;
  name: string;
  /** In memory only. */
  id: string;
}

export interface PendingAt extends PersonAt {
  changeType: '新進' | '離職' | '異動';
  review: '異動待審' | '退件';
  /** An approved version was shown on an earlier night; false is 待審無前版. */
  approvedBefore: boolean;
  /** Came up tonight; false has been waiting since an earlier night. */
  newTonight: boolean;
}

export interface FileTruth {
  inbox: 'roster' | 'accounts';
  code: string;
  path: string;
  arrival: string;
  complete: boolean;
  /** The bytes of a file that the school had sent before: nothing in it is new, and of an older one every row is a duplicate. */
  again?: 'newest' | 'older';
  format: string;
  read: number;
  faults: { row: number | null; fault: DirtClass | FileFault; outcome: Outcome }[];
}

export interface NightTruth {
  index: number;
  clock: string;
  /** New at an institution. `firstApproved`: long there, but shown approved for the first time; `comeback`: was retired. */
  hires: (PersonAt & { title: string; comeback: boolean; firstApproved: boolean; effectiveOn: string })[];
  moves: (PersonAt & {
    from: { institutionCode: string; section: string };
    oldSchoolSays: string | null;
    effectiveOn: string;
  })[];
  leaves: (PersonAt & { reason: LeaveReason; effectiveOn: string })[];
  /** Leaves told tonight that take effect on a later day. */
  announced: (PersonAt & { reason: LeaveReason; effectiveOn: string })[];
  /** 留職停薪 and 復職, each from its own 異動日期, which may lie after the night. */
  absences: (PersonAt & { effectiveOn: string })[];
  returns: (PersonAt & { effectiveOn: string })[];
  changes: (PersonAt & { field: 'title' | 'subjects'; from: string; to: string })[];
  /** Everything under review tonight, old and new. */
  pending: PendingAt[];
  /** Gone from a complete picture without a word: to be asked about, not ended. */
  missing: PersonAt[];
  institutions: {
    renames: { sid: string; from: string; to: string }[];
    closures: { sid: string; name: string }[];
    openings?: { sid: string; name: string }[];
    quasiPublic: { sid: string; name: string }[];
    /** Under review tonight; their staff wait with them. */
    underReview: { sid: string; name: string; staff: number; newTonight: boolean }[];
  };
  accounts: {
    added: { code: string; accountName: string; kind: string; state: string }[];
    changed: { code: string; accountName: string; from: string; to: string }[];
    /** Schools without an active 總負責人 (R16). */
    withoutHead: string[];
  };
  /** People whose 登錄時間 lies after the arrival of their file, on the closing day: that cannot be, so the arrival counts and they are in the snapshot. */
  registeredInFuture: PersonAt[];
  /** People whose 登錄時間 is before the cut-off, in a file that arrived after it: a correction, not in the snapshot. */
  claimsBeforeCutOff: PersonAt[];
  /** Rows of every source, counted without its connector. */
  read: { institutions: number; staff: number; files: FileTruth[] };
  standing: Standing;
}

/** What should be in force after the night, of what was ever shown approved and not quarantined. */
export interface Standing {
  /** Posts at schools (secondary ones included) and at kindergartens (shared principals included). */
  schoolPosts: number;
  kindergartenPosts: number;
  /** Different people in those posts. */
  people: number;
}
