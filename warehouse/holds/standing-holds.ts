/** Held plans as people read and decide them. */
import type { GuardReason } from '../../schemas/guards.ts';
import type { Database, Transaction } from '../connect.ts';

type Handle = Database | Transaction;

/** Whether a run, dry or not, kept something out that waits for a decision. */
export async function holdsAnything(db: Handle, runId: number): Promise<boolean> {
  const { rows } = await db.raw(
    `SELECT EXISTS (SELECT 1 FROM ops.held_plan WHERE run_id = ? AND state = 'held') AS yes`,
    [runId],
  );
  return rows[0].yes;
}

export interface HeldPlan {
  hold_key: string;
  plan_hash: string;
  state: 'held' | 'kept-out' | 'released';
  reasons: GuardReason[];
  institutions: string[];
  changes: number;
  missing: number;
}

/** What the guards of a run said, the city first. */
export async function heldPlans(db: Handle, runId: number): Promise<HeldPlan[]> {
  const { rows } = await db.raw(
    `SELECT hold_key, plan_hash, state, reasons, institutions, changes, missing FROM ops.held_plan WHERE run_id = ?
     ORDER BY hold_key NOT LIKE '*city:%', hold_key COLLATE "C"`,
    [runId],
  );
  return rows;
}

/** In SQL: keys of the institutions that what a run (`:run`) kept out is about: those held, and the other sides of transfers. */
export const HELD_INSTITUTIONS = `
  SELECT institution_key FROM ops.held_change WHERE run_id = :run
  UNION SELECT institution_key FROM ops.held_record WHERE run_id = :run`;

/** Codes of schools of which a run kept something out. */
export async function heldSchools(db: Handle, runId: number): Promise<Set<string>> {
  const { rows } = await db.raw(
    `SELECT DISTINCT c.code FROM (${HELD_INSTITUTIONS}) AS h
     JOIN warehouse.institution i ON i.source || ':' || i.source_key = h.institution_key
     JOIN warehouse.institution_code c ON c.institution_id = i.id AND c.system = 'school'`,
    { run: runId },
  );
  return new Set(rows.map(({ code }: { code: string }) => code));
}

export interface HoldDecision {
  verdict: 'approve' | 'discard';
  decided_by: string;
  reason: string;
  decided_at: string;
}

export interface Hold {
  id: number;
  hold_key: string;
  plan_hash: string;
  state: 'open' | 'approved' | 'discarded' | 'expired';
  institutions: string[];
  opened_run_id: number;
  opened_at: string;
  last_run_id: number;
  closed_run_id: number | null;
  closed_at: string | null;
  outcome: 'applied' | 'replaced' | 'withdrawn' | null;
  reasons: GuardReason[];
  changes: number;
  missing: number;
  decision: HoldDecision | null;
}

const HOLD = `
  SELECT h.id, h.hold_key, h.plan_hash, h.state, h.institutions, h.opened_run_id, h.opened_at, h.last_run_id, h.closed_run_id, h.closed_at, h.outcome,
         p.reasons, p.changes, p.missing, d.verdict, d.decided_by, d.reason, d.decided_at
  FROM review.hold h
  JOIN ops.held_plan p ON p.run_id = h.last_run_id AND p.hold_key = h.hold_key
  LEFT JOIN LATERAL (SELECT * FROM review.hold_decision d WHERE d.hold_id = h.id ORDER BY d.id DESC LIMIT 1) AS d ON true`;

type HoldRow = Omit<Hold, 'decision'> & { [Field in keyof HoldDecision]: HoldDecision[Field] | null };

const holdOf = ({ verdict, decided_by, reason, decided_at, ...hold }: HoldRow): Hold => ({
  ...hold,
  decision:
    verdict === null
      ? null
      : { verdict, decided_by: decided_by as string, reason: reason as string, decided_at: decided_at as string },
});

/** Holds that stand, the oldest first. */
export async function standingHolds(db: Handle): Promise<Hold[]> {
  const { rows } = await db.raw(`${HOLD} WHERE h.closed_at IS NULL ORDER BY h.id`);
  return (rows as HoldRow[]).map(holdOf);
}

/** Every hold that ever had this plan, the newest first. @param planHash 64 hex digits */
export async function holdsOfPlan(db: Handle, planHash: string): Promise<Hold[]> {
  const { rows } = await db.raw(`${HOLD} WHERE h.plan_hash = ? ORDER BY h.id DESC`, [planHash]);
  return (rows as HoldRow[]).map(holdOf);
}

/** Holds of the same institution (or of the city) that came after one. */
export async function successorOf(db: Handle, hold: Hold): Promise<Hold | null> {
  const { rows } = await db.raw(`${HOLD} WHERE h.hold_key = ? AND h.id > ? ORDER BY h.id DESC LIMIT 1`, [
    hold.hold_key,
    hold.id,
  ]);
  return rows[0] ? holdOf(rows[0]) : null;
}
