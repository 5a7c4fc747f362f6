import { renderReceipt } from '../../pipelines/report/render-receipt.ts';
import type { SourceConfig } from '../../schemas/config.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import type { Register } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { readRunNumber } from './runs.ts';

const NAME = /^[0-9A-Za-z][0-9A-Za-z/-]{1,40}$/;

/** Sources of which one delivery may hold this school among others: those that list the codes of several. */
const speakersOf = (sources: readonly SourceConfig[], code: string): string[] =>
  sources.flatMap((source) => {
    const schools = 'schools' in source && Array.isArray(source.schools) ? source.schools : [];
    return schools.some((one) => one === code.toUpperCase()) ? [source.name] : [];
  });

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
      await cli.withInstallation(async ({ db, config }) => {
        const found = await findReceipts(db, name, run);
        if (found.length === 0) {
          const several = speakersOf(config.sources, name).map((source) => `"mingce receipt ${source}"`);
          const instead =
            several.length > 0
              ? `; a source that speaks for several schools has one for all: ${several.join(', ')}`
              : '; "mingce runs" lists who was heard';
          throw new UsageError(`${name}: no receipt${run === null ? '' : ` of run ${run}`}${instead}`);
        }
        cli.answer(options.json ? JSON.stringify(found, null, 2) : found.map(renderReceipt).join('\n').trimEnd());
      });
    });
};
