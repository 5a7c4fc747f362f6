/** `mingce review`: what no rule can decide, the judgements of the bureau, and how one is taken back. */
import { renderJudgement, renderMatter, renderReview } from '../../pipelines/report/render-review.ts';
import { decideReview, joinPersons, undoJudgement, VERDICTS, type Verdict } from '../../pipelines/review.ts';
import { shownJudgements, waitingMatters } from '../../pipelines/review-matters.ts';
import { ReviewError } from '../../schemas/review-error.ts';
import { actingUser } from '../acting-user.ts';
import type { Cli, Register } from '../command.ts';
import { decisionMoment } from '../decision-moment.ts';
import { parseDay } from '../parse-day.ts';
import { parseReason } from '../parse-reason.ts';
import { UsageError } from '../usage-error.ts';

const AS = ['--as <user>', 'who decides; the credential comes from MINGCE_CREDENTIAL or the terminal'] as const;
const CLOCK = ['--clock <iso>', 'moment of the decision, for rehearsals (needs simulation: true)'] as const;
const JSON_FLAG = ['--json', 'answer with one JSON document'] as const;

const NUMBER = /^[1-9]\d{0,14}$/;

interface Options {
  reason: string;
  on?: string;
  as: string;
  clock?: string;
}

async function list(cli: Cli, options: { all?: boolean; json?: boolean }): Promise<void> {
  await cli.withInstallation(async ({ db, config }) => {
    const waiting = (await waitingMatters(db, config.absence?.nights)).map(({ shown }) => shown);
    const shown = { waiting, judgements: await shownJudgements(db, options.all ?? false) };
    cli.answer(options.json ? JSON.stringify(shown, null, 2) : renderReview(shown));
  });
}

async function show(cli: Cli, id: string, options: { json?: boolean }): Promise<void> {
  await cli.withInstallation(async ({ db, config }) => {
    const found = (await waitingMatters(db, config.absence?.nights)).find(({ ids }) => ids.includes(id.toUpperCase()));
    if (found === undefined) throw new ReviewError('review-matter-unknown', { id });
    cli.answer(options.json ? JSON.stringify(found.shown, null, 2) : renderMatter(found.shown));
  });
}

async function decide(
  cli: Cli,
  [id, verdict, code]: [string, string, string | undefined],
  options: Options,
): Promise<void> {
  if (!VERDICTS.some((v) => v === verdict))
    throw new UsageError(`review decide: "${verdict}" is not one of ${VERDICTS.join(', ')}`);
  const reason = parseReason('--reason', options.reason);
  const on = parseDay('--on', options.on);
  await cli.withInstallation(async (installation) => {
    const when = await decisionMoment(installation, options.clock);
    const by = await actingUser(cli, installation, options.as);
    const nights = installation.config.absence?.nights ?? null;
    const decision = { id, verdict: verdict as Verdict, code: code ?? null, on, nights, reason, by, when };
    const line = await decideReview(installation.db, decision);
    cli.answer(`${renderJudgement(line)}\nDecided (number ${line.number}): the next run carries it out.`);
  });
}

async function join(cli: Cli, texts: readonly string[], options: Options): Promise<void> {
  const wrong = texts.find((text) => !NUMBER.test(text));
  if (wrong !== undefined) throw new UsageError(`review join: "${wrong}"; expected the numbers of two people`);
  const reason = parseReason('--reason', options.reason);
  await cli.withInstallation(async (installation) => {
    const when = await decisionMoment(installation, options.clock);
    const by = await actingUser(cli, installation, options.as);
    const people = [Number(texts[0]), Number(texts[1])] as const;
    const line = await joinPersons(installation.db, { people, reason, by, when });
    cli.answer(`${renderJudgement(line)}\nDecided (number ${line.number}): the next run carries it out.`);
  });
}

async function undo(cli: Cli, text: string, options: Options): Promise<void> {
  if (!NUMBER.test(text))
    throw new UsageError(`review undo: "${text}"; expected the number of a judgement as "mingce review list" shows it`);
  const reason = parseReason('--reason', options.reason);
  await cli.withInstallation(async (installation) => {
    const when = await decisionMoment(installation, options.clock);
    const by = await actingUser(cli, installation, options.as);
    const line = await undoJudgement(installation.db, { number: Number(text), reason, by, when });
    cli.answer(`${renderJudgement(line)}\nUndone: the next run asks again.`);
  });
}

export const registerReview: Register = (program, cli) => {
  const review = program.command('review').description('what no rule can decide, and what the bureau decided');
  review
    .command('list')
    .description('what waits for a judgement, and the judgements that count')
    .option('--all', 'also judgements that count no more')
    .option(...JSON_FLAG)
    .action((options: { all?: boolean; json?: boolean }) => list(cli, options));
  review
    .command('show')
    .description('one matter, with what there is to choose from')
    .argument('<id>', 'K3, E12 or A7, as "mingce review list" shows it')
    .option(...JSON_FLAG)
    .action((id: string, options: { json?: boolean }) => show(cli, id, options));
  review
    .command('decide')
    .description('decide a matter; every run from then on follows it')
    .argument('<id>', 'K3, E12 or A7, as "mingce review list" shows it')
    .argument('<verdict>', VERDICTS.join(', '))
    .argument(
      '[code]',
      'CODE[:SECTION] of the institution that it is, or that has the person; of who is missing 離職, 轉校 or 退休',
    )
    .option('--on <day>', 'day from which who is missing is out; left out: since the first night without them')
    .requiredOption('--reason <text>', 'why; kept for ever')
    .requiredOption(...AS)
    .option(...CLOCK)
    .action((id: string, verdict: string, code: string | undefined, options: Options) =>
      decide(cli, [id, verdict, code], options),
    );
  review
    .command('join')
    .description('two people are one: the lower number stays, the other leads to it')
    .argument('<person>', 'number of a person, as "mingce report" and "mingce explain" show it')
    .argument('<other>', 'number of the other')
    .requiredOption('--reason <text>', 'why; kept for ever')
    .requiredOption(...AS)
    .option(...CLOCK)
    .action((person: string, other: string, options: Options) => join(cli, [person, other], options));
  review
    .command('undo')
    .description('take a judgement back: the next run asks again')
    .argument('<number>', 'of the judgement, as "mingce review list" shows it')
    .requiredOption('--reason <text>', 'why; kept for ever')
    .requiredOption(...AS)
    .option(...CLOCK)
    .action((number: string, options: Options) => undo(cli, number, options));
};
