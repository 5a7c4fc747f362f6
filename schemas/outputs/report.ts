/**
 * The reconciliation report of a run, as `mingce report --format json` answers it; text, pages and later formats are made from it alone. Over
 * 300 lines because it is one document’s shape, read from top to bottom.
 */
import { z } from 'zod';
import { deviation, sourceShape } from '../drift.ts';
import { ACTORS, EXCEPTION_SEVERITIES } from '../messages/exception-facts.ts';
import { RECORD_KINDS } from '../records.ts';
import { heldPlan } from './holds.ts';
import { institutionRef } from './institution-ref.ts';
import { runDetail } from './run-list.ts';
import { moment } from './sync-result.ts';

const count = z.int().nonnegative();
const day = z.iso.date();
const text = z.strictObject({ zh: z.string(), en: z.string() });

/** In the order in which a reader wants them. */
export const PERSON_GROUPS = [
  '新進',
  '轉入',
  '回任',
  '轉校',
  '離職',
  '退休',
  '代理期滿',
  '任職撤銷',
  '異動撤銷',
  '留職停薪',
  '復職',
  '職稱異動',
  '任教科目異動',
  '主聘異動',
  '起始日更正',
  '資料更正',
  '人工指定',
  '人工指定結束',
  '撤銷執行',
  '併入',
  '拆出',
] as const;
export type PersonGroup = (typeof PERSON_GROUPS)[number];

/** What happened to one person at one institution. `person` is our surrogate id (`mingce explain person ID`), never an identifier. */
export const personEvent = z.strictObject({
  group: z.string(),
  name: z.string(),
  person: z.int().nullable(),
  title: z.string().nullable(),
  effective: day,
  registeredAt: moment,
  rule: z.string(),
  /** What changed, as people say it: `教師 → 組長`; for corrections the names of the columns only. */
  detail: z.string().nullable(),
  /** The other side of a move. */
  other: institutionRef.nullable(),
  /** The record came already ended: it adds history, nobody served here as far as we knew. */
  arrivedEnded: z.boolean(),
});
export type PersonEvent = z.infer<typeof personEvent>;

export const accountEvent = z.strictObject({
  group: z.string(),
  accountName: z.string(),
  holder: z.string().nullable(),
  accountKind: z.string(),
  effective: day,
  rule: z.string(),
  detail: z.string().nullable(),
});
export type AccountEvent = z.infer<typeof accountEvent>;

export const unitReport = z.strictObject({
  institution: institutionRef,
  people: z.array(personEvent),
  accounts: z.array(accountEvent),
});
export type UnitReport = z.infer<typeof unitReport>;

export const institutionEvent = z.strictObject({
  group: z.string(),
  institution: institutionRef,
  effective: day,
  rule: z.string(),
  detail: z.string().nullable(),
});
export type InstitutionEvent = z.infer<typeof institutionEvent>;

/** One person's move: a spell ended as 轉校 and a new one elsewhere. `to` or `from` is null where the other side is not known (yet). */
export const move = z.strictObject({
  name: z.string(),
  person: z.int().nullable(),
  from: institutionRef.nullable(),
  to: institutionRef.nullable(),
  effective: day,
  rule: z.string(),
});
export type Move = z.infer<typeof move>;

export const changeCount = z.strictObject({
  entity: z.enum(['institution', 'person', 'assignment', 'account']),
  action: z.enum(['add', 'change', 'end']),
  reason: z.string(),
  rule: z.string(),
  count,
});
export type ChangeCount = z.infer<typeof changeCount>;

/** The first picture that a source ever gave: counted, not listed by name. */
export const firstLoad = z.strictObject({
  institution: institutionRef,
  people: count,
  alreadyEnded: count,
  accounts: count,
});
export type FirstLoad = z.infer<typeof firstLoad>;

