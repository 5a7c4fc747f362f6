/** `mingce snapshot preview`: a rehearsal of a snapshot, as text, JSON or a table that one can hand around. */
import { type Command, Option } from 'commander';
import type { PipelineContext } from '../pipelines/context.ts';
import { PREVIEW_TITLE, previewTable, renderPreview } from '../pipelines/report/render-preview.ts';
import { previewSnapshot } from '../pipelines/snapshot/preview.ts';
import { PLAN_KINDS, type PlanKind } from '../schemas/campaign.ts';
import type { SnapshotPreview } from '../schemas/outputs/snapshot-preview.ts';
import type { Cli } from './command.ts';
import type { Installation } from './installation.ts';
import { parseMoment } from './parse-moment.ts';
import { UsageError } from './usage-error.ts';
import { writeAnswer } from './write-answer.ts';

/** Opens the installation, and tells what is wrong with what was typed as such. */
type WithSnapshots = <T>(work: (ctx: PipelineContext, installation: Installation) => Promise<T>) => Promise<T>;

/** What packs is loaded when it is asked for. */
const PREVIEWS = {
  text: renderPreview,
  json: (preview) => JSON.stringify(preview, null, 2),
  csv: async (preview) => (await import('../pipelines/report/render-csv.ts')).csvOf(previewTable(preview)),
  xlsx: async (preview) =>
    (await import('../pipelines/report/render-xlsx.ts')).xlsxOf(
      [previewTable(preview)],
      PREVIEW_TITLE,
      preview.recordedThrough,
    ),
  ods: async (preview) => (await import('../pipelines/report/render-ods.ts')).odsOf([previewTable(preview)]),
} as const satisfies Record<string, (preview: SnapshotPreview) => string | Uint8Array | Promise<string | Uint8Array>>;
const BINARY: ReadonlySet<string> = new Set(['xlsx', 'ods']);

interface PreviewOptions {
  campaign: string;
  kind: PlanKind;
  asOf?: string;
  json?: boolean;
  format: keyof typeof PREVIEWS;
  output?: string;
}

async function preview(cli: Cli, withSnapshots: WithSnapshots, options: PreviewOptions): Promise<void> {
  const { campaign: campaignId, kind, output } = options;
  const format = options.json ? 'json' : options.format;
  if (BINARY.has(format) && output === undefined)
    throw new UsageError(
      `--format ${format}: is a file, not text for a terminal; expected --output FILE beside it, e.g. --output preview.${format}`,
    );
  const asOf = parseMoment('--as-of', options.asOf);
  const seen = await withSnapshots((ctx, { config }) =>
    previewSnapshot(ctx, { campaignId, kind, asOf, nightly: config.schedule.nightly }),
  );
  const answer = await PREVIEWS[format](seen);
  if (output !== undefined) writeAnswer('--output', output, answer);
  else if (typeof answer === 'string') cli.answer(answer.trimEnd());
}

/** Adds the command to `mingce snapshot`. */
export function addPreview(snapshot: Command, cli: Cli, withSnapshots: WithSnapshots): void {
  snapshot
    .command('preview')
    .description('a rehearsal: what would be in, who is not ready and whom to call; nothing is made or stored')
    .requiredOption('--campaign <id>', 'planning year, such as 113')
    .addOption(new Option('--kind <kind>', 'which plan').choices([...PLAN_KINDS]).makeOptionMandatory())
    .option('--as-of <iso>', 'as recorded until this moment (default: now)')
    .addOption(new Option('--format <format>', 'form of the list').choices(Object.keys(PREVIEWS)).default('text'))
    .option('-o, --output <file>', 'write to a file instead of stdout')
    .option('--json', 'the same as --format json')
    .action((options: PreviewOptions) => preview(cli, withSnapshots, options));
}
