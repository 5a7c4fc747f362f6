/**
 * Receipts for what a run heard. They are set down once per delivery, under the run's fence; then those of files are written into their
 * school's folder. A folder that cannot be written does not hold up the night: the next run tries again.
 */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Campaign } from '../schemas/campaign.ts';
import type { Receipt } from '../schemas/outputs/receipt.ts';
import { checkRunFence, type RunClaim } from '../warehouse/fence.ts';
import { heldSchools } from '../warehouse/holds/standing-holds.ts';
import { openQuarantine } from '../warehouse/landing/quarantine.ts';
import { INSTITUTION_UNKNOWN } from '../warehouse/matching/waiting.ts';
import {
  addReceipts,
  type DueReceipt,
  dueReceipts,
  type KeptReceipt,
  markWritten,
  newestReceipts,
  unwrittenReceipts,
  waitingOf,
  warningsOf,
} from '../warehouse/receipts.ts';
import { type OpenExceptionRow, openExceptions } from '../warehouse/views/report-exceptions.ts';
import { schoolCodes, schoolNames } from '../warehouse/views/report-institutions.ts';
import type { PipelineContext } from './context.ts';
import { endsLate } from './find-late.ts';
import type { SourceSpec } from './land.ts';
import { nextCutOff } from './next-cut-off.ts';
import { quarantinedRow } from './quarantine/list-quarantine.ts';
import { afterReplay } from './receipt/after-replay.ts';
import { buildReceipt, MOST_ROWS } from './receipt/build-receipt.ts';
import { exceptionTitle } from './report/exception-titles.ts';
import { renderReceiptHtml } from './report/render-receipt-html.ts';
import { say } from './report/say.ts';

/** No school has more that it must hear of at once. */
const MOST_MATTERS = 50;

/** Each waits until the disk has it: together they wait once. */
const FILES_AT_ONCE = 16;

/** What the file system says: EACCES, ENOSPC. */
const SYSTEM_ERROR = /^E[A-Z]+$/;

type Specs = ReadonlyMap<string, SourceSpec>;

const codeOf = (source: string): string | null => source.split('/')[1] ?? null;

/** Whom to ask (R31), and until when: of the year whose cut-off comes next. */
function contactsOf(campaigns: readonly Campaign[], clock: string): Pick<Receipt, 'dueBy' | 'contacts'> {
  const next = nextCutOff(campaigns, clock);
  const campaign = campaigns.find((c) => c.id === next?.campaign) ?? campaigns.at(-1);
  return {
    dueBy: next === null ? null : { campaign: next.name, at: next.cutOff },
    contacts: campaign?.contacts ?? null,
  };
}

/** Open matters per school: of its institutions, and those that its own files raised. What the receipt says by itself is left out. */
async function mattersBySchool(ctx: PipelineContext, due: readonly DueReceipt[], runId: number, clock: string) {
  const SAID: ReadonlySet<string> = new Set([
    'rows-quarantined',
    'source-failed',
    'missing-from-roster',
    'missing-not-judged',
    'old-file-sent-again',
  ]);
  const codes = await schoolCodes(ctx.db, [...new Set(due.flatMap((d) => codeOf(d.source) ?? []))]);
  const open = await openExceptions(ctx.db, runId, clock);
  // The file that this receipt is about may have closed the matter, and the school was not told of it yet.
  const settled = (await openExceptions(ctx.db, runId - 1, clock)).filter((e) => e.code === 'registered-elsewhere');
  const alike = (e: OpenExceptionRow): string => JSON.stringify([e.code, e.opened_run_id, e.institution_key, e.about]);
  const known = new Set(open.map(alike));
  const found = [...open, ...settled.filter((e) => !known.has(alike(e)))].filter((e) => !SAID.has(e.code));
  return Map.groupBy(
    found,
    (e) => (e.institution_key === null ? null : codes.get(e.institution_key)) ?? codeOf(e.source ?? ''),
  );
}

interface Built {
  receipts: { due: DueReceipt; body: Receipt }[];
  /** Sources whose receipt could not be built. */
  failed: string[];
}

