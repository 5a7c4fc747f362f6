/** What `mingce sync --json` answers (`syncAnswer`); published as JSON Schema, so a change here is a change for others. */
import { z } from 'zod';
import { institutionRef } from './institution-ref.ts';

export const RUN_ENDS = ['complete', 'held', 'failed'] as const;
export const SOURCE_ENDS = ['fresh', 'carried-forward', 'held', 'failed'] as const;
export const RUN_KINDS = ['nightly', 'manual', 'closing', 'replay', 'decision', 'revert'] as const;

export const moment = z.iso.datetime({ offset: true });
const count = z.int().nonnegative();

/** `sources[].error`: a code of the message catalogue and its text in English. */
export const codedError = z.strictObject({ code: z.string(), message: z.string() });

/** read = accepted + unchanged + quarantined + excluded + duplicate (I2); `missing` is not part of `read`. */
const ledger = {
  read: count,
  accepted: count,
  unchanged: count,
  quarantined: count,
  excluded: count,
  duplicate: count,
  missing: count,
};

const sourceLine = {
  source: z.string(),
  status: z.enum(SOURCE_ENDS),
  asOf: moment.nullable(),
  ...ledger,
  error: codedError.nullable(),
};

export const sourcePart = z.strictObject(sourceLine);
export type SourcePart = z.infer<typeof sourcePart>;

/** A source as configured; a whole drop of schools is the sum of its `parts`, and `asOf` is that of its oldest part. */
export const sourceResult = z.strictObject({ ...sourceLine, parts: z.array(sourcePart).optional() });
export type SourceResult = z.infer<typeof sourceResult>;

const changeCounts = z.strictObject({ added: count, changed: count, ended: count });

export const changesByEntity = z.strictObject({
  institutions: changeCounts,
  persons: changeCounts,
  assignments: changeCounts,
  accounts: changeCounts,
});
export type ChangesByEntity = z.infer<typeof changesByEntity>;

/** Something that a later run changed, or that a person decided: nothing of that person, institution or account was undone. */
export const revertConflict = z.strictObject({
  institution: institutionRef.nullable(),
  /** Our own id (`mingce explain person ID`). */
  person: z.int().nullable(),
  account: z.string().nullable(),
  /** A column (`title`), or the name of the change where it is none (`轉入`). */
  field: z.string(),
  /** The run that changed it later; where a decision stands in the way, the one that was to be undone. */
  run: z.string(),
  /** What is in force and brought it about: it must end first. */
  decided: z.strictObject({ what: z.enum(['value', 'judgement']), number: z.int() }).nullable(),
});

export const syncResult = z.strictObject({
  run: z.string(),
  kind: z.enum(RUN_KINDS),
  status: z.enum(RUN_ENDS),
  /** The moment that the run speaks for: the real one, or the rehearsal's. */
  clock: moment,
  dryRun: z.boolean(),
  startedAt: moment,
  finishedAt: moment,
  sources: z.array(sourceResult),
  changes: changesByEntity,
  exceptions: z.strictObject({ opened: count, closed: count, open: count }),
  held: z.array(z.strictObject({ institution: z.string(), reason: z.string(), planHash: z.string() })),
  /** What the run undid of which other one. `run` is null where it only took up what was held of an earlier revert. Null where it undid nothing. */
  revert: z
    .strictObject({
      run: z.string().nullable(),
      by: z.string().nullable(),
      reason: z.string().nullable(),
      conflicts: z.array(revertConflict),
    })
    .nullable(),
  /** Listed kindergartens that wait for a person to join them to the care system. */
  reviewWaiting: count,
  /** Ids of the snapshots that this run took. */
  snapshots: z.array(z.string()),
  /** null when the run failed before its report. */
  warehouseHash: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .nullable(),
  /** What a dry run proposes: the same proposal on another night has the same hash. null for a run that was applied. */
  planHash: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .nullable(),
  error: codedError.nullable(),
});
export type SyncResult = z.infer<typeof syncResult>;

/** The answer of one command: its last run, and the runs that came before it in the same command (a closing run, a rehearsal's nights). */
export const syncAnswer = syncResult.extend({
  /** Oldest first. */
  earlierRuns: z.array(syncResult),
});
export type SyncAnswer = z.infer<typeof syncAnswer>;
