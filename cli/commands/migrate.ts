import { migrate } from '../../warehouse/migrate.ts';
import type { Register } from '../command.ts';

export const registerMigrate: Register = (program, cli) => {
  program
    .command('migrate')
    .description('bring the database schema up to date (forward only; concurrent starts are safe)')
    .action(() =>
      cli.withInstallation(async ({ databaseUrl }) => {
        const applied = await migrate(databaseUrl);
        cli.answer(applied.length === 0 ? 'the schema is up to date' : `applied: ${applied.join(', ')}`);
      }),
    );
};
