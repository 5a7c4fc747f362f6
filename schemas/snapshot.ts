/** The manifest of a snapshot, and what the snapshot commands answer with `--json`. Unknown properties are let through: a newer manifest is still readable. */
import { z } from 'zod';
import { PLAN_KINDS } from './campaign.ts';

const count = z.int().nonnegative();
const moment = z.iso.datetime({ offset: true });
const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 lower-case hex digits');

export const MANIFEST_PATH = 'datapackage.json';
/** Detached JWS over the manifest. */
export const SIGNATURE_PATH = 'datapackage.json.jws';
/** JWK Set with the public key that proves it. */
export const KEYS_PATH = 'keys.json';
/** What proves a snapshot; none of it holds personal data. */
export const PROOF_PATHS = [MANIFEST_PATH, SIGNATURE_PATH, KEYS_PATH] as const;
/** Which person or institution each row stands for, a number a line. Stored with the rows, so that two snapshots can be compared; handed out to nobody. */
export const ENTITIES_PATH = '.entities';
export const SNAPSHOT_ID = /^\d{3}-(?:school-plan|teacher-plan)-v[1-9]\d*$/;
/** One folder, no way out of it. */
const filePath = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'expected a plain file name');

export const COVERAGE = ['fresh', 'carried-forward', 'held', 'never-received'] as const;
export type CoverageStatus = (typeof COVERAGE)[number];

const institution = z.looseObject({ code: z.string(), section: z.string(), name: z.string() });

export const coverageEntry = institution.extend({
  status: z.enum(COVERAGE),
  /** Moment of the last picture of its staff; null where none was ever received. */
  since: moment.nullable(),
  teachers: count,
  /** `legal-class-unknown`: judged by ownership; `last-delivery-failed`: what it sent last could not be used; `held-…`: over
   * which limit its last changes were, so that what stands is from before them. */
  notes: z.array(z.string()),
});
export type CoverageEntry = z.infer<typeof coverageEntry>;

export const outsideEntry = institution.extend({
  /** `not-addressed`, `excepted-district`, `closed`; `public-kindergarten` (R26) where addressed but outside this plan. */
  reason: z.string(),
  notes: z.array(z.string()),
});
export type OutsideEntry = z.infer<typeof outsideEntry>;

const field = z.looseObject({
  /** The header of the column. */
  name: z.string(),
  title: z.string(),
  type: z.string(),
  'mingce:name': z.string(),
});

export const manifestResource = z
  .looseObject({
    name: z.string(),
    path: filePath,
    format: z.string(),
    mediatype: z.string(),
    /** Of text. */
    encoding: z.literal('utf-8').optional(),
    bytes: count,
    hash: sha256,
    /** Records without the header; of an archive the people in it. */
    rows: count,
    /** Left out where the file is no one table. */
    type: z.literal('table').optional(),
    schema: z.looseObject({ fields: z.array(field).min(1) }).optional(),
  })
  .refine(
    (resource) => (resource.type === undefined) === (resource.schema === undefined),
    'expected a schema of a table',
  );
export type ManifestResource = z.infer<typeof manifestResource>;

/** A version that corrects another one: who approved it, and why (R24). */
export const snapshotCorrection = z.looseObject({
  /** The version that it corrects. */
  of: z.string().regex(SNAPSHOT_ID),
  by: z.string(),
  reason: z.string(),
  /** Moment of the approval. */
  at: moment,
});
export type SnapshotCorrection = z.infer<typeof snapshotCorrection>;

export const snapshotManifest = z.looseObject({
  $schema: z.string(),
  name: z.string().regex(SNAPSHOT_ID, 'expected a snapshot id such as 113-teacher-plan-v1'),
  title: z.string(),
  resources: z.array(manifestResource).min(1),
  mingce: z.looseObject({
    /** `version` and `hash` of the campaign as it was recorded when the snapshot was made. */
    campaign: z.looseObject({ id: z.string(), name: z.string(), version: z.int().positive(), hash: sha256 }),
    kind: z.enum(PLAN_KINDS),
    version: z.int().positive(),
    correction: snapshotCorrection.nullable(),
    legalBasis: z.array(z.looseObject({ issuer: z.string(), document: z.string(), date: z.iso.date() })),
    purpose: z.string(),
    /** Who gets the files, what for and on what ground (R30). */
    consumers: z.array(
      z.looseObject({
        id: z.string(),
        name: z.string(),
        purpose: z.string(),
        legalGround: z.string(),
        columns: z.array(z.string()),
      }),
    ),
    /** Exclusive (R24). */
    cutOff: moment,
    /** Deadlines of the campaign that were moved, and why. */
    moved: z.array(z.looseObject({ what: z.string(), from: moment, reason: z.string() })),
    /** The last recorded moment that is in. */
    recordedThrough: moment,
    validOn: z.iso.date(),
    run: z.looseObject({ id: z.string(), kind: z.string(), clock: moment }),
    window: z.looseObject({ from: moment, through: moment }),
    contacts: z.looseObject({ phone: z.string(), email: z.string() }),
    counts: z.record(z.string(), count),
    coverage: z.array(coverageEntry),
    excluded: z.array(outsideEntry),
    notAddressed: z.array(outsideEntry),
    /** SHA-256 of the canonical manifest without this line: finds damage, proves no author. */
    fingerprint: sha256,
  }),
});
export type SnapshotManifest = z.infer<typeof snapshotManifest>;

