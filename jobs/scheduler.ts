/**
 * The nightly schedule (R12). BullMQ's job scheduler fires it; behind it stands a row of ours and a watchdog outside the queue, which writes the
 * scheduler anew when the queue lost it, hands an unfinished run to the queue again when its jobs are gone (I9), and starts a night that was due and
 * never began. Both ask for the same slot, so a night runs once.
 */
import { lookAtInboxes } from '../pipelines/look-at-inboxes.ts';
import type { Config } from '../schemas/config.ts';
import { wasAskedIn } from '../warehouse/closings.ts';
import { type NewRun, unfinishedRun } from '../warehouse/runs.ts';
import { dueSlot, listSchedules, saveSchedule } from '../warehouse/schedules.ts';
import type { Notices } from './notices.ts';
import { enqueueRun, type RunStarter, resumeOwing, runsFor, startRun } from './start-run.ts';

export const NIGHTLY = 'nightly';
const TIME_ZONE = 'Asia/Taipei';
const WATCH_EVERY_MS = 60_000;
/** A night found missed within these minutes is made up for; an older one waits for the next. */
const CATCH_UP_MINUTES = 6 * 60;

export interface Scheduler {
  /** The queue's scheduler fired, or the watchdog found a night due. */
  fire(): Promise<void>;
  /** What the watchdog does every minute. */
  look(): Promise<void>;
  close(): void;
}

export interface SchedulerDependencies extends RunStarter {
  config: Config;
  /** Left out: notices wait for another scheduler. */
  notices?: Pick<Notices, 'dispatch'>;
  /** The real moment, ISO: by it nights are due. */
  now(): string;
  /** The moment a scheduled run speaks for: the real one, or a rehearsal's next night. Prepares what a rehearsal hands in. */
  clock(): Promise<string>;
}

async function assertSchedules(deps: SchedulerDependencies): Promise<void> {
  for (const schedule of await listSchedules(deps.ctx.db)) {
    if (!schedule.enabled) {
      await deps.queue.removeSchedule(schedule.name);
      continue;
    }
    const [hour, minute] = schedule.at_time.split(':').map(Number);
    await deps.queue.upsertSchedule(schedule.name, { pattern: `0 ${minute} ${hour} * * *`, tz: schedule.time_zone });
  }
}

/** A closing run that failed is tried again with the next night, and keeps this one from nothing. */
async function firstUntried({ ctx }: SchedulerDependencies, asked: NewRun, night: string): Promise<NewRun | null> {
  for (const wanted of await runsFor(ctx, asked)) {
    if (wanted.kind !== 'closing' || wanted.slot === null) return wanted;
    if (!(await wasAskedIn(ctx.db, wanted.slot, night))) return { ...wanted, askedIn: night };
    ctx.log.error({ slot: wanted.slot, night }, 'the closing run failed: it is tried again with the next night');
  }
  return null;
}

async function fireDue(deps: SchedulerDependencies): Promise<void> {
  const { ctx, config } = deps;
  const slot = await dueSlot(ctx.db, NIGHTLY, deps.now());
  if (slot.taken || slot.late > CATCH_UP_MINUTES) return;
  // One run at a time: a night that is due while another run goes on begins when the watchdog looks again.
  if (await unfinishedRun(ctx.db)) return;
  const owing = await resumeOwing(deps, slot.slot);
  if (owing) {
    ctx.log.warn({ run: owing.id, kind: owing.kind, stage: owing.stage }, 'what an applied run owes is tried again');
    return;
  }
  const clock = await deps.clock();
  const asked = {
    kind: 'nightly' as const,
    clock,
    simulated: config.simulation,
    dryRun: false,
    onlySources: null,
    slot: slot.slot,
  };
  // A closing run comes first; the night itself begins when the watchdog looks again and finds it ended, well or not.
  const wanted = (await firstUntried(deps, asked, slot.slot)) ?? asked;
  const run = await startRun(deps, wanted);
  if (run) ctx.log.info({ run: run.id, kind: run.kind, slot: wanted.slot }, 'run started by schedule');
}

/** A queue that was emptied under a run that goes on: its jobs are made anew. */
async function recoverRun(deps: SchedulerDependencies): Promise<void> {
  const run = await unfinishedRun(deps.ctx.db);
  if (!run || (await deps.queue.holds(run.id))) return;
  await enqueueRun(deps, run);
  deps.ctx.log.warn({ run: run.id }, 'the queue held no job of the run: handed over anew');
}

/** Writes the schedule down, asserts it in the queue and starts the watchdog. */
export async function openScheduler(deps: SchedulerDependencies): Promise<Scheduler> {
  await saveSchedule(deps.ctx.db, { name: NIGHTLY, at_time: deps.config.schedule.nightly, time_zone: TIME_ZONE });
  let looking = false;
  const look = async (): Promise<void> => {
    await assertSchedules(deps);
    await recoverRun(deps);
    await fireDue(deps);
    await deps.notices?.dispatch();
    // A server that hangs must not have a look begin each minute.
    if (looking || deps.config.simulation) return;
    looking = true;
    try {
      const now = deps.now();
      await lookAtInboxes(deps.ctx, await deps.sourcesFor({ clock: now }), now);
    } finally {
      looking = false;
    }
  };
  await assertSchedules(deps);
  await recoverRun(deps);
  await deps.notices?.dispatch();
  const watch = setInterval(() => {
    look().catch((err: unknown) => deps.ctx.log.error({ err }, 'watchdog'));
  }, WATCH_EVERY_MS);
  return { fire: () => fireDue(deps), look, close: () => clearInterval(watch) };
}