export const pendingRecord = z.strictObject({
  source: z.string(),
  institutionCode: z.string(),
  kind: z.string(),
  name: z.string(),
  /** 異動待審 or 退件. */
  review: z.string(),
  /** What is under review: 新進, 離職, 異動. */
  reviewing: z.string().nullable(),
  hasPrevious: z.boolean(),
  since: day,
});
export type PendingRecord = z.infer<typeof pendingRecord>;

export const quarantineGroup = z.strictObject({
  source: z.string(),
  code: z.string(),
  rows: count,
  examples: z.array(
    z.strictObject({
      object: z.string(),
      row: z.int(),
      column: z.string().nullable(),
      value: z.string().nullable(),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
});
export type QuarantineGroup = z.infer<typeof quarantineGroup>;

/** A source whose shape is not as agreed, or not as it was accepted: both shapes, and what differs. */
export const driftedSource = z.strictObject({
  source: z.string(),
  /** Of its complete lists, or of its lists of changes. */
  form: z.enum(['complete', 'changes']),
  since: moment,
  changes: z.array(deviation),
  before: sourceShape,
  after: sourceShape,
});
export type DriftedSource = z.infer<typeof driftedSource>;

const campaignCutOff = z.strictObject({
  campaign: z.string(),
  name: z.string(),
  cutOff: moment,
  /** Where it was moved: when it was before, and why. */
  moved: z.strictObject({ from: moment, reason: z.string() }).optional(),
});

/** When something last came from one school's part of a source. */
const schoolFreshness = z.strictObject({
  source: z.string(),
  lastReceived: moment.nullable(),
  /** Whole days since then. */
  days: count,
  late: z.boolean(),
});

export const UPDATE_STATUSES = ['in-time', 'awaited', 'missing', 'late'] as const;
export type UpdateStatus = (typeof UPDATE_STATUSES)[number];

/** What a school sent of what a deadline asks for: the newest whenever it came, and how it stands. Null where no source brings it. */
const update = z.strictObject({ last: moment.nullable(), status: z.enum(UPDATE_STATUSES) }).nullable();

/** R06: the deadline that is on, and how each addressed school stands. */
const complianceOf = <T extends z.ZodRawShape>(school: T) =>
  z
    .strictObject({
      campaign: z.string(),
      name: z.string(),
      from: moment,
      until: moment,
      schools: z.array(z.strictObject({ ...school, roster: update, accounts: update })),
    })
    .nullable();

/** What only holds on the night of the run; kept with the run, so that the report of an old run says what was true then. */
export const runPicture = z.strictObject({
  totals: z.strictObject({
    schools: count,
    kindergartens: count,
    people: count,
    schoolPeople: count,
    kindergartenPeople: count,
    accounts: count,
  }),
  pending: z.array(pendingRecord),
  quarantine: z.array(quarantineGroup),
  warnings: z.array(z.strictObject({ source: z.string(), code: z.string(), rows: count })),
  drift: z.array(driftedSource),
  missing: z.array(
    z.strictObject({ institutionKey: z.string(), source: z.string(), people: count, names: z.array(z.string()) }),
  ),
  /** Sources that ever handed in a picture, per drop: what was not heard in the run stands as of then. `kinds` is what they speak for. */
  known: z.array(
    z.strictObject({
      source: z.string(),
      parts: count,
      oldest: moment,
      newest: moment,
      kinds: z.array(z.enum(RECORD_KINDS)),
    }),
  ),
  /** What was expected of each configured source and what came; absent in runs of earlier versions. */
  freshness: z
    .array(
      z.strictObject({
        source: z.string(),
        expectEveryDays: count.nullable(),
        /** Parts (schools) that ever sent something, the newest and the longest silent of them. */
        parts: count,
        lastReceived: moment.nullable(),
        longestSilent: moment.nullable(),
        late: count,
        /** Each part of a drop of schools, the longest silent first; absent in runs of earlier versions. */
        schools: z.array(schoolFreshness).optional(),
      }),
    )
    .optional(),
  /** Absent in runs of earlier versions; null where no deadline is on. */
  compliance: complianceOf({ institutionKey: z.string() }).optional(),
  /** The next campaign to be frozen: what is not approved by then stays out of it (R13, R24). */
  nextCutOff: campaignCutOff.nullable(),
  /** The last one, where it passed before anything was applied here: no closing run comes for it, so no snapshot does (R24). */
  neverClosed: campaignCutOff.nullable(),
});
export type RunPicture = z.infer<typeof runPicture>;

export const openException = z.strictObject({
  /** As `mingce exceptions suppress` takes it. */
  number: z.int(),
  code: z.string(),
  severity: z.enum(EXCEPTION_SEVERITIES),
  /** Who must act. */
  who: z.enum(ACTORS),
  /** Rule or invariant that it stands for. */
  rule: z.string().nullable(),
  text,
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  institution: institutionRef.nullable(),
  /** The person or source that it is about, by a name that may be shown. */
  about: z.string().nullable(),
  openedAt: moment,
  ageDays: count,
  openedInThisRun: z.boolean(),
});
export type OpenException = z.infer<typeof openException>;

/** Put aside until a day; it counts as open again the day after. */
export const suppressedException = openException.extend({
  suppressed: z.strictObject({ by: z.string(), reason: z.string(), until: day }),
});
export type SuppressedException = z.infer<typeof suppressedException>;

export const reportedSnapshot = z.strictObject({
  id: z.string(),
  campaign: z.string(),
  kind: z.string(),
  version: z.int(),
  cutOff: moment,
  recordedThrough: moment,
  files: z.array(z.strictObject({ path: z.string(), bytes: count })),
});
export type ReportedSnapshot = z.infer<typeof reportedSnapshot>;

export const runReport = z.strictObject({
  run: runDetail,
  /** What would have changed too much and waits for a second person (I6), the city first. */
  held: z.array(heldPlan),
  /** Sources (each school's file is one) that gave nothing usable, and why, in both languages. */
  failures: z.array(z.strictObject({ source: z.string(), institution: z.string().nullable(), text })),
  /** Set when the report is narrowed to one institution. */
  narrowedTo: institutionRef.nullable(),
  /** `run`: the picture was kept with the run. `now`: the run ended before it could be kept, so it is the one of today. */
  pictureOf: z.enum(['run', 'now']),
  totals: runPicture.shape.totals,
  changes: z.array(changeCount),
  institutions: z.array(institutionEvent),
  moves: z.array(move),
  units: z.array(unitReport),
  firstLoads: z.array(firstLoad),
  pending: z.array(z.strictObject({ institution: institutionRef, records: z.array(pendingRecord) })),
  quarantine: z.array(quarantineGroup.extend({ institution: z.string().nullable(), text })),
  warnings: z.array(z.strictObject({ source: z.string(), code: z.string(), rows: count, text })),
  drift: z.array(driftedSource.extend({ institution: z.string().nullable() })),
  missing: z.array(
    z.strictObject({ institution: institutionRef, source: z.string(), people: count, names: z.array(z.string()) }),
  ),
  known: runPicture.shape.known,
  freshness: z.array(
    runPicture.shape.freshness
      .unwrap()
      .element.omit({ schools: true })
      .extend({
        /** Each school of a drop, the longest silent first. */
        schools: z.array(schoolFreshness.extend({ institution: z.string().nullable() })),
      }),
  ),
  compliance: complianceOf({ institution: institutionRef }),
  nextCutOff: runPicture.shape.nextCutOff,
  neverClosed: runPicture.shape.neverClosed,
  exceptions: z.array(openException),
  /** Open too, and put aside by somebody: not counted. */
  suppressed: z.array(suppressedException),
  snapshots: z.array(reportedSnapshot),
});
export type RunReport = z.infer<typeof runReport>;
