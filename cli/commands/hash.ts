import { warehouseHash } from '../../warehouse/views/hash.ts';
import type { Register } from '../command.ts';

export const registerHash: Register = (program, cli) => {
  program
    .command('hash')
    .description(
      'content hash of the warehouse: business columns in key order, no surrogate ids, no run ids, no timestamps of ours',
    )
    .action(() =>
      cli.withInstallation(async ({ db, keyring }) => {
        cli.answer(await warehouseHash(db, keyring));
      }),
    );
};
