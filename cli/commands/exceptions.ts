/** `mingce exceptions`: what is open and who must act, and what somebody put aside until a day. */
import { listExceptions, suppressException, unsuppressException } from '../../pipelines/exceptions.ts';
import { exceptionTitle } from '../../pipelines/report/exception-titles.ts';
import { renderExceptions } from '../../pipelines/report/render-exceptions.ts';
import { EXCEPTION_MESSAGES } from '../../schemas/messages/exceptions.ts';
import { actingUser } from '../acting-user.ts';
import type { Cli, Register } from '../command.ts';
import { decisionMoment } from '../decision-moment.ts';
import { parseDay } from '../parse-day.ts';
import { parseReason } from '../parse-reason.ts';
import { UsageError } from '../usage-error.ts';

const AS = ['--as <user>', 'who decides; the credential comes from MINGCE_CREDENTIAL or the terminal'] as const;
const CLOCK = ['--clock <iso>', 'moment of the decision, for rehearsals (needs simulation: true)'] as const;

interface Options {
  reason?: string;
  until?: string;
  as: string;
  clock?: string;
}

function readNumber(command: string, text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`exceptions ${command}: "${text}"; expected a number as "mingce exceptions list" shows it`);
}

async function list(cli: Cli, options: { institution?: string; code?: string; json?: boolean }): Promise<void> {
  const { institution, code } = options;
  if (code !== undefined && !(code in EXCEPTION_MESSAGES))
    throw new UsageError(`--code ${code}: no such kind; expected one of ${Object.keys(EXCEPTION_MESSAGES).join(', ')}`);
  await cli.withInstallation(async (installation) => {
    const when = await decisionMoment(installation, undefined);
    const exceptions = await listExceptions(installation.db, when, { institution, code });
    const whole = institution !== undefined || code !== undefined;
    cli.answer(options.json ? JSON.stringify({ exceptions }, null, 2) : renderExceptions(exceptions, whole));
  });
}

async function suppress(cli: Cli, text: string, options: Options): Promise<void> {
  const id = readNumber('suppress', text);
  const reason = parseReason('--reason', options.reason ?? '');
  const until = parseDay('--until', options.until) as string;
  await cli.withInstallation(async (installation) => {
    const when = await decisionMoment(installation, options.clock);
    const by = await actingUser(cli, installation, options.as);
    const line = await suppressException(installation.db, { id, reason, until, by, when });
    cli.answer(
      `第 ${id} 號（${exceptionTitle(line.code)}）暫不處理，至 ${until}。\nPut aside until ${until}; it counts as open again the day after.`,
    );
  });
}

async function unsuppress(cli: Cli, text: string, options: Options): Promise<void> {
  const id = readNumber('unsuppress', text);
  const reason = options.reason === undefined ? null : parseReason('--reason', options.reason);
  await cli.withInstallation(async (installation) => {
    const when = await decisionMoment(installation, options.clock);
    const by = await actingUser(cli, installation, options.as);
    await unsuppressException(installation.db, { id, reason, by, when });
    cli.answer(`第 ${id} 號恢復為待處理事項。\nIt counts as open again.`);
  });
}

export const registerExceptions: Register = (program, cli) => {
  const exceptions = program.command('exceptions').description('open matters: who must act, since when, what to do');
  exceptions
    .command('list')
    .description('what is open, by who must act; what was put aside comes last')
    .option('--institution <code>', 'only what concerns one institution, CODE[:SECTION]')
    .option('--code <code>', 'only one kind, e.g. missing-from-roster')
    .option('--json', 'answer with one JSON document')
    .action((options: { institution?: string; code?: string; json?: boolean }) => list(cli, options));
  exceptions
    .command('suppress')
    .description('put a matter aside: told, but not counted as open until a day')
    .argument('<id>', 'number, as "mingce exceptions list" shows it')
    .requiredOption('--reason <text>', 'why; kept for ever')
    .requiredOption('--until <day>', 'last day on which it is put aside, e.g. 2025-01-31')
    .requiredOption(...AS)
    .option(...CLOCK)
    .action((id: string, options: Options) => suppress(cli, id, options));
  exceptions
    .command('unsuppress')
    .description('what was put aside counts as open again')
    .argument('<id>', 'number, as "mingce exceptions list" shows it')
    .option('--reason <text>', 'why; kept for ever')
    .requiredOption(...AS)
    .option(...CLOCK)
    .action((id: string, options: Options) => unsuppress(cli, id, options));
};
