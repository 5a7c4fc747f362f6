/** A worker: takes jobs from the queue until it is told to stop. Many may run, on many machines, against one queue and one database. */
import type { PipelineContext } from '../pipelines/context.ts';
import type { Sources } from '../pipelines/nightly-run.ts';
import type { Run } from '../warehouse/runs.ts';
import { registerWorker } from '../warehouse/workers.ts';
import type { Notices } from './notices.ts';
import { makeProcessor } from './process-job.ts';
import type { JobQueue, MingceJob } from './queue.ts';

/** Parsing keeps one core busy, the database the other: more jobs at once only wait for each other. */
const CONCURRENCY = 4;

export interface WorkerDependencies {
  ctx: PipelineContext;
  databaseUrl: string;
  queue: JobQueue;
  sourcesFor(run: Run): Promise<Sources>;
  notices: Notices;
  onSchedule(job: MingceJob): Promise<void>;
}

export interface RunningWorker {
  id: string;
  /** Lets jobs in hand end, then leaves. */
  close(): Promise<void>;
}

export async function openWorker(deps: WorkerDependencies): Promise<RunningWorker> {
  const { ctx } = deps;
  const session = await registerWorker(deps.databaseUrl, (err) => ctx.log.error({ err }, 'worker session lost'));
  const { sourcesFor, notices, onSchedule } = deps;
  const process = makeProcessor({ ctx, worker: session.id, sourcesFor, notices, onSchedule });
  const worker = deps.queue.work(process, CONCURRENCY);
  worker.onError((err) => ctx.log.warn({ err }, 'queue connection'));
  await worker.ready();
  return {
    id: session.id,
    close: async () => {
      await worker.close();
      await session.close();
    },
  };
}
