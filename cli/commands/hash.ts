import { hashAsOf } from '../../pipelines/hash.ts';
import type { Register } from '../command.ts';
import { parseMoment } from '../parse-moment.ts';

export const registerHash: Register = (program, cli) => {
  program
    .command('hash')
    .description(
      'content hash of the warehouse: business columns in key order, no surrogate ids, no run ids, no timestamps of ours',
    )
    .option('--as-of <iso>', 'of the state as recorded before this moment, e.g. 2024-08-02T17:00:00+08:00')
    .action(async (options: { asOf?: string }) => {
      const asOf = parseMoment('--as-of', options.asOf);
      await cli.withInstallation(async ({ db, keyring }) => {
        cli.answer(await hashAsOf(db, keyring, asOf, new Date().toISOString()));
      });
    });
};
