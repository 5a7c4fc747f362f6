/** `mingce revert`: undoes what a run did, as a new plan in a run of its own. */
import { z } from 'zod';
import { checkRevert } from '../../pipelines/revert.ts';
import type { RevertRequest } from '../../warehouse/reverts/requests.ts';
import { actingUser } from '../acting-user.ts';
import { answerRun } from '../answer-run.ts';
import type { Register } from '../command.ts';
import { parseReason } from '../parse-reason.ts';
import { UsageError } from '../usage-error.ts';

const runId = z.coerce.number().int().positive();

interface RevertOptions {
  reason?: string;
  as?: string;
  dryRun?: boolean;
  clock?: string;
  json?: boolean;
}

export const registerRevert: Register = (program, cli) => {
  program
    .command('revert')
    .description('undo what a run changed, as a new plan; what later runs changed again is listed and left')
    .argument('<run>', 'number of the run, as "mingce runs" shows it')
    .option('--reason <text>', 'why; kept for ever (needed unless --dry-run)')
    .option(
      '--as <user>',
      'who decides; the credential comes from MINGCE_CREDENTIAL or the terminal (needed unless --dry-run)',
    )
    .option('--dry-run', 'print the plan and what could not be undone, change nothing')
    .option('--clock <iso>', "the run's clock, for rehearsals (needs simulation: true)")
    .option('--json', 'answer with one JSON document')
    .action(async (asked: string, options: RevertOptions) => {
      const run = runId.safeParse(asked);
      if (!run.success)
        throw new UsageError(`RUN: "${asked}" is not a whole number; expected one that "mingce runs" shows`);
      const dryRun = options.dryRun ?? false;
      const { as } = options;
      if (!dryRun && (options.reason === undefined || as === undefined))
        throw new UsageError('revert: --reason and --as are missing; expected both, or --dry-run');
      const reason = options.reason === undefined ? null : parseReason('--reason', options.reason);
      const revert = await cli.withInstallation(async (installation): Promise<RevertRequest> => {
        const at = new Date().toISOString();
        const by = dryRun || as === undefined ? null : await actingUser(cli, installation, as);
        const request = { run: run.data, decision: by === null || reason === null ? null : { by, reason, at } };
        await checkRevert(installation.db, request);
        return request;
      });
      const request = { sources: null, dryRun, clock: options.clock ?? null, kind: 'revert' as const, revert };
      await answerRun(cli, request, options.json ?? false);
    });
};
