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
import { moveHorizon } from '../warehouse/history/horizon.ts';
import type { Portion, PortionAsked } from '../warehouse/history/portion.ts';
import { getRun } from '../warehouse/runs.ts';
import { holdClock } from '../warehouse/views/snapshot-run.ts';
import type { PipelineContext } from './context.ts';

/** Rows of one transaction: a first night may forget years. */
const PORTION = 20_000;

type Step = (trx: Transaction, asked: PortionAsked) => Promise<Portion>;
/** By the name under which the trail tells of them. */
const STEPS: readonly (readonly [what: string, step: Step])[] = [
  ...FORGOTTEN_VERSIONS.map((entity): [string, Step] => [
    `${entity}-versions`,
    (trx, asked) => forgetVersions(trx, entity, asked),
  ]),
  ['plans', emptyPlans],
  ['reports', emptyReports],
  ['receipts', emptyReceipts],
  ...WORKING_ROWS.map((table): [string, Step] => [
    table.replace('ops.', ''),
    (trx, asked) => forgetRows(trx, table, asked),
  ]),
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
  const { at: horizon } = await moveHorizon(ctx.db, claim, wanted);
  if (horizon === null) return 0;
  const at = simulated ? clock : new Date().toISOString();
  let all = 0;
  for (const [what, step] of STEPS) {
    let forgotten = 0;
    let portion: Portion = { rows: 0, more: true, until: null };
    while (portion.more) {
      ctx.signal.throwIfAborted();
      const asked = { limit: PORTION, horizon, from: portion.until };
      portion = await forgetPortion(ctx, claim, { at, what, horizon }, (trx) => step(trx, asked));
      forgotten += portion.rows;
    }
    if (forgotten > 0) ctx.log.info({ run: claim.runId, what, forgotten, before: horizon }, 'history forgotten');
    all += forgotten;
  }
  return all;
}

/** One portion, with its row in the trail, in one transaction. No apply writes meanwhile. */
const forgetPortion = (
  { db }: PipelineContext,
  claim: RunClaim,
  { at, what, horizon }: { at: string; what: string; horizon: string },
  step: (trx: Transaction) => Promise<Portion>,
): Promise<Portion> =>
  db.transaction(async (trx) => {
    await checkRunFence(trx, claim);
    await holdClock(trx);
    const portion = await step(trx);
    if (portion.rows > 0)
      await appendAudit(trx, {
        at,
        actor: INSTALLATION,
        action: 'history-forgotten',
        subject: what,
        detail: { rows: portion.rows, before: horizon, run: claim.runId },
      });
    return portion;
  });
