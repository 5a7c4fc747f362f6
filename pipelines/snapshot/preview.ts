/**
 * A rehearsal of a snapshot: the plan as it would be at the cut-off by what is known now, who is not ready, and whom to call. It makes nothing and stores nothing:
 * its temporary tables end with its transaction.
 */
import type { PlanKind } from '../../schemas/campaign.ts';
import { moveOf } from '../../schemas/deadlines.ts';
import type { RunPicture } from '../../schemas/outputs/report.ts';
import type { PreviewLine, SnapshotPreview } from '../../schemas/outputs/snapshot-preview.ts';
import { COVERAGE, type CoverageEntry } from '../../schemas/snapshot.ts';
import type { Transaction } from '../../warehouse/connect.ts';
import { heldHorizon, refuseForgotten } from '../../warehouse/history/horizon.ts';
import { getRun } from '../../warehouse/runs.ts';
import { snapshotsAt } from '../../warehouse/snapshots.ts';
import { openExceptions } from '../../warehouse/views/report-exceptions.ts';
import { readPicture } from '../../warehouse/views/report-picture.ts';
import { snapshotInstitutions, staffSources } from '../../warehouse/views/snapshot-institutions.ts';
import { scopeContacts } from '../../warehouse/views/snapshot-readiness.ts';
import { createScope, schoolRows } from '../../warehouse/views/snapshot-rows.ts';
import { type SnapshotRun, taipeiMoments } from '../../warehouse/views/snapshot-run.ts';
import { createTeachers, teachersByInstitution } from '../../warehouse/views/snapshot-teachers.ts';
import type { PipelineContext } from '../context.ts';
import { keptSummary } from '../report.ts';
import { campaignOf } from '../snapshot.ts';
import { scopeChecks, teacherChecks } from './checks.ts';
import { coverageOf } from './coverage.ts';
import { ruleOf } from './make-snapshot.ts';
import { previewRun } from './moments.ts';
import { readiness } from './readiness.ts';
import { type Placed, scopeOf } from './scope.ts';

export interface PreviewWanted {
  campaignId: string;
  kind: PlanKind;
  asOf?: string | null;
  /** `HH:MM` of the nightly run: what is approved before that of the cut-off's day is in (R15). */
  nightly: string;
}

type Pending = RunPicture['pending'];

/** What was under review on the run's night; of a run without a picture, what is now. */
async function pendingOf(trx: Transaction, run: SnapshotRun): Promise<Pending> {
  const kept = keptSummary(await getRun(trx, run.id)).picture;
  return (kept ?? (await readPicture(trx, run.clock.slice(0, 10)))).pending;
}

const keyOf = (i: { code: string; section: string }): string => `${i.code}:${i.section}`;

async function leadsOf(trx: Transaction, moments: Parameters<typeof schoolRows>[1]): Promise<Map<string, number>> {
  const leads = new Map<string, number>();
  for await (const block of schoolRows(trx, moments))
    for (const row of block) leads.set(keyOf(row), row.accounts.length);
  return leads;
}

/** @throws SnapshotError: unknown campaign, no applied run, a moment that has not come; HistoryForgottenError */
export async function previewSnapshot(
  ctx: PipelineContext,
  { campaignId, kind, asOf = null, nightly }: PreviewWanted,
): Promise<SnapshotPreview> {
  const campaign = campaignOf(ctx.campaigns, campaignId);
  const run = await previewRun(ctx.db, asOf);
  return ctx.db.transaction(async (trx) => {
    await heldHorizon(trx);
    await refuseForgotten(trx, campaign.cutOff, `${campaignId} ${kind} ${campaign.cutOff}`);
    const moments = await taipeiMoments(trx, { cutOff: campaign.cutOff, through: run.recordedAt });
    const scope = scopeOf(campaign, kind, await snapshotInstitutions(trx, moments));
    await createScope(
      trx,
      scope.inside.map((placed) => placed.institution),
    );
    const facts = await createTeachers(trx, moments, ruleOf(campaign), run.id);
    const coverage = coverageOf(
      scope.inside,
      await staffSources(trx, run.id),
      await teachersByInstitution(trx),
      moments.day,
    );
    const contacts = await scopeContacts(trx, moments);
    const pending = Map.groupBy(await pendingOf(trx, run), (p) => `${p.source}:${p.institutionCode}`);
    const exceptions = await openExceptions(trx, run.id, run.clock);
    const leads = await leadsOf(trx, moments);
    const line = ({ institution }: Placed, i: number): { line: PreviewLine; weight: number } => {
      const entry = coverage[i] as CoverageEntry;
      const contact = contacts.get(institution.id);
      const key = contact?.key ?? '';
      const under = pending.get(key) ?? [];
      const without = under.filter((p) => !p.hasPrevious).length;
      const { problems, weight } = readiness({
        coverage: entry,
        path: institution.path,
        pending: { records: under.length, withoutPrevious: without },
        leads: institution.path === 'school' ? (leads.get(keyOf(institution)) ?? 0) : null,
        leadNeeded: kind === 'school-plan',
        updatesFrom: campaign.rosterUpdates?.from ?? null,
        exceptions: exceptions.filter(
          (e) =>
            e.institution_key === key ||
            (e.institution_key === null &&
              institution.path === 'school' &&
              e.source?.split('/')[1] === institution.code),
        ),
      });
      return {
        weight,
        line: {
          code: institution.code,
          section: institution.section,
          name: institution.name,
          district: institution.district,
          phone: contact?.phone ?? null,
          status: entry.status,
          since: entry.since,
          teachers: entry.teachers,
          pending: under.length,
          pendingWithoutPrevious: without,
          ready: problems.every(({ level }) => level === 'info'),
          problems,
        },
      };
    };
    // Institutions come in the order of their codes, and the sort is stable.
    const institutions = scope.inside
      .map(line)
      .sort((a, b) => b.weight - a.weight)
      .map((one) => one.line);
    const { known } = await snapshotsAt(trx, { campaign: campaign.id, kind, cutOff: moments.cutOff });
    const move = moveOf(campaign, 'cutOff');
    const tally = COVERAGE.map((status) => [status, coverage.filter((c) => c.status === status).length] as const);
    return {
      campaign: campaign.id,
      name: campaign.name,
      kind,
      cutOff: moments.cutOff,
      moved: move && { from: move.from, reason: move.reason },
      approveBy: `${moments.day}T${nightly}:00+08:00`,
      run: String(run.id),
      recordedThrough: moments.through,
      taken: known.map(({ id }) => id),
      counts: {
        rows: kind === 'teacher-plan' ? facts.rows : scope.inside.length,
        institutions: scope.inside.length,
        teachers: facts.rows,
        unknownTitles: facts.unknownTitles,
        excluded: scope.excluded.length,
        notAddressed: scope.notAddressed.length,
        ready: institutions.filter(({ ready }) => ready).length,
        pending: institutions.reduce((sum, one) => sum + one.pending, 0),
        ...Object.fromEntries(tally),
      },
      checks: [...teacherChecks(facts), ...scopeChecks(scope, coverage, facts.rows)].map(([name, ok, found]) => ({
        name,
        ok,
        found,
      })),
      contacts: campaign.contacts,
      institutions,
    };
  });
}