async function build(ctx: PipelineContext, specs: Specs, due: readonly DueReceipt[], runId: number): Promise<Built> {
  const built: Built = { receipts: [], failed: [] };
  const [first] = due;
  if (!first) return built;
  const sources = due.map((d) => d.source);
  const rows = Map.groupBy(
    await openQuarantine(ctx.db, {
      sources,
      institution: null,
      limit: sources.length * MOST_ROWS,
      perSource: MOST_ROWS,
    }),
    (row) => row.source,
  );
  const warnings = Map.groupBy(await warningsOf(ctx.db, sources), (w) => w.source);
  const names = await schoolNames(
    ctx.db,
    sources.flatMap((source) => codeOf(source) ?? []),
  );
  const waiting = await waitingOf(ctx.db, sources);
  const held = await heldSchools(ctx.db, runId);
  const matters = await mattersBySchool(ctx, due, runId, first.clock);
  const replayed = due.filter((d) => d.run_kind === 'replay').map((d) => d.source);
  const before = await newestReceipts(ctx.db, replayed);
  const bodyOf = (one: DueReceipt): Receipt => {
    const { source } = one;
    const code = codeOf(source);
    const spec = specs.get(one.drop_name);
    const open = rows.get(source) ?? [];
    const schoolName = code === null ? null : (names.get(code) ?? null);
    // Of a school that no list knows all of them wait for one and the same thing.
    const matter = (e: OpenExceptionRow): boolean => schoolName !== null || e.code !== INSTITUTION_UNKNOWN;
    return buildReceipt(one, {
      kind: spec?.kinds.at(-1) ?? 'staff',
      schoolName,
      rows: open.map((row) => quarantinedRow(row, null)),
      openRows: open[0]?.of_source ?? 0,
      waiting: waiting.get(source) ?? 0,
      held: code !== null && held.has(code),
      correctable: spec?.connector.sentRows !== undefined,
      warnings: warnings.get(source) ?? [],
      matters: (code === null ? [] : (matters.get(code) ?? []))
        .filter((e) => matter(e) && !endsLate({ code: e.code, subject: e.source }, one, spec, ctx.campaigns))
        .slice(0, MOST_MATTERS)
        .map((e) => ({
          code: e.code,
          title: exceptionTitle(e.code),
          about: e.about,
          text: say(e.code, e.params),
          since: e.opened_at,
        })),
      ...contactsOf(ctx.campaigns, one.clock),
    });
  };
  for (const one of due) {
    try {
      const body = one.run_kind === 'replay' ? afterReplay(bodyOf(one), before.get(one.source)) : bodyOf(one);
      if (body) built.receipts.push({ due: one, body });
    } catch (error) {
      // What one source made of itself must not keep the others from hearing; the run goes on owing this one.
      ctx.log.error({ run: runId, source: one.source, err: error }, 'receipt not made');
      built.failed.push(one.source);
    }
  }
  return built;
}

/** Owner only; under its name at once or not at all. */
async function writeReceipt(folder: string, kept: KeptReceipt): Promise<string> {
  const into = path.join(folder, codeOf(kept.source) ?? kept.source);
  const stamp = kept.body.clock.slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-');
  const file = path.join(into, `${stamp}-${kept.drop_name}-run${kept.run_id}.html`);
  await mkdir(into, { recursive: true, mode: 0o700 });
  const part = `${file}.part`;
  await rm(part, { force: true });
  const handle = await open(part, 'wx', 0o600);
  try {
    await handle.writeFile(renderReceiptHtml(kept.body));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, file);
  return file;
}

/** @returns those that their folder did not take, each with what the file system says */
async function writeReceipts(
  ctx: PipelineContext,
  folders: ReadonlyMap<string, string>,
  some: readonly KeptReceipt[],
): Promise<string[]> {
  const ends = await Promise.allSettled(
    some.map(async (kept) => ({ ...kept, file: await writeReceipt(folders.get(kept.drop_name) as string, kept) })),
  );
  const written = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  if (written.length > 0) await markWritten(ctx.db, written);
  return ends.flatMap((end, nth) => {
    if (end.status === 'fulfilled') return [];
    const { code } = end.reason as NodeJS.ErrnoException;
    if (typeof code !== 'string' || !SYSTEM_ERROR.test(code)) throw end.reason;
    return [`${(some[nth] as KeptReceipt).source}: ${code}`];
  });
}

/**
 * Part of the report stage; done twice it says and writes everything once.
 * @returns sources whose receipt could not be made; all others have theirs
 * @throws FencedError
 */
export async function giveReceipts(ctx: PipelineContext, claim: RunClaim, specs: Specs): Promise<string[]> {
  const due = await dueReceipts(ctx.db, claim.runId);
  const { receipts, failed } = await build(ctx, specs, due, claim.runId);
  if (receipts.length > 0) {
    await ctx.db.transaction(async (trx) => {
      await checkRunFence(trx, claim);
      await addReceipts(trx, receipts);
    });
  }
  const folders = new Map([...specs].flatMap(([drop, { receipts }]) => (receipts ? [[drop, receipts] as const] : [])));
  const unwritten = await unwrittenReceipts(ctx.db, [...folders.keys()]);
  const owed: string[] = [];
  for (let from = 0; from < unwritten.length; from += FILES_AT_ONCE) {
    ctx.signal.throwIfAborted();
    owed.push(...(await writeReceipts(ctx, folders, unwritten.slice(from, from + FILES_AT_ONCE))));
  }
  if (owed.length > 0) {
    const log = { run: claim.runId, owed: owed.length, first: owed[0] };
    ctx.log.error(log, 'receipts not written, the next run tries again');
  }
  return failed;
}
