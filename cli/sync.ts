/**
 * One whole run now, or in a rehearsal every night that was not played yet. A run that was begun and lost (killed process, lost queue) goes on
 * before a new one begins (I9).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type AskedRun, enqueueRun, runsFor, startRun } from '../jobs/start-run.ts';
import { runsOwing, takeUpOwing } from '../warehouse/owed-work.ts';
import type { RevertRequest } from '../warehouse/reverts/requests.ts';
import { getRun, hearingProgress, lastCompletedClock, type Run, unfinishedRun } from '../warehouse/runs.ts';
import type { Engine } from './engine.ts';
import type { Installation } from './installation.ts';
import type { Progress } from './progress.ts';
import { UsageError } from './usage-error.ts';

/** A short run is seen to end at once; a long one is asked for less often, for each look costs the database more than its pause. */
const LOOK_AFTER_MS = { least: 40, most: 300 };
const SHARE_OF_RUN = 1 / 20;

export interface SyncRequest {
  sources: string[] | null;
  dryRun: boolean;
  clock: string | null;
  /** `replay` reads what is kept again instead of asking the sources, and may name single parts, `roster/064601`; `decision` carries out what was approved, `revert` undoes a run. */
  kind?: 'replay' | 'decision' | 'revert';
  /** Of kind `revert`. */
  revert?: RevertRequest;
}

/** @throws UsageError */
export function checkRequest(installation: Installation, request: SyncRequest): void {
  const names = installation.config.sources.map((s) => s.name);
  for (const name of request.sources ?? []) {
    if (!names.includes(request.kind === 'replay' ? (name.split('/')[0] as string) : name))
      throw new UsageError(`--source ${name}: no such source; the configuration has ${names.join(', ')}`);
  }
  if (request.clock === null) return;
  if (!installation.config.simulation) {
    throw new UsageError(`--clock ${request.clock}: refused, the configuration does not say simulation: true`);
  }
  if (Number.isNaN(Date.parse(request.clock)) || !/(Z|[+-]\d\d:\d\d)$/.test(request.clock)) {
    throw new UsageError(
      `--clock ${request.clock}: expected an ISO moment with its offset, such as 2024-08-01T02:00:00+08:00`,
    );
  }
}

async function waitFor(engine: Engine, runId: number, progress: Progress): Promise<Run> {
  const label = `run ${runId}`;
  const began = performance.now();
  for (;;) {
    const at = await hearingProgress(engine.ctx.db, runId);
    if (at.status !== 'running') return getRun(engine.ctx.db, runId);
    if (at.stage === 'collect') progress.hearing(label, at.heard, at.total, at.rows);
    else progress.stage(label, at.stage);
    const pause = Math.min(LOOK_AFTER_MS.most, (performance.now() - began) * SHARE_OF_RUN);
    await delay(Math.max(LOOK_AFTER_MS.least, pause), undefined, { signal: engine.ctx.signal });
  }
}

/** The moments to speak for: the one given, now, or the rehearsal's nights that were not played yet (its last one again when all were). */
async function clocksOf(installation: Installation, { clock: given, kind }: SyncRequest): Promise<string[]> {
  if (given !== null) return [given];
  const { rehearsal } = installation.config;
  if (!rehearsal) return [new Date().toISOString()];
  const played = await lastCompletedClock(installation.db);
  if (kind !== undefined) return [played ?? (rehearsal.clocks[0] as string)];
  const open = rehearsal.clocks.filter((c) => played === null || Date.parse(c) > Date.parse(played));
  return open.length > 0 ? open : rehearsal.clocks.slice(-1);
}

/** @returns the runs that were made, oldest first; a run taken up again is among them */
export async function sync(
  installation: Installation,
  engine: Engine,
  request: SyncRequest,
  progress: Progress,
  onRun: (run: Run) => Promise<void>,
): Promise<Run[]> {
  const runs: Run[] = [];
  const finish = async (runId: number): Promise<Run> => {
    const run = await waitFor(engine, runId, progress);
    progress.done();
    runs.push(run);
    await onRun(run);
    return run;
  };
  const starter = { ...engine, ctx: { ...engine.ctx, progress: (what: string) => progress.stage('sync', what) } };
  const finishUnfinished = async (): Promise<boolean> => {
    const lost = await unfinishedRun(installation.db);
    if (!lost) return false;
    await enqueueRun(starter, lost);
    await finish(lost.id);
    return true;
  };
  /** Begins when no other run goes on; null when somebody else took the slot. */
  const finishOne = async (wanted: AskedRun): Promise<Run | null> => {
    for (;;) {
      const started = await startRun(starter, wanted);
      if (started !== null) return finish(started.id);
      if (!(await finishUnfinished()) && wanted.slot !== null) return null;
    }
  };
  await finishUnfinished();
  for (const { id } of await runsOwing(installation.db)) {
    const run = await takeUpOwing(installation.db, id, null);
    if (run === null) continue;
    await enqueueRun(engine, run);
    await finish(id);
  }
  for (const clock of await clocksOf(installation, request)) {
    if (installation.rehearsal && request.kind === undefined) await installation.rehearsal.deposit(clock);
    const asked = {
      kind: request.kind ?? ('manual' as const),
      clock,
      simulated: installation.config.simulation,
      dryRun: request.dryRun,
      onlySources: request.sources,
      slot: null,
      ...(request.revert && { revert: request.revert }),
    };
    for (const wanted of await runsFor(engine.ctx, asked)) {
      const run = await finishOne(wanted);
      // A closing run that failed is tried again with the next sync or night; the run asked for goes on.
      if (run?.status === 'failed' && run.kind !== 'closing') return runs;
    }
  }
  return runs;
}
