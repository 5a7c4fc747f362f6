import { acceptShape } from '../../warehouse/landing/shapes.ts';
import type { Register } from '../command.ts';
import { UsageError } from '../usage-error.ts';

export const registerContract: Register = (program, cli) => {
  const contract = program.command('contract').description('the shape agreed with each source');
  contract
    .command('accept')
    .description(
      'take the shape that a source last had for its shape from now on; what was told of it closes with the next run',
    )
    .argument('<source>', 'as the report names it: care, roster/064601; roster for all schools of it')
    .action((source: string) =>
      cli.withInstallation(async ({ db }) => {
        const told = await acceptShape(db, source);
        if (told === null)
          throw new UsageError(
            `contract accept: "${source}" never handed in anything; expected a source as "mingce report" names it`,
          );
        cli.log.info({ source, told }, 'shape accepted');
        cli.answer(
          told === 0
            ? `${source}：格式沒有待確認的變動。 Nothing to accept.`
            : `${source}：已接受新格式（${told} 處）。 Accepted the new shape; ${told} differences close with the next run.`,
        );
      }),
    );
};
