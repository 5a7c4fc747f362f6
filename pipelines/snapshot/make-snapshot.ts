/**
 * Makes one snapshot inside a transaction: scope → rows → checks → files → manifest → stored. Whatever fails leaves nothing (I3). All reads are
 * bounded by the recorded moment, so applies in flight do not show.
 */
import type { Campaign, PlanKind } from '../../schemas/campaign.ts';
import {
  KEYS_PATH,
  MANIFEST_PATH,
  SIGNATURE_PATH,
  type SnapshotCorrection,
  type SnapshotManifest,
} from '../../schemas/snapshot.ts';
import type { CampaignVersion } from '../../warehouse/campaign-versions.ts';
import type { Transaction } from '../../warehouse/connect.ts';
import { addSnapshot, type StoredFile, writeSnapshotFile } from '../../warehouse/snapshots.ts';
import { snapshotInstitutions, staffSources } from '../../warehouse/views/snapshot-institutions.ts';
import {
  createScope,
  createTeachers,
  type TeacherRule,
  teacherFacts,
  teachersByInstitution,
} from '../../warehouse/views/snapshot-rows.ts';
import type { SnapshotRun } from '../../warehouse/views/snapshot-run.ts';
import type { SnapshotMoments } from '../../warehouse/views/snapshot-visible.ts';
import type { PipelineContext } from '../context.ts';
import { canonicalJson } from './canonical-json.ts';
import { demand, scopeChecks, teacherChecks, writtenCheck } from './checks.ts';
import { FILES, handedOut, SCHOOL_COLUMNS, TEACHER_COLUMNS } from './columns.ts';
import { coverageOf } from './coverage.ts';
import { csvBytes } from './csv.ts';
import { schoolLines, teacherLines } from './lines.ts';
import { buildManifest } from './manifest.ts';
import { scopeOf } from './scope.ts';
import { signManifest } from './sign-manifest.ts';

export interface SnapshotPlan {
  campaign: Campaign;
  /** The recorded version of `campaign`. */
  campaignVersion: Pick<CampaignVersion, 'version' | 'hash'>;
  kind: PlanKind;
  version: number;
  /** Of a version that corrects another. */
  correction: SnapshotCorrection | null;
  moments: SnapshotMoments;
  run: Pick<SnapshotRun, 'id' | 'kind' | 'clock'>;
  automatic: boolean;
}

/** Who counts as a teacher, by the campaign. */
export const ruleOf = (campaign: Campaign): TeacherRule => ({
  titleCodes: campaign.plans['teacher-plan'].schoolTitleCodes,
  kindergartenTitles: campaign.plans['teacher-plan'].kindergartenTitles,
});

/** Tells how far it is, and stops where it was asked to. */
async function* watched(ctx: PipelineContext, id: string, blocks: AsyncIterable<string[]>, total: number) {
  let done = 0;
  for await (const lines of blocks) {
    ctx.signal.throwIfAborted();
    done += lines.length;
    ctx.progress(`rows of ${id}`, done, total);
    yield lines;
  }
}

async function writeRows(
  ctx: PipelineContext,
  trx: Transaction,
  plan: SnapshotPlan,
  id: string,
  expected: number,
): Promise<{ file: StoredFile; rows: number }> {
  const { path, columns } = FILES[plan.kind];
  const lines =
    plan.kind === 'teacher-plan'
      ? teacherLines(trx, ctx.keyring, plan.run.id, handedOut(TEACHER_COLUMNS, plan))
      : schoolLines(trx, plan.moments, handedOut(SCHOOL_COLUMNS, plan));
  const counter = { rows: 0 };
  const bytes = csvBytes(handedOut(columns, plan), watched(ctx, id, lines, expected), counter);
  const file = await writeSnapshotFile(trx, ctx.keyring, id, path, bytes);
  return { file, rows: counter.rows };
}

/** @returns its id and manifest. @throws SnapshotError `check-failed` */
export async function makeSnapshot(
  ctx: PipelineContext,
  trx: Transaction,
  plan: SnapshotPlan,
): Promise<{ id: string; manifest: SnapshotManifest }> {
  const { campaign, kind, moments } = plan;
  const id = `${campaign.id}-${kind}-v${plan.version}`;
  const rule = ruleOf(campaign);
  const scope = scopeOf(campaign, kind, await snapshotInstitutions(trx, moments));
  await createScope(
    trx,
    scope.inside.map((placed) => placed.institution),
  );
  await createTeachers(trx, moments, rule);
  const facts = await teacherFacts(trx, moments, rule);
  const teachers = await teachersByInstitution(trx);
  const coverage = coverageOf(scope.inside, await staffSources(trx, plan.run.id), teachers, moments.day);
  demand(id, [...teacherChecks(facts), ...scopeChecks(scope, coverage, facts.rows)]);
  const expected = kind === 'teacher-plan' ? facts.rows : scope.inside.length;
  const { file, rows } = await writeRows(ctx, trx, plan, id, expected);
  demand(id, [writtenCheck(file.path, rows, expected)]);
  const manifest = buildManifest({
    ...plan,
    id,
    cutOff: moments.cutOff,
    recordedThrough: moments.through,
    validOn: moments.day,
    run: { id: plan.run.id, kind: plan.run.kind, clock: plan.run.clock },
    file,
    rows,
    counts: {
      institutions: scope.inside.length,
      teachers: facts.rows,
      unknownTitles: facts.unknownTitles,
      excluded: scope.excluded.length,
      notAddressed: scope.notAddressed.length,
    },
    scope,
    coverage,
  });
  const bytes = Buffer.from(canonicalJson(manifest));
  const { signature, keys } = await signManifest(trx, ctx.keyring, bytes, new Date().toISOString());
  await writeSnapshotFile(trx, ctx.keyring, id, MANIFEST_PATH, [bytes]);
  await writeSnapshotFile(trx, ctx.keyring, id, SIGNATURE_PATH, [Buffer.from(signature)]);
  await writeSnapshotFile(trx, ctx.keyring, id, KEYS_PATH, [Buffer.from(keys)]);
  await addSnapshot(trx, {
    id,
    campaign: campaign.id,
    kind,
    version: plan.version,
    cut_off: moments.cutOff,
    recorded_through: moments.through,
    run_id: plan.automatic ? plan.run.id : null,
    automatic: plan.automatic,
    campaign_version: plan.campaignVersion.version,
    corrects: plan.correction?.of ?? null,
    approved_by: plan.correction?.by ?? null,
    manifest,
  });
  return { id, manifest };
}
