/**
 * A person of the bureau decides on a held plan (I6): on its exact hash, with a reason, and not on what that person handed in. An approval is carried out by
 * the next run that proposes the very same; where its inputs moved, it is refused and says how the plan differs.
 */
import { HoldError } from '../schemas/hold-error.ts';
import { UserRefusedError } from '../schemas/user-error.ts';
import type { ActingUser } from '../schemas/users.ts';
import { appendAudit } from '../warehouse/audit.ts';
import type { Database, Transaction } from '../warehouse/connect.ts';
import { holdToRole } from '../warehouse/hold-to-role.ts';
import {
  askersOf,
  differenceOf,
  discardedBeside,
  dropsOf,
  lockHold,
  recordDecision,
} from '../warehouse/holds/decisions.ts';
import { type Hold, successorOf } from '../warehouse/holds/standing-holds.ts';

export interface Decision {
  /** 64 hex digits, with `sha256:` in front or not. */
  planHash: string;
  verdict: 'approve' | 'discard';
  reason: string;
  by: ActingUser;
  /** ISO moment. */
  at: string;
  /** Who hands in what each configured source brings. */
  handedInBy: ReadonlyMap<string, readonly string[]>;
}

export interface Decided {
  hold: Hold;
  /** The same had been decided before: nothing was recorded again. */
  already: boolean;
}

const bare = (planHash: string): string => planHash.replace(/^sha256:/, '').toLowerCase();

async function refuseMoved(trx: Transaction, hold: Hold): Promise<never> {
  const next = await successorOf(trx, hold);
  const run = hold.closed_run_id as number;
  if (next === null) throw new HoldError('hold-withdrawn', { run });
  const moved = { run, next: `sha256:${next.plan_hash}`, ...(await differenceOf(trx, hold, next)) };
  if (next.closed_at === null) throw new HoldError('hold-moved', moved);
  if (next.outcome === 'applied')
    throw new HoldError('hold-superseded', { ...moved, applied: next.closed_run_id as number });
  throw new HoldError('hold-withdrawn', { run: next.closed_run_id as number });
}

/**
 * After the run that was to carry out an approval: its inputs may have moved unseen, for that run makes the plan again of all that was landed.
 * @throws HoldError the plan was not carried out, with the difference; the approval counts for nothing else
 */
export async function refuseUnused(db: Database, planHash: string): Promise<void> {
  await db.transaction(async (trx) => {
    const hold = await lockHold(trx, bare(planHash));
    if (hold !== null && hold.closed_at !== null && hold.outcome !== 'applied') await refuseMoved(trx, hold);
  });
}

/** Whoever handed it in, or asked for what it undoes, is no second person. */
async function refuseFirstPerson(trx: Transaction, hold: Hold, { by, handedInBy }: Decision): Promise<void> {
  const uploaders = (await dropsOf(trx, hold)).flatMap((drop) => handedInBy.get(drop) ?? []);
  if (uploaders.includes(by.name)) throw new HoldError('hold-own-upload', { by: by.name });
  if ((await askersOf(trx, hold)).includes(by.name)) throw new HoldError('hold-own-revert', { by: by.name });
}

/** @throws HoldError, UserRefusedError: nothing is decided then, and the audit trail says who tried */
export async function decide(db: Database, decision: Decision): Promise<Decided> {
  try {
    return await take(db, decision);
  } catch (error) {
    if (!(error instanceof HoldError) && !(error instanceof UserRefusedError)) throw error;
    await db.transaction((trx) =>
      appendAudit(trx, {
        at: decision.at,
        actor: decision.by.name,
        action: 'decision-refused',
        subject: `plan:sha256:${bare(decision.planHash)}`,
        detail: { verdict: decision.verdict, why: error.code },
      }),
    );
    throw error;
  }
}

async function take(db: Database, decision: Decision): Promise<Decided> {
  const { verdict, by } = decision;
  const planHash = bare(decision.planHash);
  return db.transaction(async (trx) => {
    await holdToRole(trx, by, ['bureau']);
    const hold = await lockHold(trx, planHash);
    if (hold === null) throw new HoldError('hold-unknown', { hash: decision.planHash });
    const approved = hold.decision?.verdict === 'approve' ? hold.decision : null;
    if (approved !== null && (hold.closed_at === null || hold.outcome === 'applied')) {
      if (verdict === 'discard') throw new HoldError('hold-approved', { by: approved.decided_by });
      return { hold, already: true };
    }
    if (hold.closed_at !== null) return refuseMoved(trx, hold);
    await refuseFirstPerson(trx, hold, decision);
    if (verdict === 'discard' && hold.state === 'discarded') return { hold, already: true };
    const discarded = verdict === 'approve' ? await discardedBeside(trx, hold) : null;
    if (discarded !== null) throw new HoldError('hold-shares-discarded', { other: `sha256:${discarded}` });
    await recordDecision(trx, hold, { verdict, by: by.name, reason: decision.reason, at: decision.at });
    const decided = (await lockHold(trx, planHash)) as Hold;
    await appendAudit(trx, {
      at: decision.at,
      actor: by.name,
      action: verdict === 'approve' ? 'plan-approved' : 'plan-discarded',
      subject: `plan:sha256:${planHash}`,
      detail: { hold: hold.id, of: hold.hold_key, reason: decision.reason },
    });
    return { hold: decided, already: false };
  });
}
