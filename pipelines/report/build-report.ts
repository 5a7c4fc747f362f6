/** The reconciliation report of a run: every renderer and page is made from this one document. Never holds an identifier. */
import type { InstitutionRef } from '../../schemas/outputs/institution-ref.ts';
import { type RunReport, runReport, type UnitReport } from '../../schemas/outputs/report.ts';
import type { RunDetail } from '../../schemas/outputs/run-list.ts';
import type { Database } from '../../warehouse/connect.ts';
import { refuseForgottenRun } from '../../warehouse/history/horizon.ts';
import { getRun, listSources } from '../../warehouse/runs.ts';
import {
  accountChanges,
  countChanges,
  firstLoadCounts,
  firstSources,
  institutionChanges,
  personChanges,
} from '../../warehouse/views/report-changes.ts';
import { type OpenExceptionRow, openExceptions } from '../../warehouse/views/report-exceptions.ts';
import { institutionRefs, schoolNames } from '../../warehouse/views/report-institutions.ts';
import { readPicture } from '../../warehouse/views/report-picture.ts';
import { snapshotsOfRun } from '../../warehouse/views/report-runs.ts';
import { holdsOfRun } from '../holds.ts';
import { keptSummary, runDetail } from '../report.ts';
import { exceptionLines } from './exception-lines.ts';
import { institutionOf } from './institution-of.ts';
import { narrowTo } from './narrow-to.ts';
import { accountEvent, institutionEvent } from './other-events.ts';
import { personEvents } from './person-events.ts';
import { say, sayOfMany } from './say.ts';

export interface ReportOptions {
  /** `CODE` or `CODE:SECTION`: only what concerns this institution. */
  institution?: string;
}

interface Concern {
  key: string;
  code: string;
}

const NOT_HEARD = { zh: '執行在讀取此來源前即中止。', en: 'The run ended before this source was heard.' };

/** A source of the whole city concerns every institution; a school's own file only that school. */
const concernsSource = (concern: Concern | null, source: string): boolean =>
  concern === null || source.split('/')[1] === concern.code;

async function changesOf(db: Database, runId: number, at: string, concern: Concern | null) {
  const first = await firstSources(db, runId);
  const only = <Row extends { institution_key: string }>(rows: Row[]): Row[] =>
    concern === null ? rows : rows.filter((r) => r.institution_key === concern.key);
  return {
    counts: await countChanges(db, runId, concern === null ? null : [concern.key], first),
    people: await personChanges(db, runId, at, first),
    accounts: only(await accountChanges(db, runId, first)),
    institutions: only(await institutionChanges(db, runId, first)),
    firstLoads: only(await firstLoadCounts(db, runId, first)),
  };
}

/** Of what could not be undone, what the report is about. */
const narrowed = (run: RunDetail, concerns: (key: string | null) => boolean): RunDetail => ({
  ...run,
  revert: run.revert && {
    ...run.revert,
    conflicts: run.revert.conflicts.filter(({ institution }) => concerns(institution?.key ?? null)),
  },
});

