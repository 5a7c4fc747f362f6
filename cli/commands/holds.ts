/** `mingce holds`, `approve`, `discard`: what a night would have changed too much, and the second person who decides on its exact hash (I6). */
import { type Decision, decide, refuseUnused } from '../../pipelines/decide.ts';
import { listHolds } from '../../pipelines/holds.ts';
import { HOLD_STATE, holdTitle, renderHolds } from '../../pipelines/report/text-holds.ts';
import { HoldError } from '../../schemas/hold-error.ts';
import { actingUser } from '../acting-user.ts';
import { answerRun } from '../answer-run.ts';
import type { Cli, Register } from '../command.ts';
import { handedInBy } from '../handed-in-by.ts';
import { parseReason } from '../parse-reason.ts';
import { UsageError } from '../usage-error.ts';

const HASH = /^(sha256:)?[0-9a-f]{64}$/i;
const JSON_FLAG = ['--json', 'answer with one JSON document'] as const;

/** @throws UsageError */
function readHash(text: string): string {
  if (!HASH.test(text))
    throw new UsageError(`PLAN_HASH: "${text}"; expected sha256: and 64 hex digits, as "mingce holds" shows them`);
  return text.toLowerCase();
}

async function show(cli: Cli, hash: string | undefined, json: boolean): Promise<void> {
  const wanted = hash === undefined ? null : readHash(hash);
  await cli.withInstallation(async ({ db }) => {
    const holds = await listHolds(db, wanted);
    if (wanted !== null && holds.length === 0) throw new HoldError('hold-unknown', { hash: wanted });
    cli.answer(json ? JSON.stringify({ holds }, null, 2) : renderHolds(holds, wanted !== null));
  });
}

interface DecisionOptions {
  reason: string;
  as: string;
  clock?: string;
  json?: boolean;
}

/** Records the decision; an approval is then carried out by a run of its own, whose result is the answer. @throws HoldError also where that run could not use it */
async function take(cli: Cli, verdict: Decision['verdict'], hash: string, options: DecisionOptions): Promise<void> {
  const planHash = readHash(hash);
  const json = options.json ?? false;
  const reason = parseReason('--reason', options.reason);
  const decided = await cli.withInstallation(async (installation) => {
    const by = await actingUser(cli, installation, options.as);
    const at = new Date().toISOString();
    const asked = { planHash, verdict, reason, by, at, handedInBy: handedInBy(installation) };
    const result = await decide(installation.db, asked);
    if (verdict === 'discard') {
      const holds = await listHolds(installation.db, planHash);
      const [hold] = holds;
      cli.answer(
        json
          ? JSON.stringify({ holds }, null, 2)
          : `${hold ? `${holdTitle(hold)}：${HOLD_STATE[hold.state]}` : '已退回'}\nDiscarded: it stays out until the source says something else.`,
      );
    }
    return result;
  });
  if (verdict === 'discard') return;
  if (decided.hold.outcome === 'applied') {
    cli.log.info({ run: decided.hold.closed_run_id }, 'the plan had been approved and applied before');
  }
  await answerRun(cli, { sources: null, dryRun: false, clock: options.clock ?? null, kind: 'decision' }, json);
  await cli.withInstallation(({ db }) => refuseUnused(db, planHash));
}

export const registerHolds: Register = (program, cli) => {
  program
    .command('holds')
    .description('what a night would have changed too much, and why; with its hash all rows of one plan')
    .argument('[hash]', 'hash of one held plan')
    .option(...JSON_FLAG)
    .action((hash: string | undefined, options: { json?: boolean }) => show(cli, hash, options.json ?? false));
  for (const [verdict, what] of [
    ['approve', 'carry out a held plan, exactly as it is shown'],
    ['discard', 'keep a held plan out until the source says something else'],
  ] as const) {
    const command = program
      .command(verdict)
      .description(what)
      .argument('<hash>', 'hash of the plan, as "mingce holds" shows it')
      .requiredOption('--reason <text>', 'why; kept for ever')
      .requiredOption('--as <user>', 'who decides; the credential comes from MINGCE_CREDENTIAL or the terminal');
    if (verdict === 'approve')
      command.option('--clock <iso>', 'clock of the run that carries it out, for rehearsals (needs simulation: true)');
    command.option(...JSON_FLAG).action((hash: string, options: DecisionOptions) => take(cli, verdict, hash, options));
  }
};
