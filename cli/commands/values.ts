/** `mingce values`: what a person of the bureau sets by hand over the sources, until it ends. */
import { expireManualValue, manualValues, setManualValue } from '../../pipelines/manual-values.ts';
import { manualFieldTitle, renderManualValues } from '../../pipelines/report/render-manual-values.ts';
import { MANUAL_ENTITIES, type ManualEntity } from '../../schemas/manual-values.ts';
import { actingUser } from '../acting-user.ts';
import type { Cli, Register } from '../command.ts';
import { decisionMoment } from '../decision-moment.ts';
import { parseDay } from '../parse-day.ts';
import { parseReason } from '../parse-reason.ts';
import { UsageError } from '../usage-error.ts';

const AS = ['--as <user>', 'who decides; the credential comes from MINGCE_CREDENTIAL or the terminal'] as const;
const CLOCK = ['--clock <iso>', 'moment of the decision, for rehearsals (needs simulation: true)'] as const;
const JSON_FLAG = ['--json', 'answer with one JSON document'] as const;

interface SetOptions {
  at?: string;
  reason: string;
  until?: string;
  as: string;
  clock?: string;
}

async function set(
  cli: Cli,
  [entity, id, field, value]: [string, string, string, string],
  options: SetOptions,
): Promise<void> {
  if (!MANUAL_ENTITIES.some((e) => e === entity))
    throw new UsageError(`values set: "${entity}" is not one of ${MANUAL_ENTITIES.join(', ')}`);
  const reason = parseReason('--reason', options.reason);
  const until = parseDay('--until', options.until);
  await cli.withInstallation(async (installation) => {
    const when = await decisionMoment(installation, options.clock);
    const by = await actingUser(cli, installation, options.as);
    const asked = { entity: entity as ManualEntity, id, field, value, at: options.at ?? null, reason, until, by, when };
    const { line, replaced } = await setManualValue(installation.db, asked);
    const lasts = line.until === null ? '至另行結束為止' : `至 ${line.until}`;
    cli.answer(
      [
        `已指定（第 ${line.number} 號）：${manualFieldTitle(line.entity, line.field)}，${lasts}${replaced === null ? '' : `；取代第 ${replaced} 號`}`,
        `Set by hand (number ${line.number}): it holds from the next run on.`,
      ].join('\n'),
    );
  });
}

async function expire(
  cli: Cli,
  number: string,
  options: { reason: string; as: string; clock?: string },
): Promise<void> {
  const id = /^[1-9]\d{0,14}$/.test(number) ? Number(number) : null;
  if (id === null)
    throw new UsageError(`values expire: "${number}"; expected a number as "mingce values list" shows it`);
  const reason = parseReason('--reason', options.reason);
  await cli.withInstallation(async (installation) => {
    const when = await decisionMoment(installation, options.clock);
    const by = await actingUser(cli, installation, options.as);
    const line = await expireManualValue(installation.db, { id, reason, by, when });
    cli.answer(
      `已結束第 ${line.number} 號人工指定：${manualFieldTitle(line.entity, line.field)}\nEnded: from the next run on the sources' last word is back.`,
    );
  });
}

export const registerValues: Register = (program, cli) => {
  const values = program.command('values').description('values set by hand over what the sources say');
  values
    .command('set')
    .description('a value that wins over the sources from the next run until it ends')
    .argument('<entity>', MANUAL_ENTITIES.join(', '))
    .argument('<id>', 'our own id of a person; CODE[:SECTION] of an institution; CODE:NAME of an account')
    .argument('<field>', 'e.g. name, birth_date, title, email, or its title: 姓名')
    .argument('<value>', 'read as a cell of a source is; an empty one says that there is none')
    .requiredOption('--reason <text>', 'why; kept for ever')
    .option('--until <day>', 'last day on which it holds, e.g. 2025-07-31; left out: until somebody ends it')
    .option('--at <code>', 'unit where a title or subjects hold, where the person has several')
    .requiredOption(...AS)
    .option(...CLOCK)
    .action((entity: string, id: string, field: string, value: string, options: SetOptions) =>
      set(cli, [entity, id, field, value], options),
    );
  values
    .command('list')
    .description('what is set by hand now; with --all also what ended')
    .option('--all', 'also those that ended')
    .option(...JSON_FLAG)
    .action((options: { all?: boolean; json?: boolean }) =>
      cli.withInstallation(async (installation) => {
        const when = await decisionMoment(installation, undefined);
        const list = await manualValues(installation.db, when, options.all ?? false);
        cli.answer(options.json ? JSON.stringify({ values: list }, null, 2) : renderManualValues(list));
      }),
    );
  values
    .command('expire')
    .description("end a value: the sources' last word is back with the next run")
    .argument('<number>', 'as "mingce values list" shows it')
    .requiredOption('--reason <text>', 'why; kept for ever')
    .requiredOption(...AS)
    .option(...CLOCK)
    .action((number: string, options: { reason: string; as: string; clock?: string }) => expire(cli, number, options));
};
