/** Runs and their ledger: the truth about a run is here, not in the queue. */

import { storableJson } from '../schemas/storable.ts';
import { WrongRequestError } from '../schemas/wrong-request.ts';
import type { Database, Transaction } from './connect.ts';
import type { RunClaim, SourceClaim } from './fence.ts';
import type { Keyring } from './keyring.ts';
import type { MergeCounts } from './landing/merge.ts';

export const RUN_KINDS = ['nightly', 'manual', 'closing', 'replay', 'decision', 'revert'] as const;
export type RunKind = (typeof RUN_KINDS)[number];
export const STAGES = ['collect', 'match', 'reconcile', 'apply', 'report', 'snapshot', 'done'] as const;
export type Stage = (typeof STAGES)[number];
export type RunStatus = 'running' | 'complete' | 'held' | 'failed';
export type SourceStatus = 'waiting' | 'fresh' | 'carried-forward' | 'held' | 'failed';

export interface RunError {
  code: string;
  message: string;
}
export interface Run {
  id: number;
  kind: RunKind;
  clock: string;
  simulated: boolean;
  dry_run: boolean;
  only_sources: string[] | null;
  status: RunStatus;
  stage: Stage;
  epoch: number;
  worker: string | null;
  started_at: string;
  finished_at: string | null;
  recorded_at: string | null;
  error: RunError | null;
  summary: unknown;
  slot: string | null;
  /** The run whose changes this one undoes, who decided that (nobody a dry run), and why. */
  reverts: number | null;
  asked_by: string | null;
  asked_why: string | null;
}
export interface RunSource extends MergeCounts {
  run_id: number;
  source: string;
  drop_name: string;
  status: SourceStatus;
  as_of: string | null;
  read: number;
  missing: number;
  error_code: string | null;
  error_params: Record<string, string | number> | null;
  notes: Record<string, unknown> | null;
}

export interface NewRun {
  kind: RunKind;
  clock: string;
  simulated: boolean;
  dryRun: boolean;
  onlySources: string[] | null;
  /** Schedule slot; two schedulers asking for the same slot get one run. */
  slot: string | null;
  /** The night's slot that asks for a closing run. */
  askedIn?: string | null;
  /** Of a revert (`reverts/requests.ts`). */
  reverts?: number;
  askedBy?: string | null;
  askedWhy?: string | null;
}

/** @returns the new run, or null when its slot was taken already or another run goes on: one run at a time, held by the database */
export async function createRun(db: Database | Transaction, run: NewRun): Promise<Run | null> {
  const rows: Run[] = await db('ops.run')
    .insert({
      kind: run.kind,
      clock: run.clock,
      simulated: run.simulated,
      dry_run: run.dryRun,
      only_sources: run.onlySources,
      slot: run.slot,
      asked_in: run.askedIn ?? null,
      reverts: run.reverts ?? null,
      asked_by: run.askedBy ?? null,
      asked_why: run.askedWhy ?? null,
    })
    .onConflict()
    .ignore()
    .returning('*');
  return rows[0] ?? null;
}

/** @throws WrongRequestError when there is no such run */
export async function getRun(db: Database | Transaction, id: number): Promise<Run> {
  const run: Run | undefined = await db('ops.run').where({ id }).first();
  if (!run) throw new WrongRequestError(`there is no run ${id}; "mingce runs" lists them`);
  return run;
}

export const listRuns = (db: Database, limit: number): Promise<Run[]> =>
  db('ops.run').orderBy('id', 'desc').limit(limit);

/** The run that was begun and has not ended: it goes on before a new one begins. */
export const unfinishedRun = (db: Database): Promise<Run | undefined> =>
  db('ops.run').where({ status: 'running' }).first();

export const latestFinishedRun = (db: Database): Promise<Run | undefined> =>
  db('ops.run').whereNot({ status: 'running' }).orderBy('id', 'desc').first();

/** Takes a run over: from now on only this claim may write for it. @returns null when it is finished. */
export async function claimRun(db: Database, runId: number, worker: string): Promise<(RunClaim & { run: Run }) | null> {
  const rows: Run[] = await db('ops.run')
    .where({ id: runId, status: 'running' })
    .update({ epoch: db.raw('epoch + 1'), worker })
    .returning('*');
  const run = rows[0];
  return run ? { runId, epoch: run.epoch, run } : null;
}

/** Moves a run to its next stage, inside the transaction that did the work of the last one where there was one. */
export async function setStage(trx: Database | Transaction, claim: RunClaim, stage: Stage): Promise<void> {
  await trx('ops.run').where({ id: claim.runId, epoch: claim.epoch }).update({ stage });
}

export async function finishRun(
  trx: Database | Transaction,
  claim: RunClaim,
  end: { status: RunStatus; error?: RunError },
): Promise<void> {
  await trx('ops.run')
    .where({ id: claim.runId, epoch: claim.epoch })
    .update({
      status: end.status,
      ...(end.status === 'failed' ? {} : { stage: 'done' }),
      finished_at: trx.raw('clock_timestamp()'),
      error: end.error ? storableJson(end.error) : null,
    });
}

/** A source of a run and the job that will hear it. */
export interface PlannedSource {
  source: string;
  drop: string;
  job: string;
  files: string[];
  stamps?: string[];
}

const filesPlace = (runId: number, source: string): string => `ops.run_source.files:${runId}:${source}`;

