/** `mingce snapshot`: take, list, show, hand out and verify snapshots. */
import { readFile, stat } from 'node:fs/promises';
import { Option } from 'commander';
import type { PipelineContext } from '../../pipelines/context.ts';
import type { WorkbookFormat } from '../../pipelines/snapshot/export-workbooks.ts';
import { describeSnapshot, storedSnapshot } from '../../pipelines/snapshot/list-snapshots.ts';
import { readJwkSet } from '../../pipelines/snapshot/signature.ts';
import { SnapshotError, type SnapshotErrorCode } from '../../pipelines/snapshot/snapshot-error.ts';
import {
  coverageText,
  keptText,
  manifestText,
  rebuiltText,
  summaryLine,
  verifiedText,
} from '../../pipelines/snapshot/snapshot-text.ts';
import {
  createSnapshot,
  exportSnapshot,
  exportWorkbooks,
  listSnapshots,
  rebuildSnapshot,
  verifyFolder,
  verifyStored,
  WORKBOOK_FORMATS,
} from '../../pipelines/snapshot.ts';
import { PLAN_KINDS, type PlanKind } from '../../schemas/campaign.ts';
import { SNAPSHOT_ID, type SnapshotVerified } from '../../schemas/snapshot.ts';
import type { PublicKey } from '../../warehouse/signing-keys.ts';
import { actingUser } from '../acting-user.ts';
import type { Cli, Register } from '../command.ts';
import { decisionMoment } from '../decision-moment.ts';
import { addDiff } from '../diff-snapshots.ts';
import type { Installation } from '../installation.ts';
import { parseMoment } from '../parse-moment.ts';
import { parseReason } from '../parse-reason.ts';
import { addPreview } from '../preview-snapshot.ts';
import { addShred } from '../shred-snapshots.ts';
import { UsageError } from '../usage-error.ts';

interface JsonOption {
  json?: boolean;
}
interface CreateOptions extends JsonOption {
  campaign: string;
  kind: PlanKind;
  asOf?: string;
  reason?: string;
  as?: string;
}

interface ExportOptions extends JsonOption {
  institution?: string;
  format?: WorkbookFormat;
  workbooks?: WorkbookFormat;
}

const INSTITUTION = /^([\w-]+)(?::(\S+))?$/;

/** @returns null where the files of the snapshot itself are asked for */
function workbooksAsked({ institution, format, workbooks }: ExportOptions) {
  if (institution === undefined) {
    if (format !== undefined)
      throw new UsageError(
        `--format ${format}: expected with --institution; for all institutions give --workbooks ${format}`,
      );
    return workbooks === undefined ? null : { format: workbooks, institution: null };
  }
  if (workbooks !== undefined)
    throw new UsageError('--workbooks: expected alone; with --institution give --format xlsx or --format ods');
  const [, code, section = null] = INSTITUTION.exec(institution) ?? [];
  if (code === undefined)
    throw new UsageError(
      `--institution: "${institution}" is not a code; expected CODE or CODE:SECTION, e.g. 064601:國小`,
    );
  return { format: format ?? ('xlsx' as const), institution: { code, section } };
}

const JSON_FLAG = ['--json', 'answer with one JSON document'] as const;

function contextOf(installation: Installation, cli: Cli): PipelineContext {
  const { db, keyring, campaigns, config } = installation;
  return { db, keyring, campaigns, guards: config.guards, log: cli.log, signal: cli.signal, progress: () => undefined };
}

const TYPED: ReadonlySet<SnapshotErrorCode> = new Set([
  'unknown-campaign',
  'unknown-snapshot',
  'unknown-institution',
  'moment-in-future',
  'approval-needed',
  'nothing-to-correct',
  'different-kinds',
]);

/** What the person typed is wrong usage (64); what the installation cannot do is a failure (1). */
const withSnapshots = <T>(
  cli: Cli,
  work: (ctx: PipelineContext, installation: Installation) => Promise<T>,
): Promise<T> =>
  cli.withInstallation(async (installation) => {
    try {
      return await work(contextOf(installation, cli), installation);
    } catch (error) {
      if (error instanceof SnapshotError && TYPED.has(error.code))
        throw new UsageError(error.message, { cause: error });
      throw error;
    }
  });

const json = (cli: Cli, value: unknown): void => cli.answer(JSON.stringify(value, null, 2));

async function approvedBy(cli: Cli, installation: Installation, name: string) {
  const at = await decisionMoment(installation, undefined);
  return { by: await actingUser(cli, installation, name), at };
}

async function create(cli: Cli, options: CreateOptions): Promise<void> {
  const { campaign: campaignId, kind } = options;
  const asOf = parseMoment('--as-of', options.asOf);
  if ((options.reason === undefined) !== (options.as === undefined))
    throw new UsageError('--reason and --as: a correction needs both; expected a reason, and the user who approves it');
  const reason = options.reason === undefined ? null : parseReason('--reason', options.reason);
  const { made, now } = await withSnapshots(cli, async (ctx, installation) => {
    const approval = reason === null ? null : await approvedBy(cli, installation, options.as as string);
    const correction = reason === null || approval === null ? null : { ...approval, reason };
    const created = await createSnapshot(ctx, { campaignId, kind, asOf, correction });
    return { made: created, now: await decisionMoment(installation, undefined) };
  });
  if (options.json) return json(cli, made);
  const said = made.created
    ? '已建立快照 snapshot taken'
    : reason === null
      ? '快照早已存在，內容不變 this snapshot stands already'
      : '內容並無不同，未產生新版 nothing differs: no new version, this one stands';
  cli.answer(`${said}: ${summaryLine(made.snapshot, now)}\n${coverageText(made.snapshot.coverage)}`);
}