/** One line of `mingce snapshot list --json`. */
export const snapshotSummary = z.strictObject({
  id: z.string().regex(SNAPSHOT_ID),
  campaign: z.string(),
  kind: z.enum(PLAN_KINDS),
  version: z.int().positive(),
  cutOff: moment,
  recordedThrough: moment,
  /** Taken by a closing run, or by hand. */
  automatic: z.boolean(),
  /** The recorded version of the campaign that made it. */
  campaignVersion: z.int().positive(),
  /** Of a version that corrects another. */
  correction: snapshotCorrection.nullable(),
  createdAt: moment,
  files: z.array(z.strictObject({ path: z.string(), bytes: count, sha256, rows: count.nullable() })),
  coverage: z.record(z.enum(COVERAGE), count),
  fingerprint: sha256,
  /** Last day on which its rows are kept; from the next one on they are due for shredding. Null where its planning year is known no more. */
  keepUntil: z.iso.date().nullable(),
  /** When, by whom and why its rows were shredded; null while they can be read. */
  shredded: z.strictObject({ at: moment, by: z.string(), reason: z.string() }).nullable(),
});
export type SnapshotSummary = z.infer<typeof snapshotSummary>;
export const snapshotList = z.array(snapshotSummary);

/** `mingce snapshot rebuild --json`: what each file is and would be. */
export const snapshotRebuilt = z.strictObject({
  id: z.string().regex(SNAPSHOT_ID),
  ok: z.boolean(),
  files: z.array(
    z.strictObject({ path: z.string(), ok: z.boolean(), stored: sha256.nullable(), rebuilt: sha256.nullable() }),
  ),
});
export type SnapshotRebuilt = z.infer<typeof snapshotRebuilt>;

/** `mingce snapshot shred --json`; `shredded` is false where it was before. */
export const snapshotShredded = z.strictObject({ shredded: z.boolean(), snapshot: snapshotSummary });

/** `mingce snapshot shred --due --json`: what was due, and whether it is shredded now; a dry run only looks. `waiting`: planning years whose file cannot be used, and why; theirs are not shredded. */
export const dueShredded = z.strictObject({
  dryRun: z.boolean(),
  snapshots: z.array(snapshotShredded),
  waiting: z.array(
    z.strictObject({ campaign: z.string(), snapshots: z.array(z.string().regex(SNAPSHOT_ID)), why: z.string() }),
  ),
});
export type DueShredded = z.infer<typeof dueShredded>;

/** `mingce snapshot create --json` */
export const snapshotCreated = z.strictObject({ created: z.boolean(), snapshot: snapshotSummary });

/** `mingce snapshot export --json` */
export const snapshotExported = z.strictObject({
  id: z.string().regex(SNAPSHOT_ID),
  dir: z.string(),
  files: z.array(z.strictObject({ path: z.string(), bytes: count, sha256 })),
});
export type SnapshotExported = z.infer<typeof snapshotExported>;

export const PROBLEMS = [
  'missing',
  'extra',
  'not-a-file',
  'unreadable',
  'bytes',
  'hash',
  'rows',
  'header',
  'format',
  'manifest-invalid',
  'manifest-changed',
  'manifest-inconsistent',
  'signature-wrong',
  'key-unknown',
  'keys-invalid',
  'shredded',
] as const;

/** `mingce snapshot verify --json`; `id` is null where the manifest cannot be read. */
export const snapshotVerified = z.strictObject({
  id: z.string().nullable(),
  ok: z.boolean(),
  /** The key that signed the manifest; null where no signature holds. `keyFrom`: whether the key was given by whoever verifies, or came with the files and proves no author. */
  signature: z.strictObject({ kid: z.string(), keyFrom: z.enum(['given', 'files']) }).nullable(),
  files: z.array(z.strictObject({ path: z.string(), ok: z.boolean(), bytes: count, rows: count.nullable() })),
  problems: z.array(z.strictObject({ file: z.string(), code: z.enum(PROBLEMS), message: z.string() })),
});
export type SnapshotVerified = z.infer<typeof snapshotVerified>;
export type SnapshotProblem = SnapshotVerified['problems'][number];
