import { answerRun } from '../answer-run.ts';
import type { Register } from '../command.ts';

interface SyncOptions {
  source?: string[];
  dryRun?: boolean;
  json?: boolean;
  clock?: string;
}

export const registerSync: Register = (program, cli) => {
  program
    .command('sync')
    .description('one whole run now: fetch, land, normalise, match, reconcile, apply, report')
    .option('--source <name...>', 'hear only these sources')
    .option('--dry-run', 'land and keep the ledger, print the plan, change no warehouse row')
    .option('--clock <iso>', "the run's clock, for rehearsals (needs simulation: true)")
    .option('--json', 'answer with one JSON document')
    .action(async (options: SyncOptions) => {
      const request = {
        sources: options.source ?? null,
        dryRun: options.dryRun ?? false,
        clock: options.clock ?? null,
      };
      await answerRun(cli, request, options.json ?? false);
    });
};