/** Records which sources the run will hear; a resumed run keeps what it set out with. */
export async function addSources(
  db: Database | Transaction,
  keyring: Keyring,
  runId: number,
  sources: readonly PlannedSource[],
): Promise<void> {
  const BLOCK = 500;
  for (let i = 0; i < sources.length; i += BLOCK) {
    const rows = sources.slice(i, i + BLOCK).map((s) => ({
      run_id: runId,
      source: s.source,
      drop_name: s.drop,
      job: s.job,
      files:
        s.files.length === 0 ? null : keyring.seal(filesPlace(runId, s.source), Buffer.from(JSON.stringify(s.files))),
      stamps: JSON.stringify(s.stamps ?? []),
    }));
    await db('ops.run_source').insert(rows).onConflict(['run_id', 'source']).ignore();
  }
}

export const listSources = (db: Database | Transaction, runId: number): Promise<RunSource[]> =>
  db('ops.run_source').where({ run_id: runId }).orderBy('source');

/** Jobs of a run that still have something to hear. */
export async function waitingJobs(db: Database, runId: number): Promise<string[]> {
  const rows = await db('ops.run_source').where({ run_id: runId, status: 'waiting' }).distinct('job').orderBy('job');
  return rows.map((row: { job: string }) => row.job);
}

export interface ClaimedSource extends SourceClaim {
  files: string[];
  stamps: string[];
  drop: string;
}

/** Takes over what a job still has to hear. */
export async function claimSources(
  db: Database,
  keyring: Keyring,
  runId: number,
  job: string,
  worker: string,
): Promise<ClaimedSource[]> {
  const opened = (source: string, files: Buffer | null): string[] =>
    files === null ? [] : JSON.parse(keyring.open(filesPlace(runId, source), files).toString('utf8'));
  const rows = await db('ops.run_source')
    .where({ run_id: runId, job, status: 'waiting' })
    .update({ epoch: db.raw('epoch + 1'), worker })
    .returning(['source', 'epoch', 'files', 'stamps', 'drop_name']);
  return rows
    .map((row) => ({
      runId,
      source: row.source,
      epoch: row.epoch,
      files: opened(row.source, row.files),
      stamps: row.stamps,
      drop: row.drop_name,
    }))
    .sort((a, b) => (a.source < b.source ? -1 : 1));
}

export interface SourceLedger extends MergeCounts {
  read: number;
  missing: number;
  asOf: string | null;
  notes: Record<string, unknown>;
}

/** Balances the books of sources of one run in the transaction that landed them. */
export async function finishSources(
  trx: Transaction,
  finished: readonly { claim: SourceClaim; ledger: SourceLedger }[],
): Promise<void> {
  const [first] = finished;
  if (!first) return;
  const books = finished.map(({ claim: { source, epoch }, ledger: { asOf, ...counted } }) => ({
    ...counted,
    source,
    epoch,
    as_of: asOf,
  }));
  await trx.raw(
    `UPDATE ops.run_source s
     SET read = f.read, accepted = f.accepted, unchanged = f.unchanged, quarantined = f.quarantined, excluded = f.excluded, duplicate = f.duplicate,
         missing = f.missing, as_of = f.as_of, notes = f.notes, status = 'fresh'
     FROM jsonb_to_recordset(?::jsonb) AS f (source text, epoch integer, read bigint, accepted bigint, unchanged bigint, quarantined bigint,
                                             excluded bigint, duplicate bigint, missing bigint, as_of timestamptz, notes jsonb)
     WHERE s.run_id = ? AND s.source = f.source AND s.epoch = f.epoch`,
    [storableJson(books), first.claim.runId],
  );
}

/** The source said nothing usable: its previous picture stands. */
export async function failSource(
  db: Database | Transaction,
  claim: SourceClaim,
  failure: { code: string; params: Record<string, string | number> },
): Promise<void> {
  await db('ops.run_source')
    .where({ run_id: claim.runId, source: claim.source, epoch: claim.epoch, status: 'waiting' })
    .update({ status: 'failed', error_code: failure.code, error_params: storableJson(failure.params) });
}

/** Sources that no job could hear (it crashed each time): failed, so that the run goes on without them. */
export async function failUnheardSources(db: Database, claim: RunClaim): Promise<void> {
  await db('ops.run_source')
    .where({ run_id: claim.runId, status: 'waiting' })
    .update({
      status: 'failed',
      epoch: db.raw('epoch + 1'),
      error_code: 'source-crashed',
      error_params: db.raw("jsonb_build_object('source', source)"),
    });
}

/** The run cannot go on: nothing of its plan was applied (the database holds to that), the state is as before. Its slot is free for another try. */
export async function failRun(db: Database, claim: RunClaim, error: RunError): Promise<void> {
  await db.transaction(async (trx) => {
    await finishRun(trx, claim, { status: 'failed', error });
    await trx.raw(`UPDATE ops.run SET slot = slot || ' failed ' || id WHERE id = ? AND status = 'failed'`, [
      claim.runId,
    ]);
  });
}

/** The newest moment that a run spoke for and completed; null before the first. */
export async function lastCompletedClock(db: Database): Promise<string | null> {
  const { rows } = await db.raw(
    `SELECT max(clock) AS clock FROM ops.run WHERE status IN ('complete', 'held') AND NOT dry_run`,
  );
  return rows[0].clock;
}

/** How far the hearing of a run is: sources heard, of how many, rows read so far, failures. */
export async function hearingProgress(
  db: Database,
  runId: number,
): Promise<{ status: RunStatus; stage: Stage; heard: number; total: number; rows: number; failed: number }> {
  const { rows } = await db.raw(
    `SELECT r.status, r.stage, count(s.source) FILTER (WHERE s.status <> 'waiting') AS heard, count(s.source) AS total,
            coalesce(sum(s.read), 0)::bigint AS rows, count(s.source) FILTER (WHERE s.status = 'failed') AS failed
     FROM ops.run r LEFT JOIN ops.run_source s ON s.run_id = r.id WHERE r.id = ? GROUP BY r.id`,
    [runId],
  );
  return rows[0];
}
