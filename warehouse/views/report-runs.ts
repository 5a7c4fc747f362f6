/** Runs as reports and pages read them: their changes counted, their snapshots, what the report stage keeps. */
import type { ReportedSnapshot } from '../../schemas/outputs/report.ts';
import type { Database, Transaction } from '../connect.ts';
import type { Run } from '../runs.ts';
import { HANDED_OUT } from '../snapshots.ts';
import { notSuppressed } from '../suppressions.ts';

type Handle = Database | Transaction;

export interface EntityCount {
  entity: 'institution' | 'person' | 'assignment' | 'account';
  action: 'add' | 'change' | 'end';
  n: number;
}

/** Proposed changes of a run; of a dry run nothing else tells what would have been done. */
export async function countPlan(db: Handle, runId: number): Promise<EntityCount[]> {
  const { rows } = await db.raw(
    'SELECT entity, action, count(*) AS n FROM ops.plan_change WHERE run_id = ? GROUP BY 1, 2',
    [runId],
  );
  return rows;
}

/** Adds to what the stages before it kept with the run. */
export async function keepWithRun(trx: Transaction, runId: number, kept: object): Promise<void> {
  await trx.raw(`UPDATE ops.run SET summary = coalesce(summary, '{}') || ?::jsonb WHERE id = ?`, [
    JSON.stringify(kept),
    runId,
  ]);
}

/** Without what was put aside at the moment of a run. */
export const countOpenExceptions = async (db: Handle, runId: number): Promise<number> => {
  const { rows } = await db.raw(
    `SELECT count(*) AS n FROM review.exception e WHERE e.closed_at IS NULL AND ${notSuppressed('e', '(SELECT clock FROM ops.run WHERE id = :run)')}`,
    { run: runId },
  );
  return rows[0].n;
};

export const countCandidates = async (db: Handle): Promise<number> => {
  const { rows } = await db.raw('SELECT count(*) AS n FROM review.institution_candidate');
  return rows[0].n;
};

/** Snapshots that a run took, newest kinds last. */
export async function snapshotsOfRun(db: Handle, runId: number): Promise<ReportedSnapshot[]> {
  const { rows } = await db.raw(
    `SELECT s.id, s.campaign, s.kind, s.version, s.cut_off AS "cutOff", s.recorded_through AS "recordedThrough",
            coalesce((SELECT jsonb_agg(jsonb_build_object('path', f.path, 'bytes', f.bytes) ORDER BY f.path)
                      FROM ops.snapshot_file f WHERE f.snapshot_id = s.id AND f.seq = 0 AND ${HANDED_OUT}), '[]') AS files
     FROM ops.snapshot s WHERE s.run_id = ? ORDER BY s.kind, s.version`,
    [runId],
  );
  return rows;
}

export interface ListedRun extends Omit<Run, 'summary'> {
  sources: Record<string, number>;
  changes: number;
}

/** @returns runs, newest first, with their sources counted by how they ended */
export async function listRunsWithCounts(db: Handle, limit: number): Promise<ListedRun[]> {
  const { rows } = await db.raw(
    `SELECT r.id, r.kind, r.clock, r.simulated, r.dry_run, r.only_sources, r.status, r.stage, r.epoch, r.worker, r.started_at, r.finished_at,
            r.recorded_at, r.error,
            coalesce((SELECT jsonb_object_agg(status, n) FROM (SELECT status, count(*) AS n FROM ops.run_source s WHERE s.run_id = r.id GROUP BY 1) AS c), '{}') AS sources,
            (SELECT count(*) FROM ops.plan_change c WHERE c.run_id = r.id) AS changes
     FROM ops.run r ORDER BY r.id DESC LIMIT ?`,
    [limit],
  );
  return rows;
}

export async function runExists(db: Handle, runId: number): Promise<boolean> {
  const { rows } = await db.raw('SELECT EXISTS (SELECT 1 FROM ops.run WHERE id = ?) AS found', [runId]);
  return rows[0].found;
}

export interface LastGoodRun {
  id: number;
  finished_at: string;
  hours_ago: number;
}

/** The newest run that heard its sources and ended well (a replay hears nobody), and how long ago by the database's own clock. */
export async function lastGoodRun(db: Handle): Promise<LastGoodRun | null> {
  const { rows } = await db.raw(
    `SELECT id, finished_at, (extract(epoch FROM clock_timestamp() - finished_at) / 3600)::float8 AS hours_ago FROM ops.run
     WHERE status IN ('complete', 'held') AND NOT dry_run AND kind NOT IN ('replay', 'decision', 'revert') ORDER BY id DESC LIMIT 1`,
  );
  return rows[0] ?? null;
}

/** Hash that the newest applied run before this one kept; null when there is none, or when this run gave a known person another identifier. */
export async function previousHash(db: Database, runId: number): Promise<string | null> {
  const { rows } = await db.raw(
    `SELECT summary->>'warehouseHash' AS hash FROM ops.run WHERE id < ? AND recorded_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM warehouse.person_identifier WHERE run_id = ?) ORDER BY id DESC LIMIT 1`,
    [runId, runId],
  );
  return rows[0]?.hash ?? null;
}
