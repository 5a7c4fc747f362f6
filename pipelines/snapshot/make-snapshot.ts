/**
 * Makes one snapshot inside a transaction: scope → rows → checks → files → manifest → stored. Whatever fails leaves nothing (I3). All reads are
 * bounded by the recorded moment, so applies in flight do not show.
 */
import { type Campaign, type PlanKind, SNAPSHOT_FORMATS, type SnapshotFormat } from '../../schemas/campaign.ts';
import {
  ENTITIES_PATH,
  KEYS_PATH,
  MANIFEST_PATH,
  SIGNATURE_PATH,
  type SnapshotCorrection,
  type SnapshotManifest,
} from '../../schemas/snapshot.ts';
import type { CampaignVersion } from '../../warehouse/campaign-versions.ts';
import type { Transaction } from '../../warehouse/connect.ts';
import { type OpenSink, type OpenSpill, sinksOf, spillsOf } from '../../warehouse/snapshot-file-sink.ts';
import { addSnapshot } from '../../warehouse/snapshots.ts';
import {
  type SnapshotInstitution,
  snapshotInstitutions,
  staffSources,
} from '../../warehouse/views/snapshot-institutions.ts';
import { createScope, schoolRows } from '../../warehouse/views/snapshot-rows.ts';
import type { SnapshotRun } from '../../warehouse/views/snapshot-run.ts';
import { createTeachers, type TeacherRule, teachersByInstitution } from '../../warehouse/views/snapshot-teachers.ts';
import type { SnapshotMoments } from '../../warehouse/views/snapshot-visible.ts';
import type { PipelineContext } from '../context.ts';
import { canonicalJson } from './canonical-json.ts';
import { demand, fileChecks, scopeChecks, teacherChecks } from './checks.ts';
import { handedOut, type PlanSpec, SCHOOL_PLAN, TEACHER_PLAN } from './columns.ts';
import { coverageOf } from './coverage.ts';
import { type Exported, traverse } from './exporters/exporter.ts';
import { textExporter } from './exporters/text-exporter.ts';
import { openExporters } from './formats.ts';
import { buildManifest } from './manifest.ts';
import { planTeachers } from './rows.ts';
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

/** Where the files of a snapshot go, and who signs its manifest. */
export interface SnapshotOutlet {
  open: OpenSink;
  spill: OpenSpill;
  sign(manifest: Uint8Array): Promise<{ signature: string; keys: string }>;
}

const idOf = ({ campaign, kind, version }: SnapshotPlan): string => `${campaign.id}-${kind}-v${version}`;

/** Who counts as a teacher, by the campaign. */
export const ruleOf = (campaign: Campaign): TeacherRule => ({
  titleCodes: campaign.plans['teacher-plan'].schoolTitleCodes,
  kindergartenTitles: campaign.plans['teacher-plan'].kindergartenTitles,
});

/** Tells how far it is, and stops where it was asked to. */
async function* watched<Row>(ctx: PipelineContext, id: string, blocks: AsyncIterable<readonly Row[]>, total: number) {
  let done = 0;
  for await (const rows of blocks) {
    ctx.signal.throwIfAborted();
    done += rows.length;
    ctx.progress(`rows of ${id}`, done, total);
    yield rows;
  }
}

interface Written {
  spec: PlanSpec<never>;
  files: (Exported & { format: SnapshotFormat })[];
}

/** One traversal of the rows writes all files of the plan. */
async function writeFiles(
  ctx: PipelineContext,
  trx: Transaction,
  plan: SnapshotPlan,
  id: string,
  inside: readonly SnapshotInstitution[],
  expected: number,
  { open, spill }: SnapshotOutlet,
): Promise<Written> {
  const given = plan.campaign.plans[plan.kind].formats ?? SNAPSHOT_FORMATS;
  const formats = SNAPSHOT_FORMATS.filter((format) => given.includes(format));
  const outlet = (named: boolean) => ({
    sink: open,
    spill,
    institutions: named ? inside : inside.map((institution) => ({ ...institution, name: institution.code })),
  });
  const write = async <Row extends { entity: number }>(
    whole: PlanSpec<Row>,
    blocks: AsyncIterable<readonly Row[]>,
  ): Promise<Written> => {
    const spec = handedOut(whole, plan.campaign);
    // A bundle lists the institutions, too: by their codes, where nobody gets their names.
    const named = spec.columns.some(({ english }) => english === 'institution_name');
    const exporters = openExporters(spec, formats, outlet(named));
    const entities = textExporter<Row>(open, ENTITIES_PATH, '', ({ entity }) => `${entity}\n`);
    const exported = await traverse(watched(ctx, id, blocks, expected), [...exporters, entities]);
    const files = formats.map((format, i) => ({ ...(exported[i] as Exported), format }));
    return { spec: spec as PlanSpec<never>, files };
  };
  return plan.kind === 'teacher-plan'
    ? write(TEACHER_PLAN, planTeachers(trx, ctx.keyring, inside, expected))
    : write(SCHOOL_PLAN, schoolRows(trx, plan.moments));
}

/** Writes all files of a snapshot to an outlet; nothing but what it reads from the warehouse and is handed goes into them. @throws SnapshotError `check-failed` */
export async function composeSnapshot(
  ctx: PipelineContext,
  trx: Transaction,
  plan: SnapshotPlan,
  outlet: SnapshotOutlet,
): Promise<{ id: string; manifest: SnapshotManifest }> {
  const { campaign, kind, moments } = plan;
  const id = idOf(plan);
  const scope = scopeOf(campaign, kind, await snapshotInstitutions(trx, moments));
  const inside = scope.inside.map((placed) => placed.institution);
  await createScope(trx, inside);
  const facts = await createTeachers(trx, moments, ruleOf(campaign), plan.run.id);
  const teachers = await teachersByInstitution(trx);
  const coverage = coverageOf(scope.inside, await staffSources(trx, plan.run.id), teachers, moments.day);
  demand(id, [...teacherChecks(facts), ...scopeChecks(scope, coverage, facts.rows)]);
  const expected = kind === 'teacher-plan' ? facts.rows : scope.inside.length;
  const { spec, files } = await writeFiles(ctx, trx, plan, id, inside, expected, outlet);
  demand(
    id,
    files.flatMap((file) => fileChecks(file, expected)),
  );
  const manifest = buildManifest({
    ...plan,
    id,
    cutOff: moments.cutOff,
    recordedThrough: moments.through,
    validOn: moments.day,
    run: { id: plan.run.id, kind: plan.run.kind, clock: plan.run.clock },
    spec,
    files,
    rows: expected,
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
  const { signature, keys } = await outlet.sign(bytes);
  for (const [path, content] of [
    [MANIFEST_PATH, bytes],
    [SIGNATURE_PATH, Buffer.from(signature)],
    [KEYS_PATH, Buffer.from(keys)],
  ] as const) {
    const sink = outlet.open(path);
    await sink.write(content);
    await sink.end();
  }
  return { id, manifest };
}

/** @returns its id and manifest. @throws SnapshotError `check-failed` */
export async function makeSnapshot(
  ctx: PipelineContext,
  trx: Transaction,
  plan: SnapshotPlan,
): Promise<{ id: string; manifest: SnapshotManifest }> {
  const { campaign, kind, moments } = plan;
  const id = idOf(plan);
  const { manifest } = await composeSnapshot(ctx, trx, plan, {
    open: sinksOf(trx, ctx.keyring, id),
    spill: spillsOf(trx, ctx.keyring, id),
    sign: (bytes) => signManifest(trx, ctx.keyring, bytes, new Date().toISOString()),
  });
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
