/** The engine of a process root: pipeline context, queue, sources at a run's moment; with a worker where the process works itself. */
import type { Logger } from 'pino';
import { openParserPool } from '../connectors/tables/sandbox/parser-pool.ts';
import { makeNotices, type Notices } from '../jobs/notices.ts';
import { type JobQueue, type MingceJob, openQueue } from '../jobs/queue.ts';
import { makeSources } from '../jobs/sources.ts';
import type { RunStarter } from '../jobs/start-run.ts';
import { openWorker, type RunningWorker } from '../jobs/worker.ts';
import type { PipelineContext } from '../pipelines/context.ts';
import type { Sources } from '../pipelines/nightly-run.ts';
import type { Run } from '../warehouse/runs.ts';
import type { Installation } from './installation.ts';
import { openWebhooks } from './open-webhooks.ts';

export interface Engine extends RunStarter {
  ctx: PipelineContext;
  queue: JobQueue;
  notices: Notices;
  sourcesFor(run: Pick<Run, 'clock'>): Promise<Sources>;
  work(onSchedule: (job: MingceJob) => Promise<void>): Promise<RunningWorker>;
  close(): Promise<void>;
}

export function openEngine(installation: Installation, log: Logger, signal: AbortSignal): Engine {
  const { db, keyring, campaigns, config, rehearsal } = installation;
  const rawDays = config.retention.rawDays ?? null;
  const ctx: PipelineContext = {
    db,
    keyring,
    campaigns,
    guards: config.guards,
    accounts: config.accounts,
    rawDays,
    historyYears: config.retention.historyYears,
    log,
    signal,
    progress: () => undefined,
  };
  const webhooks = openWebhooks(config, installation.secret);
  const queue = openQueue(installation, (err) => log.warn({ err }, 'queue connection'));
  const notices = makeNotices({ ctx, queue, webhooks });
  const parsers = openParserPool();
  const byClock = new Map<string, Sources>();
  const sourcesFor = async (run: Pick<Run, 'clock'>): Promise<Sources> => {
    const key = rehearsal ? run.clock : 'now';
    const known = byClock.get(key);
    if (known) return known;
    const configs = rehearsal ? await rehearsal.sourcesAt(run.clock, config.sources) : config.sources;
    const sources = makeSources(configs, {
      home: installation.home,
      configDir: installation.configDir,
      secrets: installation.secret,
      machineClock: config.simulation ? null : Date.now,
      parsers,
    });
    byClock.set(key, sources);
    return sources;
  };
  return {
    ctx,
    queue,
    notices,
    sourcesFor,
    work: (onSchedule) =>
      openWorker({ ctx, databaseUrl: installation.databaseUrl, queue, sourcesFor, notices, onSchedule }),
    close: async () => {
      await queue.close();
      await parsers.close();
    },
  };
}
