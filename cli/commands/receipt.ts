import { renderReceipt } from '../../pipelines/report/render-receipt.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import type { Register } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { readRunNumber } from './runs.ts';

const NAME = /^[0-9A-Za-z][0-9A-Za-z/-]{1,40}$/;

export const registerReceipt: Register = (program, cli) => {
  program
    .command('receipt')
    .description('the receipt of what a school or a source handed in last')
    .argument('<name>', 'school code or source, e.g. 064601, roster/064601')
    .option('--run <number>', 'of that run')
    .option('--json', 'answer with one JSON document')
    .action(async (name: string, options: { run?: string; json?: boolean }) => {
      if (!NAME.test(name))
        throw new UsageError('receipt: expected a school code or a source, e.g. 064601, roster/064601');
      const run = options.run === undefined ? null : readRunNumber(options.run);
      await cli.withInstallation(async ({ db }) => {
        const found = await findReceipts(db, name, run);
        if (found.length === 0) {
          throw new UsageError(
            `${name}: no receipt${run === null ? '' : ` of run ${run}`}; "mingce runs" lists who was heard`,
          );
        }
        cli.answer(options.json ? JSON.stringify(found, null, 2) : found.map(renderReceipt).join('\n').trimEnd());
      });
    });
};
