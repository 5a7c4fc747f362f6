/** `mingce snapshot diff`: what differs between two snapshots and why, as text, JSON, a table, or the delta that a planning system replays. */
import { type Command, Option } from 'commander';
import type { PipelineContext } from '../pipelines/context.ts';
import { DIFFERENCE_TITLE, differenceTables, renderDifference } from '../pipelines/report/render-difference.ts';
import { deltaLines, deltaOf } from '../pipelines/snapshot/difference/delta.ts';
import { diffSnapshots } from '../pipelines/snapshot/difference/diff-snapshots.ts';
import type { SnapshotDifference } from '../schemas/snapshot-delta.ts';
import type { Cli } from './command.ts';
import type { Installation } from './installation.ts';
import { UsageError } from './usage-error.ts';
import { writeAnswer } from './write-answer.ts';

/** What packs is loaded when it is asked for. */
const DIFFERENCES = {
  text: renderDifference,
  json: (difference) => JSON.stringify(difference, null, 2),
  csv: async (difference) => {
    const [table] = differenceTables(difference);
    if (!table) throw new Error('a difference without its table');
    return (await import('../pipelines/report/render-csv.ts')).csvOf(table);
  },
  xlsx: async (difference) =>
    (await import('../pipelines/report/render-xlsx.ts')).xlsxOf(
      differenceTables(difference),
      DIFFERENCE_TITLE,
      difference.to.recordedThrough,
    ),
  ods: async (difference) => (await import('../pipelines/report/render-ods.ts')).odsOf(differenceTables(difference)),
  delta: (difference) => [...deltaLines(deltaOf(difference))].join(''),
} as const satisfies Record<string, (of: SnapshotDifference) => string | Uint8Array | Promise<string | Uint8Array>>;
const BINARY: ReadonlySet<string> = new Set(['xlsx', 'ods']);

interface DiffOptions {
  json?: boolean;
  format: keyof typeof DIFFERENCES;
  output?: string;
}

type WithSnapshots = <T>(work: (ctx: PipelineContext, installation: Installation) => Promise<T>) => Promise<T>;

async function diff(cli: Cli, withSnapshots: WithSnapshots, ids: readonly [string, string], options: DiffOptions) {
  const { output } = options;
  const format = options.json ? 'json' : options.format;
  if (BINARY.has(format) && output === undefined)
    throw new UsageError(
      `--format ${format}: is a file, not text for a terminal; expected --output FILE beside it, e.g. --output diff.${format}`,
    );
  const answer = await withSnapshots(async (ctx) => DIFFERENCES[format](await diffSnapshots(ctx, ...ids)));
  if (output !== undefined) writeAnswer('--output', output, answer);
  else if (typeof answer === 'string') cli.answer(answer.trimEnd());
}

/** Adds the command to `mingce snapshot`. */
export function addDiff(snapshot: Command, cli: Cli, withSnapshots: WithSnapshots): void {
  snapshot
    .command('diff')
    .description('what differs between two snapshots of a kind, row by row, column by column, and why')
    .argument('<older>', 'such as 113-teacher-plan-v1')
    .argument('<newer>', 'such as 113-teacher-plan-v2')
    .addOption(
      new Option('--format <format>', 'form of the list; delta is what a planning system replays')
        .choices(Object.keys(DIFFERENCES))
        .default('text'),
    )
    .option('-o, --output <file>', 'write to a file instead of stdout')
    .option('--json', 'the same as --format json')
    .action((older: string, newer: string, options: DiffOptions) => diff(cli, withSnapshots, [older, newer], options));
}
