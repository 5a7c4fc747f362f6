/** `mingce snapshot shred`: at the end of their purpose, one snapshot or all that are due. */
import type { Command } from 'commander';
import type { PipelineContext } from '../pipelines/context.ts';
import { summaryLine } from '../pipelines/snapshot/snapshot-text.ts';
import { previewDue, shredDue, shredSnapshot } from '../pipelines/snapshot.ts';
import type { DueShredded } from '../schemas/snapshot.ts';
import { actingUser } from './acting-user.ts';
import type { Cli } from './command.ts';
import { decisionMoment } from './decision-moment.ts';
import type { Installation } from './installation.ts';
import { parseReason } from './parse-reason.ts';
import { UsageError } from './usage-error.ts';

/** Opens the installation, and tells what is wrong with what was typed as such. */
type WithSnapshots = <T>(work: (ctx: PipelineContext, installation: Installation) => Promise<T>) => Promise<T>;

interface ShredOptions {
  due?: boolean;
  dryRun?: boolean;
  reason?: string;
  as?: string;
  json?: boolean;
}

const done = (shredded: boolean): string => (shredded ? '已銷毀明細 rows shredded' : '先前已銷毀 had been shredded');

function dueText({ dryRun, snapshots, waiting }: DueShredded, at: string): string {
  if (snapshots.length + waiting.length === 0) return '沒有逾保存期限的快照 no snapshot is due';
  return [
    ...snapshots.map(
      ({ shredded, snapshot }) => `${dryRun ? '應銷毀 due' : done(shredded)}: ${summaryLine(snapshot, at)}`,
    ),
    ...waiting.map(({ snapshots: ids, why }) => `未銷毀 not shredded: ${ids.join(', ')}\n${why}`),
  ].join('\n');
}

function checkOptions(id: string | undefined, { due, dryRun, reason, as }: ShredOptions): void {
  if ((id === undefined) === (due === undefined))
    throw new UsageError('snapshot shred: expected either the ID of a snapshot or --due, for all that are due');
  if (dryRun && !due) throw new UsageError('--dry-run: expected with --due, whose snapshots it lists');
  if (!dryRun && (reason === undefined || as === undefined))
    throw new UsageError('snapshot shred: --reason and --as are missing; expected both, or --due --dry-run');
}

async function shred(
  cli: Cli,
  withSnapshots: WithSnapshots,
  id: string | undefined,
  options: ShredOptions,
): Promise<void> {
  checkOptions(id, options);
  const reason = options.reason === undefined ? null : parseReason('--reason', options.reason);
  await withSnapshots(async (ctx, installation) => {
    const at = await decisionMoment(installation, undefined);
    const told = (value: object, text: string): void =>
      cli.answer(options.json ? JSON.stringify(value, null, 2) : text);
    const tellDue = (due: DueShredded): void => {
      told(due, dueText(due, at));
      cli.exit(due.waiting.length > 0 ? 2 : 0);
    };
    if (options.dryRun || options.as === undefined || reason === null) return tellDue(await previewDue(ctx, at));
    const by = await actingUser(cli, installation, options.as);
    if (id === undefined) return tellDue(await shredDue(ctx, { by, at, reason }));
    const one = await shredSnapshot(ctx, { id, by, reason, at });
    return told(one, `${done(one.shredded)}: ${summaryLine(one.snapshot, at)}`);
  });
}

/** Adds the command to `mingce snapshot`. */
export function addShred(snapshot: Command, cli: Cli, withSnapshots: WithSnapshots): void {
  snapshot
    .command('shred')
    .description('at the end of its purpose: nobody reads its rows again; manifest, signature and hashes stay')
    .argument('[id]', 'such as 113-teacher-plan-v1')
    .option('--due', 'instead of one, all whose last day has passed')
    .option('--dry-run', 'with --due: list them, change nothing')
    .option('--reason <text>', 'why; it is kept, and holds no personal identifier (needed unless --dry-run)')
    .option(
      '--as <user>',
      'a user of the bureau; the credential comes from MINGCE_CREDENTIAL or the terminal (needed unless --dry-run)',
    )
    .option('--json', 'answer with one JSON document')
    .action((id: string | undefined, options: ShredOptions) => shred(cli, withSnapshots, id, options));
}