/** @throws Error when there is no such run; InstitutionNotFoundError; HistoryForgottenError */
export async function buildReport(db: Database, runId: number, options: ReportOptions = {}): Promise<RunReport> {
  const run = await getRun(db, runId);
  await refuseForgottenRun(db, runId);
  const at = run.recorded_at ?? 'infinity';
  const concern = options.institution === undefined ? null : await narrowTo(db, options.institution);
  const kept = keptSummary(run).picture;
  const picture = kept ?? { ...(await readPicture(db, run.clock.slice(0, 10))), nextCutOff: null, neverClosed: null };
  const changes = await changesOf(db, runId, at, concern);
  const exceptions = await openExceptions(db, runId, run.clock);
  const failures = (await listSources(db, runId)).filter(
    (s) => s.status === 'failed' && concernsSource(concern, s.source),
  );
  const pending = Map.groupBy(picture.pending, (p) => `${p.source}:${p.institutionCode}`);

  const keys = new Set<string>([
    ...(concern ? [concern.key] : []),
    ...[...changes.people, ...changes.accounts, ...changes.institutions, ...changes.firstLoads].map(
      (r) => r.institution_key,
    ),
    ...changes.people.flatMap((r) => [r.came_from, r.went_to].filter((key) => key !== null)),
    ...exceptions.flatMap((e) => (e.institution_key === null ? [] : [e.institution_key])),
    ...picture.missing.map((m) => m.institutionKey),
    ...pending.keys(),
    ...(picture.compliance?.schools ?? []).map((school) => school.institutionKey),
  ]);
  const refs = await institutionRefs(db, [...keys], at);
  const refOf = (key: string): InstitutionRef => institutionOf(refs, key);
  const silence = (picture.freshness ?? []).flatMap((f) => f.schools ?? []);
  const sources = [...failures, ...picture.quarantine, ...picture.drift, ...exceptions, ...silence].flatMap(
    (row) => row.source?.split('/')[1] ?? [],
  );
  const schools = await schoolNames(db, [...new Set(sources)]);
  const schoolOf = (source: string): string | null => {
    const code = source.split('/')[1] ?? '';
    const name = schools.get(code);
    return name === undefined ? null : `${code} ${name}`;
  };
  const concerns = (key: string | null): boolean => concern === null || key === concern.key;

  const shown = exceptions.filter((e) =>
    e.institution_key === null ? concernsSource(concern, e.source ?? '') : concerns(e.institution_key),
  );
  const linesOf = (rows: readonly OpenExceptionRow[]) => exceptionLines(rows, { refOf, schoolOf, runId });

  const { events, moves } = personEvents(changes.people, refOf);
  const accounts = Map.groupBy(changes.accounts, (row) => row.institution_key);
  const unitKeys = [...new Set([...events.keys(), ...accounts.keys()])].filter(concerns).sort();
  return runReport.parse({
    run: narrowed(await runDetail(db, runId), concerns),
    held: (await holdsOfRun(db, runId)).filter(
      ({ institution, rows }) =>
        concern === null || concerns(institution?.key ?? null) || rows.some((row) => concerns(row.institution.key)),
    ),
    failures: failures.map((f) => ({
      source: f.source,
      institution: schoolOf(f.source),
      text: f.error_code === null ? NOT_HEARD : say(f.error_code, f.error_params ?? {}),
    })),
    narrowedTo: concern === null ? null : refOf(concern.key),
    pictureOf: kept === undefined ? 'now' : 'run',
    totals: picture.totals,
    changes: changes.counts,
    institutions: changes.institutions.map((row) => institutionEvent(row, refOf)),
    moves: moves.filter((m) => concern === null || concerns(m.from?.key ?? null) || concerns(m.to?.key ?? null)),
    units: unitKeys.map(
      (key): UnitReport => ({
        institution: refOf(key),
        people: events.get(key) ?? [],
        accounts: (accounts.get(key) ?? []).map(accountEvent),
      }),
    ),
    firstLoads: changes.firstLoads.map((row) => ({
      institution: refOf(row.institution_key),
      people: row.people,
      alreadyEnded: row.already_ended,
      accounts: row.accounts,
    })),
    pending: [...pending]
      .filter(([key]) => concerns(key))
      .map(([key, records]) => ({ institution: refOf(key), records })),
    quarantine: picture.quarantine
      .filter((q) => concernsSource(concern, q.source))
      .map((q) => ({ ...q, institution: schoolOf(q.source), text: say(q.code, q.examples[0]?.params ?? {}) })),
    warnings: picture.warnings
      .filter((w) => concernsSource(concern, w.source))
      .map((w) => ({ ...w, text: sayOfMany(w.code) })),
    drift: picture.drift
      .filter((d) => concernsSource(concern, d.source))
      .map((d) => ({ ...d, institution: schoolOf(d.source) })),
    missing: picture.missing
      .filter((m) => concerns(m.institutionKey))
      .map(({ institutionKey, ...rest }) => ({ institution: refOf(institutionKey), ...rest })),
    known: picture.known,
    freshness: (picture.freshness ?? []).map(({ schools = [], ...source }) => ({
      ...source,
      schools: schools
        .filter((school) => concernsSource(concern, school.source))
        .map((school) => ({ ...school, institution: schoolOf(school.source) })),
    })),
    compliance: picture.compliance
      ? {
          ...picture.compliance,
          schools: picture.compliance.schools
            .filter((school) => concerns(school.institutionKey))
            .map(({ institutionKey, ...school }) => ({ institution: refOf(institutionKey), ...school })),
        }
      : null,
    nextCutOff: picture.nextCutOff,
    neverClosed: picture.neverClosed ?? null,
    exceptions: linesOf(shown.filter((e) => e.until === null)),
    suppressed: linesOf(shown.filter((e) => e.until !== null)),
    snapshots: await snapshotsOfRun(db, runId),
  });
}
