/** `mingce campaigns`: planning years as data. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { approveCampaign } from '../../pipelines/campaigns/approve-campaign.ts';
import { renderCampaign, renderCampaigns, renderChecked } from '../../pipelines/campaigns/campaign-text.ts';
import { checkCampaigns } from '../../pipelines/campaigns/check-campaigns.ts';
import { copyCampaign } from '../../pipelines/campaigns/copy-campaign.ts';
import { campaignById, listCampaigns, showCampaign } from '../../pipelines/campaigns/list-campaigns.ts';
import { actingUser } from '../acting-user.ts';
import type { Cli, Register } from '../command.ts';
import { decisionMoment } from '../decision-moment.ts';
import { parseReason } from '../parse-reason.ts';
import { readCampaign, readConfig } from '../read-config.ts';
import { UsageError } from '../usage-error.ts';

const JSON_FLAG = ['--json', 'answer with one JSON document'] as const;

interface Options {
  json?: boolean;
  clock?: string;
  version?: string;
  output?: string;
  reason?: string;
  as?: string;
}

const answer = (cli: Cli, { json }: Options, value: object, text: () => string): void =>
  cli.answer(json ? JSON.stringify(value, null, 2) : text());

function readVersion(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--version ${text}: expected a number, as "mingce campaigns show ID" lists them`);
}

const list = (cli: Cli, options: Options): Promise<void> =>
  cli.withInstallation(async (installation) => {
    const at = await decisionMoment(installation, options.clock);
    const campaigns = await listCampaigns(installation.db, installation.campaigns, at);
    answer(cli, options, { at, campaigns }, () => renderCampaigns(campaigns, at));
  });

const show = (cli: Cli, id: string, options: Options): Promise<void> =>
  cli.withInstallation(async ({ db, campaigns }) => {
    const shown = await showCampaign(db, campaigns, id, readVersion(options.version));
    answer(cli, options, shown, () => renderCampaign(shown));
  });

const check = (cli: Cli, files: readonly string[], options: Options): Promise<void> =>
  cli.withInstallation(async ({ db, campaigns }) => {
    const others = files.map((file) => readCampaign(path.resolve(file)));
    const checked = await checkCampaigns(db, files.length > 0 ? others : campaigns);
    answer(cli, options, checked, () => renderChecked(checked));
    cli.exit(checked.ok ? 0 : 1);
  });

/** Where the file of a planning year lies. @throws CampaignError, UsageError */
function fileOf(cli: Cli, id: string): string {
  const { config, configDir } = readConfig(cli.environment().configPath);
  const files = config.campaigns.map((file) => path.resolve(configDir, file));
  const campaigns = files.map((file) => ({ file, ...readCampaign(file) }));
  return (campaignById(campaigns, id) as (typeof campaigns)[number]).file;
}

function copy(cli: Cli, from: string, to: string, options: Options): void {
  if (!/^\d{3}$/.test(to) || Number(to) <= Number(from))
    throw new UsageError(`TO: "${to}"; expected the three digits of a year after ${from}, such as 114`);
  const source = fileOf(cli, from);
  const file = path.resolve(options.output ?? path.join(path.dirname(source), `${to}.yaml`));
  const { text, notes } = copyCampaign(readFileSync(source, 'utf8'), from, to);
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'is there already, and is never written over' : `cannot be written (${code})`;
    throw new UsageError(`${file}: ${why}; expected a new file, in a folder that can be written (--output FILE)`, {
      cause: error,
    });
  }
  answer(cli, options, { file, from, to, notes }, () =>
    [
      `已由 ${from} 年度產生 ${to} 年度 written: ${file}`,
      ...notes.flatMap(({ zh, en }) => [`  ・${zh}`, `    ${en}`]),
      `填妥後：mingce campaigns check ${file}，再加入設定檔的 campaigns`,
      'When it is filled in, check it so, then add it to "campaigns" of the configuration',
    ].join('\n'),
  );
}

const approve = (cli: Cli, id: string, options: Options): Promise<void> => {
  const reason = parseReason('--reason', options.reason ?? '');
  return cli.withInstallation(async (installation) => {
    const campaign = campaignById(installation.campaigns, id);
    const at = await decisionMoment(installation, options.clock);
    const by = await actingUser(cli, installation, options.as as string);
    const { version } = await approveCampaign(installation.db, campaign, { by, reason, at });
    cli.answer(
      `已核定 ${id} 年度第 ${version} 版，基準時間改為 ${campaign.cutOff}；屆時產生的快照為更正版\nApproved: version ${version} of campaign ${id}; what its cut-off freezes corrects the former snapshots`,
    );
  });
};

export const registerCampaigns: Register = (program, cli) => {
  const campaigns = program.command('campaigns').description('planning years as data');
  campaigns
    .command('list')
    .description('all years of the configuration, and where the moment stands to cut-off and windows')
    .option('--clock <iso>', 'another moment than now, for rehearsals (needs simulation: true)')
    .option(...JSON_FLAG)
    .action((options: Options) => list(cli, options));
  campaigns
    .command('show')
    .description('one year in words, with its recorded versions')
    .argument('<id>', 'such as 113')
    .option('--version <n>', 'a version as it was recorded, instead of the file as it is')
    .option(...JSON_FLAG)
    .action((id: string, options: Options) => show(cli, id, options));
  campaigns
    .command('check')
    .description(
      'what is wrong with the files, and what the warehouse does not know; exit status 1 where one is not usable',
    )
    .argument('[files...]', 'files to check instead of those of the configuration')
    .option(...JSON_FLAG)
    .action((files: string[], options: Options) => check(cli, files, options));
  campaigns
    .command('copy')
    .description(
      'write the file of a later year: days moved, the legal basis to be filled in; never over a file that is there',
    )
    .argument('<from>', 'such as 113')
    .argument('<to>', 'such as 114')
    .option('-o, --output <file>', 'where to write it (default: beside the earlier one)')
    .option(...JSON_FLAG)
    .action((from: string, to: string, options: Options) => copy(cli, from, to, options));
  campaigns
    .command('approve')
    .description('let the cut-off move as the file says, although a snapshot of the former one stands')
    .argument('<id>', 'such as 113')
    .requiredOption('--reason <text>', 'why; it stands in the manifest of what comes of it')
    .requiredOption('--as <user>', 'who approves it; the credential comes from MINGCE_CREDENTIAL or the terminal')
    .option('--clock <iso>', 'moment of the approval, for rehearsals (needs simulation: true)')
    .action((id: string, options: Options) => approve(cli, id, options));
};
