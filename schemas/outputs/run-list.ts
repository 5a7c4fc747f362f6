/** What `mingce runs --json` answers: the runs, newest first, or one run with its ledger. */
import { z } from 'zod';
import { codedError, moment, RUN_ENDS, RUN_KINDS, SOURCE_ENDS, sourceResult, syncResult } from './sync-result.ts';

const status = z.enum(['running', ...RUN_ENDS]);

export const runLine = z.strictObject({
  run: z.string(),
  kind: z.enum(RUN_KINDS),
  status,
  stage: z.string(),
  clock: moment,
  dryRun: z.boolean(),
  startedAt: moment,
  finishedAt: moment.nullable(),
  /** Sources (each school's file is one) by how they ended; `waiting` are not heard yet. */
  sources: z.partialRecord(z.enum(['waiting', ...SOURCE_ENDS]), z.int().nonnegative()),
  /** Proposed changes of all kinds. */
  changes: z.int().nonnegative(),
  error: codedError.nullable(),
});
export type RunLine = z.infer<typeof runLine>;

export const runList = z.array(runLine);

const heard = z.enum(['waiting', ...SOURCE_ENDS]);
const detailPart = sourceResult.omit({ parts: true }).extend({ status: heard });

/** Like the result of a sync, and also of a run that goes on. */
export const runDetail = syncResult.extend({
  status,
  stage: z.string(),
  finishedAt: moment.nullable(),
  sources: z.array(detailPart.extend({ parts: z.array(detailPart).optional() })),
});
export type RunDetail = z.infer<typeof runDetail>;
export type SourceDetail = RunDetail['sources'][number];
