/**
 * BullMQ on Redis when REDIS_URL is set, else on its PostgreSQL backend in the same database. One queue: few, coarse jobs. A job carries a run
 * id and a source name, or the number of a notice and whom it goes to, and nothing else; the truth is in `ops`, so a lost queue loses no work.
 */
import {
  createPostgresBackend,
  FlowProducer,
  type Job,
  type JobsOptions,
  Queue,
  type RepeatOptions,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import { QUEUE_SCHEMA } from '../warehouse/migrate.ts';

export const QUEUE_NAME = 'mingce';

/** What a job may carry: the run, and the sources it hears (a feed's name, or `roster-3` for a block of school files). */
export interface JobData {
  run?: number;
  source?: string;
  notice?: number;
  consumer?: string;
}
export type MingceJob = Job<JobData, void, JobName>;
export type JobName = 'source' | 'run' | 'schedule' | 'notice';

/** Of a notice: with pauses from five seconds on, each twice as long, for about a day. */
const NOTICE_TRIES = 15;

/** A lock outlives short pauses of a busy event loop; what runs twice all the same is fenced. */
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 7_500;
/** A killed worker is no fault of the job: it may be taken up again often. */
const MAX_STALLED = 50;

const FINISHED = { removeOnComplete: { count: 200 }, removeOnFail: { count: 200 } } satisfies JobsOptions;
const RETRIES = { attempts: 3, backoff: { type: 'exponential', delay: 1000 } } satisfies JobsOptions;

export interface QueueTarget {
  databaseUrl: string;
  redisUrl: string | null;
}

export interface JobQueue {
  /** One parent that runs when every source was heard; a source that fails does not hold it up. */
  addRun(run: number, sources: readonly string[]): Promise<void>;
  /** One job for each delivery: while it is there, asking again adds none. @param pauseMs before the second try */
  addNotice(delivery: { notice: number; consumer: string }, pauseMs: number): Promise<void>;
  upsertSchedule(name: string, repeat: RepeatOptions): Promise<void>;
  removeSchedule(name: string): Promise<void>;
  work(process: (job: MingceJob, token: string) => Promise<void>, concurrency: number): JobWorker;
  /** Whether any job of the run still waits or is at work. */
  holds(run: number): Promise<boolean>;
  /** Jobs by state, for `doctor` and the page. */
  counts(): Promise<Record<string, number>>;
  close(): Promise<void>;
}
export interface JobWorker {
  ready(): Promise<unknown>;
  onError(listener: (error: Error) => void): void;
  onFailed(listener: (job: MingceJob | undefined, error: Error) => void): void;
  close(force?: boolean): Promise<void>;
}

type MingceQueue = Queue<JobData, void, JobName>;

/** The two backends differ in their connection only; past these constructors the code is one. */
function makeClasses(target: QueueTarget) {
  if (target.redisUrl !== null) {
    const connection = new Redis(target.redisUrl, { maxRetriesPerRequest: null });
    return {
      queue: new Queue(QUEUE_NAME, { connection }) as unknown as MingceQueue,
      flow: new FlowProducer({ connection }),
      worker: (
        process: (job: MingceJob, token?: string) => Promise<void>,
        options: Omit<WorkerOptions, 'connection'>,
      ) => new Worker(QUEUE_NAME, process as never, { connection, ...options }),
      end: async () => {
        await connection.quit();
      },
    };
  }
  const connection = {
    connectionString: target.databaseUrl,
    schema: QUEUE_SCHEMA,
    max: 3,
    application_name: 'mingce queue',
  };
  return {
    queue: new Queue(QUEUE_NAME, { connection }, createPostgresBackend) as unknown as MingceQueue,
    flow: new FlowProducer({ connection }, createPostgresBackend) as unknown as FlowProducer,
    worker: (process: (job: MingceJob, token?: string) => Promise<void>, options: Omit<WorkerOptions, 'connection'>) =>
      new Worker(QUEUE_NAME, process as never, { connection, ...options }, createPostgresBackend) as unknown as Worker,
    end: async () => undefined,
  };
}

export function openQueue(target: QueueTarget, onError: (error: Error) => void): JobQueue {
  const { queue, flow, worker, end } = makeClasses(target);
  queue.on('error', onError);
  flow.on('error', onError);
  return {
    addRun: async (run, sources) => {
      await flow.add({
        name: 'run' satisfies JobName,
        queueName: QUEUE_NAME,
        data: { run } satisfies JobData,
        opts: { ...RETRIES, ...FINISHED },
        children: sources.map((source) => ({
          name: 'source' satisfies JobName,
          queueName: QUEUE_NAME,
          data: { run, source } satisfies JobData,
          opts: { ...RETRIES, removeOnComplete: true, removeOnFail: { count: 200 }, ignoreDependencyOnFailure: true },
        })),
      });
    },
    addNotice: async ({ notice, consumer }, pauseMs) => {
      await (queue as unknown as Queue).add('notice' satisfies JobName, { notice, consumer } satisfies JobData, {
        jobId: `notice-${notice}-${consumer}`,
        attempts: NOTICE_TRIES,
        backoff: { type: 'exponential', delay: pauseMs },
        removeOnComplete: true,
        removeOnFail: true,
      });
    },
    upsertSchedule: async (name, repeat) => {
      await (queue as unknown as Queue).upsertJobScheduler(name, repeat, {
        name: 'schedule',
        data: {},
        opts: { ...RETRIES, ...FINISHED },
      });
    },
    removeSchedule: async (name) => {
      await queue.removeJobScheduler(name);
    },
    work: (process, concurrency) => {
      const working = worker((job, token) => process(job, token ?? ''), {
        concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_CHECK_MS,
        maxStalledCount: MAX_STALLED,
      });
      return {
        ready: () => working.waitUntilReady(),
        onError: (listener) => void working.on('error', listener),
        onFailed: (listener) => void working.on('failed', listener as never),
        close: (force) => working.close(force),
      };
    },
    holds: async (run) => {
      const jobs = await queue.getJobs(['wait', 'active', 'delayed', 'prioritized', 'waiting-children']);
      return jobs.some((job) => job?.data.run === run);
    },
    counts: () => queue.getJobCounts(),
    close: async () => {
      await Promise.all([queue.close(), flow.close()]);
      await end();
    },
  };
}
