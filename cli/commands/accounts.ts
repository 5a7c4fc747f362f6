/** `mingce accounts`: what is asked of 本市教師研習中心 about accounts of 總負責人, and what it did (R18). */
import { Argument, Option } from 'commander';
import { accountRequests, recordDone } from '../../pipelines/accounts/requests.ts';
import { REQUESTS_TITLE, renderRequests, requestsTable } from '../../pipelines/report/render-account-requests.ts';
import { type AccountRequest, ASKED, type Asked } from '../../schemas/outputs/account-requests.ts';
import { actingUser } from '../acting-user.ts';
import type { Cli, Register } from '../command.ts';
import { handedInBy } from '../handed-in-by.ts';
import { parseReason } from '../parse-reason.ts';
import { UsageError } from '../usage-error.ts';
import { writeAnswer } from '../write-answer.ts';

type Rendered = string | Uint8Array;
/** What packs is loaded when it is asked for. */
const RENDERERS = {
  text: renderRequests,
  json: (requests) => JSON.stringify({ requests }, null, 2),
  csv: async (requests) => (await import('../../pipelines/report/render-csv.ts')).csvOf(requestsTable(requests)),
  xlsx: async (requests) =>
    (await import('../../pipelines/report/render-xlsx.ts')).xlsxOf(
      [requestsTable(requests)],
      REQUESTS_TITLE,
      new Date().toISOString(),
    ),
  ods: async (requests) => (await import('../../pipelines/report/render-ods.ts')).odsOf([requestsTable(requests)]),
} as const satisfies Record<string, (requests: readonly AccountRequest[]) => Rendered | Promise<Rendered>>;
const BINARY: ReadonlySet<string> = new Set(['xlsx', 'ods']);

async function requests(cli: Cli, options: { format: keyof typeof RENDERERS; output?: string }): Promise<void> {
  const { format, output } = options;
  if (BINARY.has(format) && output === undefined) {
    throw new UsageError(
      `--format ${format}: is a file, not text for a terminal; expected --output FILE beside it, e.g. --output requests.${format}`,
    );
  }
  await cli.withInstallation(async ({ db }) => {
    const answer = await RENDERERS[format](await accountRequests(db));
    if (output !== undefined) writeAnswer('--output', output, answer);
    else if (typeof answer === 'string') cli.answer(answer.trimEnd());
  });
}

interface DoneOptions {
  reason: string;
  as: string;
  json?: boolean;
}

async function done(cli: Cli, given: string, asked: Asked, digest: string, options: DoneOptions): Promise<void> {
  if (!/^\d{1,15}$/.test(given))
    throw new UsageError(
      `NUMBER: "${given}"; expected the number of a request, as "mingce accounts requests" shows it`,
    );
  if (!/^[0-9a-f]{8}$/i.test(digest))
    throw new UsageError(`DIGEST: "${digest}"; expected 8 hex digits, as "mingce accounts requests" shows them`);
  const reason = parseReason('--reason', options.reason);
  await cli.withInstallation(async (installation) => {
    const by = await actingUser(cli, installation, options.as);
    const at = new Date().toISOString();
    const result = await recordDone(installation.db, {
      number: Number(given),
      asked,
      digest: digest.toLowerCase(),
      reason,
      by,
      at,
      handedInBy: handedInBy(installation),
    });
    const { request, already } = result;
    if (options.json) return cli.answer(JSON.stringify(result, null, 2));
    cli.answer(
      `${already ? '先前已登記' : '已登記'}：${request.institution.name} ${request.account ?? ''} ${request.asked}；下次執行時採用\n${already ? 'It had been recorded before' : 'Recorded'}; the next run takes it.`,
    );
  });
}

export const registerAccounts: Register = (program, cli) => {
  const accounts = program
    .command('accounts')
    .description('accounts of 總負責人 that 本市教師研習中心 enables, changes and deletes');
  accounts
    .command('requests')
    .description('what is asked of 本市教師研習中心, and what stands in its way')
    .addOption(new Option('--format <format>', 'form of the list').choices(Object.keys(RENDERERS)).default('text'))
    .option('-o, --output <file>', 'write to a file instead of stdout; it holds names of people')
    .action((options) => requests(cli, options));
  accounts
    .command('done')
    .description('record what 本市教師研習中心 did; the next run takes it')
    .argument('<number>', 'number of the request')
    .addArgument(new Argument('<asked>', 'what was done').choices(ASKED))
    .argument('<digest>', 'what the list shows beside it (核對碼): of kind, state and holder as the school tells them')
    .requiredOption('--reason <text>', 'how it is known; kept for ever')
    .requiredOption('--as <user>', 'who records it; the credential comes from MINGCE_CREDENTIAL or the terminal')
    .option('--json', 'answer with one JSON document')
    .action((number: string, asked: Asked, digest: string, options: DoneOptions) =>
      done(cli, number, asked, digest, options),
    );
};