const isFolder = async (name: string): Promise<boolean> => {
  const found = await stat(name).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  return found?.isDirectory() ?? false;
};

/** @throws UsageError */
async function readKeys(file: string): Promise<PublicKey[]> {
  try {
    return await readJwkSet(await readFile(file, 'utf8'));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new UsageError(`--key ${file}: ${why}; expected a JWK Set as "mingce keys export" writes it`, {
      cause: error,
    });
  }
}

/** A folder is verified offline: no database, no key of the installation. */
async function verify(cli: Cli, name: string, key: string | undefined): Promise<SnapshotVerified> {
  const keys = key === undefined ? null : await readKeys(key);
  if (await isFolder(name)) return verifyFolder(name, keys);
  if (keys !== null)
    throw new UsageError(
      `--key ${key}: a stored snapshot is verified with the installation's own keys; expected a folder`,
    );
  if (SNAPSHOT_ID.test(name)) return withSnapshots(cli, (ctx) => verifyStored(ctx, name));
  throw new UsageError(`${name}: expected a folder that "snapshot export" wrote, or an id such as 113-teacher-plan-v1`);
}

export const registerSnapshot: Register = (program, cli) => {
  const snapshot = program.command('snapshot').description('immutable snapshots for the planning systems');
  snapshot
    .command('create')
    .description('take a snapshot by hand; the closing run takes those of the cut-off by itself')
    .requiredOption('--campaign <id>', 'planning year, such as 113')
    .addOption(new Option('--kind <kind>', 'which plan').choices([...PLAN_KINDS]).makeOptionMandatory())
    .option(
      '--as-of <iso>',
      'as recorded until, and registered before, this moment (default: the cut-off of the campaign)',
    )
    .option('--reason <text>', 'why what stands is corrected; kept in the manifest for ever')
    .option('--as <user>', 'who approves the correction; the credential comes from MINGCE_CREDENTIAL or the terminal')
    .option(...JSON_FLAG)
    .action((options: CreateOptions) => create(cli, options));
  addPreview(snapshot, cli, (work) => withSnapshots(cli, work));
  addDiff(snapshot, cli, (work) => withSnapshots(cli, work));
  snapshot
    .command('list')
    .description('all snapshots')
    .option(...JSON_FLAG)
    .action((options: JsonOption) =>
      withSnapshots(cli, async (ctx, installation) => {
        const list = await listSnapshots(ctx);
        if (options.json) return json(cli, list);
        const now = await decisionMoment(installation, undefined);
        const lines = list.map((snapshot) => summaryLine(snapshot, now));
        cli.answer(lines.length === 0 ? '尚無快照 no snapshots yet' : lines.join('\n'));
      }),
    );
  snapshot
    .command('show')
    .description('the manifest of a snapshot: what is in it, on which basis, and how current each institution is')
    .argument('<id>', 'such as 113-teacher-plan-v1')
    .option(...JSON_FLAG)
    .action((id: string, options: JsonOption) =>
      withSnapshots(cli, async (ctx, installation) => {
        const { manifest } = await storedSnapshot(ctx, id);
        if (options.json) return json(cli, manifest);
        const now = await decisionMoment(installation, undefined);
        cli.answer(`${manifestText(manifest)}\n${keptText(await describeSnapshot(ctx, id), now)}`);
      }),
    );
  snapshot
    .command('export')
    .description('write the files of a snapshot into a new or empty folder')
    .argument('<id>', 'such as 113-teacher-plan-v1')
    .argument('<dir>', 'folder to write')
    .option('--institution <code[:section]>', 'instead of its files a workbook of one institution, e.g. 064601:國小')
    .addOption(new Option('--format <format>', 'of that workbook').choices(WORKBOOK_FORMATS))
    .addOption(new Option('--workbooks <format>', 'a workbook for every institution').choices(WORKBOOK_FORMATS))
    .option(...JSON_FLAG)
    .action((id: string, dir: string, options: ExportOptions) =>
      withSnapshots(cli, async (ctx) => {
        const asked = workbooksAsked(options);
        const exported = asked ? await exportWorkbooks(ctx, { id, dir, ...asked }) : await exportSnapshot(ctx, id, dir);
        if (options.json) json(cli, exported);
        else
          cli.answer(
            [`已匯出 ${id} exported to ${exported.dir}`, ...exported.files.map((f) => `  ${f.path}  ${f.sha256}`)].join(
              '\n',
            ),
          );
      }),
    );
  snapshot
    .command('rebuild')
    .description(
      'make a stored snapshot again from the warehouse and compare every byte; exit status 1 when any differs',
    )
    .argument('<id>', 'such as 113-teacher-plan-v1')
    .option(...JSON_FLAG)
    .action((id: string, options: JsonOption) =>
      withSnapshots(cli, async (ctx) => {
        const rebuilt = await rebuildSnapshot(ctx, id);
        if (options.json) json(cli, rebuilt);
        else cli.answer(rebuiltText(rebuilt));
        cli.exit(rebuilt.ok ? 0 : 1);
      }),
    );
  addShred(snapshot, cli, (work) => withSnapshots(cli, work));
  snapshot
    .command('verify')
    .description('verify an exported folder (offline) or a stored snapshot; exit status 1 when anything differs')
    .argument('<dir-or-id>')
    .option('--key <file>', 'public keys of the installation (a JWK Set): they prove who made the folder')
    .option(...JSON_FLAG)
    .action(async (name: string, options: JsonOption & { key?: string }) => {
      const verified = await verify(cli, name, options.key);
      if (options.json) json(cli, verified);
      else cli.answer(verifiedText(name, verified));
      cli.exit(verified.ok ? 0 : 1);
    });
};
