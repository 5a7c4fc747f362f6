/**
 * Makes one snapshot inside a transaction: scope → rows → checks → files → manifest → stored. Whatever fails leaves nothing (I3). All reads are
 * bounded by the recorded moment, so applies in flight do not show.
 */
import { type Campaign, type PlanKind, SNAPSHOT_FORMATS, type SnapshotFormat } from '../../schemas/campaign.ts';
import { KEYS_PATH, MANIFEST_PATH, SIGNATURE_PATH } from '../../schemas/snapshot.ts';
import type { Transaction } from '../../warehouse/connect.ts';
import { sinksOf, spillsOf } from '../../warehouse/snapshot-file-sink.ts';
import { addSnapshot } from '../../warehouse/snapshots.ts';
import {
  type SnapshotInstitution,
  snapshotInstitutions,
  staffSources,
} from '../../warehouse/views/snapshot-institutions.ts';
import {
  createScope,
  createTeachers,
  schoolRows,
  type TeacherRule,
  teacherFacts,
  teachersByInstitution,
} from '../../warehouse/views/snapshot-rows.ts';
import type { SnapshotRun } from '../../warehouse/views/snapshot-run.ts';
import type { SnapshotMoments } from '../../warehouse/views/snapshot-visible.ts';
import type { PipelineContext } from '../context.ts';
import { canonicalJson } from './canonical-json.ts';
import { demand, fileChecks, scopeChecks, teacherChecks } from './checks.ts';
import { type PlanSpec, SCHOOL_PLAN, TEACHER_PLAN } from './columns.ts';
import { coverageOf } from './coverage.ts';
import { type Exported, traverse } from './exporters/exporter.ts';
import { openExporters } from './formats.ts';
import { buildManifest } from './manifest.ts';
import { planTeachers } from './rows.ts';
import { scopeOf } from './scope.ts';
import { signManifest } from './sign-manifest.ts';

export interface SnapshotPlan {
  campaign: Campaign;
  kind: PlanKind;
  version: number;
  moments: SnapshotMoments;
  run: Pick<SnapshotRun, 'id' | 'kind' | 'clock'>;
  automatic: boolean;
}

const ruleOf = (campaign: Campaign): TeacherRule => ({
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
): Promise<Written> {
  const given = plan.campaign.plans[plan.kind].formats ?? SNAPSHOT_FORMATS;
  const formats = SNAPSHOT_FORMATS.filter((format) => given.includes(format));
  const outlet = {
    sink: sinksOf(trx, ctx.keyring, id),
    spill: spillsOf(trx, ctx.keyring, id),
    institutions: inside,
  };
  const write = async <Row>(spec: PlanSpec<Row>, blocks: AsyncIterable<readonly Row[]>): Promise<Written> => {
    const exported = await traverse(watched(ctx, id, blocks, expected), openExporters(spec, formats, outlet));
    const files = exported.map((one, i) => ({ ...one, format: formats[i] as SnapshotFormat }));
    return { spec: spec as PlanSpec<never>, files };
  };
  return plan.kind === 'teacher-plan'
    ? write(TEACHER_PLAN, planTeachers(trx, ctx.keyring, plan.run.id, inside, expected))
    : write(SCHOOL_PLAN, schoolRows(trx, plan.moments));
}

/** @returns its id. @throws SnapshotError `check-failed` */
export async function makeSnapshot(ctx: PipelineContext, trx: Transaction, plan: SnapshotPlan): Promise<string> {
  const { campaign, kind, moments } = plan;
  const id = `${campaign.id}-${kind}-v${plan.version}`;
  const rule = ruleOf(campaign);
  const scope = scopeOf(campaign, kind, await snapshotInstitutions(trx, moments));
  const inside = scope.inside.map((placed) => placed.institution);
  await createScope(trx, inside);
  await createTeachers(trx, moments, rule);
  const facts = await teacherFacts(trx, moments, rule);
  const teachers = await teachersByInstitution(trx);
  const coverage = coverageOf(scope.inside, await staffSources(trx, plan.run.id), teachers, moments.day);
  demand(id, [...teacherChecks(facts), ...scopeChecks(scope, coverage, facts.rows)]);
  const expected = kind === 'teacher-plan' ? facts.rows : scope.inside.length;
  const { spec, files } = await writeFiles(ctx, trx, plan, id, inside, expected);
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
  const open = sinksOf(trx, ctx.keyring, id);
  const bytes = Buffer.from(canonicalJson(manifest));
  const { signature, keys } = await signManifest(trx, ctx.keyring, bytes, new Date().toISOString());
  for (const [path, content] of [
    [MANIFEST_PATH, bytes],
    [SIGNATURE_PATH, Buffer.from(signature)],
    [KEYS_PATH, Buffer.from(keys)],
  ] as const) {
    const sink = open(path);
    await sink.write(content);
    await sink.end();
  }
  await addSnapshot(trx, {
    id,
    campaign: campaign.id,
    kind,
    version: plan.version,
    cut_off: moments.cutOff,
    recorded_through: moments.through,
    run_id: plan.automatic ? plan.run.id : null,
    automatic: plan.automatic,
    manifest,
  });
  return id;
}
