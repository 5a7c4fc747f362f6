/**
 * At a run's end: what was superseded longer ago than the policy leaves the warehouse (個資法 §11), so that no answer as of the horizon or later changes by it. Portion by portion, each whole or
 * not at all and told in the audit trail; killed in between, the next run goes on.
 */
import { plusYears } from '../schemas/plus-years.ts';
import { INSTALLATION } from '../schemas/users.ts';
import { appendAudit } from '../warehouse/audit.ts';
import type { Transaction } from '../warehouse/connect.ts';
import { checkRunFence, type RunClaim } from '../warehouse/fence.ts';
import { emptyPlans, emptyReceipts, emptyReports, forgetRows, WORKING_ROWS } from '../warehouse/history/forget-runs.ts';
import { FORGOTTEN_VERSIONS, forgetVersions } from '../warehouse/history/forget-versions.ts';
import { type Horizon, moveHorizon } from '../warehouse/history/horizon.ts';
import { getRun } from '../warehouse/runs.ts';
import { holdClock } from '../warehouse/views/snapshot-run.ts';
import type { PipelineContext } from './context.ts';

/** Rows of one transaction: a first night may forget years. */
const PORTION = 20_000;

/** Each takes at most so many rows, by the name under which the trail tells of them. */
const STEPS: readonly (readonly [what: string, step: (trx: Transaction, limit: number) => Promise<number>])[] = [
  ...FORGOTTEN_VERSIONS.map(
    (entity) =>
      [`${entity}-versions`, (trx: Transaction, limit: number) => forgetVersions(trx, entity, limit)] as const,
  ),
  ['plans', emptyPlans],
  ['reports', emptyReports],
  ['receipts', emptyReceipts],
  ...WORKING_ROWS.map(
    (table) => [table.replace('ops.', ''), (trx: Transaction, limit: number) => forgetRows(trx, table, limit)] as const,
  ),
];

/** As the policy says. @throws FencedError */
export async function forgetHistory(ctx: PipelineContext, claim: RunClaim): Promise<void> {
  if (ctx.historyYears === null || ctx.historyYears === undefined) return;
  const { clock } = await getRun(ctx.db, claim.runId);
  await forgetBefore(ctx, claim, plusYears(clock, -ctx.historyYears));
}

/**
 * Forgets what was superseded before a moment, or before the earliest that a snapshot whose rows can be read stands on.
 * @param wanted ISO moment
 * @returns rows that went
 * @throws FencedError
 */
export async function forgetBefore(ctx: PipelineContext, claim: RunClaim, wanted: string): Promise<number> {
  const { clock, simulated } = await getRun(ctx.db, claim.runId);
  const horizon = await moveHorizon(ctx.db, claim, wanted);
  if (horizon.at === null) return 0;
  const at = simulated ? clock : new Date().toISOString();
  let all = 0;
  for (const [what, step] of STEPS) {
    let forgotten = 0;
    for (let portion = PORTION; portion === PORTION; forgotten += portion) {
      ctx.signal.throwIfAborted();
      portion = await forgetPortion(ctx, claim, { at, what, horizon }, (trx) => step(trx, PORTION));
    }
    if (forgotten > 0) ctx.log.info({ run: claim.runId, what, forgotten, before: horizon.at }, 'history forgotten');
    all += forgotten;
  }
  return all;
}

/** One portion, with its row in the trail, in one transaction. No apply writes meanwhile. */
const forgetPortion = (
  { db }: PipelineContext,
  claim: RunClaim,
  { at, what, horizon }: { at: string; what: string; horizon: Horizon },
  step: (trx: Transaction) => Promise<number>,
): Promise<number> =>
  db.transaction(async (trx) => {
    await checkRunFence(trx, claim);
    await holdClock(trx);
    const forgotten = await step(trx);
    if (forgotten > 0)
      await appendAudit(trx, {
        at,
        actor: INSTALLATION,
        action: 'history-forgotten',
        subject: what,
        detail: { rows: forgotten, before: horizon.at, run: claim.runId },
      });
    return forgotten;
  });
