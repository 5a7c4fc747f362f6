/**
 * What a worker does with a job: parse it, claim what it names, call one pipeline function. A job that another living worker holds is put back
 * for a while; one whose run is over is done.
 */
import { DelayedError, UnrecoverableError } from 'bullmq';
import { z } from 'zod';
import type { PipelineContext } from '../pipelines/context.ts';
import { endBroken } from '../pipelines/end-broken.ts';
import { hearSources, type Sources, stepRun } from '../pipelines/nightly-run.ts';
import { describeError } from '../schemas/describe-error.ts';
import { FencedError } from '../warehouse/fence.ts';
import { claimRun, getRun, type Run } from '../warehouse/runs.ts';
import { livingHolder } from '../warehouse/workers.ts';
import type { Notices } from './notices.ts';
import type { JobName, MingceJob } from './queue.ts';

const jobData = z.object({ run: z.int().positive(), source: z.string().optional() });
const noticeData = z.object({ notice: z.int().positive(), consumer: z.string() });
const HELD_ELSEWHERE_MS = 5_000;

export interface JobDependencies {
  ctx: PipelineContext;
  worker: string;
  /** Sources as they stand at a run's moment. */
  sourcesFor(run: Run): Promise<Sources>;
  notices: Notices;
  /** A schedule fired. */
  onSchedule(job: MingceJob): Promise<void>;
}

const isLastTry = (job: MingceJob): boolean => job.attemptsMade + 1 >= (job.opts.attempts ?? 1);

async function putBack(job: MingceJob, token: string): Promise<never> {
  await job.moveToDelayed(Date.now() + HELD_ELSEWHERE_MS, token);
  throw new DelayedError();
}

async function processSource(deps: JobDependencies, job: MingceJob, token: string): Promise<void> {
  const { run: runId, source: part = '' } = jobData.parse(job.data);
  const run = await getRun(deps.ctx.db, runId);
  if (run.status !== 'running') return;
  if (await livingHolder(deps.ctx.db, runId, part, deps.worker)) return putBack(job, token);
  await hearSources(deps.ctx, runId, part, deps.worker, await deps.sourcesFor(run), isLastTry(job));
}

async function processRun(deps: JobDependencies, job: MingceJob, token: string): Promise<void> {
  const { run: runId } = jobData.parse(job.data);
  if (await livingHolder(deps.ctx.db, runId, null, deps.worker)) return putBack(job, token);
  const claim = await claimRun(deps.ctx.db, runId, deps.worker);
  if (claim === null) return;
  try {
    await stepRun(deps.ctx, claim, await deps.sourcesFor(claim.run));
  } catch (error) {
    if (error instanceof FencedError || deps.ctx.signal.aborted || !isLastTry(job)) throw error;
    deps.ctx.log.error({ run: runId, err: error }, 'stage broke');
    const { message } = await endBroken(deps.ctx, claim, error);
    throw new UnrecoverableError(message);
  }
}

const PROCESSORS: Readonly<Record<JobName, (deps: JobDependencies, job: MingceJob, token: string) => Promise<void>>> = {
  source: processSource,
  run: async (deps, job, token) => {
    await processRun(deps, job, token);
    // A closing run published snapshots; here everything it did is committed.
    await deps.notices.dispatch();
  },
  notice: (deps, job) => deps.notices.deliver(noticeData.parse(job.data), isLastTry(job)),
  schedule: (deps, job) => deps.onSchedule(job),
};

export const makeProcessor =
  (deps: JobDependencies) =>
  // The queue keeps the message of what is thrown: a description without values is thrown instead, the whole goes to the log's own filter.
  async (job: MingceJob, token: string): Promise<void> => {
    try {
      await PROCESSORS[job.name](deps, job, token);
    } catch (error) {
      if (error instanceof DelayedError || error instanceof UnrecoverableError) throw error;
      deps.ctx.log.error({ job: job.name, run: job.data.run, source: job.data.source, err: error }, 'job failed');
      throw new Error(describeError(error).message);
    }
  };
