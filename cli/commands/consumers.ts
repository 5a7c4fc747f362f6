/** `mingce consumers`: which planning system has which snapshot, what it says of its import, and who must be told of a correction. */
import { renderConsumer, renderConsumers, renderOutdated } from '../../pipelines/report/render-consumers.ts';
import { ConsumerRequestError } from '../../schemas/consumers.ts';
import { consumerLine, consumerList, outdatedList } from '../../schemas/outputs/consumers.ts';
import { listConsumers, listOutdated } from '../../warehouse/views/consumers.ts';
import type { Register } from '../command.ts';

interface JsonOption {
  json?: boolean;
}
const JSON_FLAG = ['--json', 'answer with one JSON document'] as const;

const now = (): string => new Date().toISOString();

export const registerConsumers: Register = (program, cli) => {
  const answer = (value: object, text: string, { json }: JsonOption): void =>
    cli.answer(json ? JSON.stringify(value, null, 2) : text.trimEnd());
  const consumers = program.command('consumers').description('planning systems: who received which snapshot');
  consumers
    .command('list')
    .description('all that ever had a token, and the snapshots that each received')
    .option(...JSON_FLAG)
    .action((options: JsonOption) =>
      cli.withInstallation(async ({ db }) => {
        const found = consumerList.parse(await listConsumers(db, now()));
        answer(found, renderConsumers(found), options);
      }),
    );
  consumers
    .command('show')
    .description('one of them: what it fetched when, and what it says of each import')
    .argument('<name>', 'as "mingce consumers list" shows it')
    .option(...JSON_FLAG)
    .action((name: string, options: JsonOption) =>
      cli.withInstallation(async ({ db }) => {
        const [found] = await listConsumers(db, now(), name);
        if (!found) throw new ConsumerRequestError('consumer-unknown');
        const line = consumerLine.parse(found);
        answer(line, renderConsumer(line), options);
      }),
    );
  consumers
    .command('outdated')
    .description('after a correction: who fetched a snapshot of which a newer version stands, and must be told')
    .option(...JSON_FLAG)
    .action((options: JsonOption) =>
      cli.withInstallation(async ({ db }) => {
        const found = outdatedList.parse(await listOutdated(db));
        answer(found, renderOutdated(found), options);
      }),
    );
};
