/**
 * `mingce tokens`: what lets a consumer fetch snapshots. Apart from `mingce users`: a user is a person who decides, signs in and is locked; a consumer is
 * a machine that reads, and has several tokens at a time. A token is shown here, once, and nowhere else.
 */
import { renderTokens } from '../../pipelines/report/render-tokens.ts';
import { PLAN_KINDS, type PlanKind } from '../../schemas/campaign.ts';
import { tokenList } from '../../schemas/outputs/consumers.ts';
import { addToken, type IssuedToken, listTokens, revokeToken, type TokenRequest } from '../../warehouse/api-tokens.ts';
import { actingUser } from '../acting-user.ts';
import type { Cli, Register } from '../command.ts';
import type { Installation } from '../installation.ts';
import { parseDay } from '../parse-day.ts';
import { parseReason } from '../parse-reason.ts';
import { UsageError } from '../usage-error.ts';

const AS = [
  '--as <user>',
  'the ops user who does it; the credential comes from MINGCE_CREDENTIAL or the terminal',
] as const;

const isKind = (text: string): text is PlanKind => (PLAN_KINDS as readonly string[]).includes(text);

/** @throws UsageError */
function parseKinds(typed: string): PlanKind[] {
  const kinds = [...new Set(typed.split(','))];
  if (kinds.every(isKind)) return kinds;
  throw new UsageError(`--kind ${typed}: expected ${PLAN_KINDS.join(' or ')}, or both with a comma between them`);
}

/** @throws UsageError */
function parseNumber(typed: string): number {
  if (/^[1-9]\d{0,8}$/.test(typed)) return Number(typed);
  throw new UsageError('expected the number of a token, as "mingce tokens list" shows it');
}

const issued = ({ id, consumer, token }: IssuedToken): string =>
  [
    `已發給存取權杖 token issued: ${consumer} (${id})`,
    `  權杖 token  ${token}`,
    '  只顯示這一次，請安全地交給對方。 It is shown this once: hand it over safely.',
  ].join('\n');

/** What an ops user does. */
const as = (
  cli: Cli,
  name: string,
  work: (installation: Installation, request: TokenRequest) => Promise<void>,
): Promise<void> =>
  cli.withInstallation(async (installation) => {
    const by = await actingUser(cli, installation, name);
    await work(installation, { by, now: new Date().toISOString() });
  });

interface AddOptions {
  kind: string;
  expires: string;
  as: string;
}

export const registerTokens: Register = (program, cli) => {
  const tokens = program.command('tokens').description('what lets planning systems fetch snapshots through the API');
  tokens
    .command('add')
    .description('a token for a consumer; it is shown this once. One that the consumer has goes on counting')
    .argument('<consumer>', 'small Latin letters, digits, hyphens, e.g. planning-teacher')
    .requiredOption('--kind <kinds>', `snapshots that it opens: ${PLAN_KINDS.join(' or ')}, or both with a comma`)
    .requiredOption('--expires <day>', 'last day on which it counts, Asia/Taipei, e.g. 2025-07-31')
    .requiredOption(...AS)
    .action((consumer: string, options: AddOptions) => {
      const kinds = parseKinds(options.kind);
      const through = parseDay('--expires', options.expires) as string;
      return as(cli, options.as, async ({ db }, request) =>
        cli.answer(issued(await addToken(db, { consumer, kinds, through }, request))),
      );
    });
  tokens
    .command('revoke')
    .description('a token opens nothing from now on')
    .argument('<number>', 'as "mingce tokens list" shows it')
    .requiredOption('--reason <text>', 'why; it is kept, and holds no personal identifier')
    .requiredOption(...AS)
    .action((typed: string, options: { reason: string; as: string }) => {
      const id = parseNumber(typed);
      const reason = parseReason('--reason', options.reason);
      return as(cli, options.as, async ({ db }, request) => {
        await revokeToken(db, { id, reason }, request);
        cli.answer(`已撤銷存取權杖 token revoked: ${id}`);
      });
    });
  tokens
    .command('list')
    .description('all tokens: whose, for what, until when, last used; never a token itself')
    .option('--json', 'answer with one JSON document')
    .action((options: { json?: boolean }) =>
      cli.withInstallation(async ({ db }) => {
        const found = tokenList.parse(await listTokens(db, new Date().toISOString()));
        cli.answer(options.json ? JSON.stringify(found, null, 2) : renderTokens(found).trimEnd());
      }),
    );
};
