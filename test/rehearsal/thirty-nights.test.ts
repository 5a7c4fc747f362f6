/**
 * Thirty nights of a part of the sample city: what every night's report says is what the generator brought about, no more and no less, and at the end
 * the roster is the generator's, person by person and day by day.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerOf } from '../../samples/truth/ledger.ts';
import { missingAt } from '../../samples/truth/missing.ts';
import { type NightLines, type ReportLine, reportLines } from '../../samples/truth/report-lines.ts';
import { rosterAfter } from '../../samples/truth/roster.ts';
import { codeOf } from '../../samples/world/state.ts';
import type { InstitutionRef } from '../../schemas/outputs/institution-ref.ts';
import { openSeries, type PlayedNight, SEED, type Series } from './support/series-of-nights.ts';
import { personLine, subjectsOf, warehouseRoster } from './support/warehouse-roster.ts';

const NIGHTS = 30;
const ALL = Array.from({ length: NIGHTS }, (_, index) => index);

let series: Series;
let lines: NightLines[];
const played: PlayedNight[] = [];

beforeAll(async () => {
  series = await openSeries(NIGHTS);
  for (const index of ALL) played.push(await series.play(index));
  lines = reportLines(series.city.rehearsal.chronicle, NIGHTS - 1);
}, 300_000);

afterAll(async () => {
  await series?.close();
});

const night = (index: number): PlayedNight => played[index] as PlayedNight;
const unitOf = ({ code, section }: InstitutionRef): string =>
  section === '幼兒園' || section === null ? code : `${code}:${section}`;
const text = (line: ReportLine): string =>
  [line.unit, line.group, line.name, line.effective ?? '', subjectsOf(line.detail ?? '')].join(' ').trim();
const sorted = (told: readonly ReportLine[]): string[] => told.map(text).sort();

describe(`of each night (seed ${SEED})`, () => {
  it.each(ALL)('night %i: what happened to whom, where, from which day, and nothing else', (index) => {
    const { report } = night(index);
    const people = report.units.flatMap(({ institution, people }) =>
      people.map((p): ReportLine => ({ ...p, unit: unitOf(institution) })),
    );
    expect(sorted(people)).toEqual(sorted((lines[index] as NightLines).people));
    expect(people.filter((p) => (p as { arrivedEnded?: boolean }).arrivedEnded)).toEqual([]);
  });

  it.each(ALL)('night %i: transfers, from and to', (index) => {
    const { report, truth } = night(index);
    const place = (of: InstitutionRef | null): string => (of === null ? '' : unitOf(of));
    const found = report.moves.map((m) => `${place(m.from)} → ${place(m.to)} ${m.name}`);
    const unit = (of: { institutionCode: string; section: string }): string =>
      of.section === '幼兒園' ? of.institutionCode : `${of.institutionCode}:${of.section}`;
    expect(found.sort()).toEqual(truth.moves.map((m) => `${unit(m.from)} → ${unit(m)} ${m.name}`).sort());
  });

  it.each(ALL)('night %i: institutions and accounts', (index) => {
    const { report } = night(index);
    const institutions = report.institutions.map(
      ({ institution, group, detail }): ReportLine => ({
        unit: institution.code,
        group,
        name: institution.name,
        effective: null,
        detail,
      }),
    );
    const accounts = report.units.flatMap(({ institution, accounts }) =>
      accounts.map(
        ({ group, accountName, detail }): ReportLine => ({
          unit: institution.code,
          group,
          name: accountName,
          effective: null,
          detail,
        }),
      ),
    );
    expect(sorted(institutions)).toEqual(sorted((lines[index] as NightLines).institutions));
    expect(sorted(accounts)).toEqual(sorted((lines[index] as NightLines).accounts));
  });

  it.each(ALL)('night %i: what is under review (R13)', (index) => {
    const { report, truth } = night(index);
    const found = report.pending
      .flatMap(({ records }) => records)
      .filter((p) => p.kind === 'staff' && p.reviewing !== '機構待審')
      .map((p) => `${p.institutionCode} ${p.name} ${p.review} ${p.reviewing} ${p.hasPrevious}`);
    const told = truth.pending.map(
      (p) => `${p.institutionCode} ${p.name} ${p.review} ${p.changeType} ${p.approvedBefore}`,
    );
    expect(found.sort()).toEqual(told.sort());
    const waiting = report.pending
      .flatMap(({ records }) => records)
      .filter((p) => p.kind === 'institution')
      .map((p) => p.institutionCode);
    expect(waiting.sort()).toEqual(truth.institutions.underReview.map(({ sid }) => sid).sort());
  });

  it.each(ALL)('night %i: who is missing, since tonight or an earlier night', (index) => {
    const { asked, notJudged } = missingAt(series.city.rehearsal.chronicle, index);
    const told = asked.map(({ unit, person }) => `${unit} ${person.name}`).sort();
    const { report } = night(index);
    const found = report.missing.flatMap(({ institution, people, names }) => {
      expect(names).toHaveLength(people);
      return names.map((name) => `${unitOf(institution)} ${name}`);
    });
    expect(found.sort()).toEqual(told);
    const doubted = report.exceptions.filter(({ code }) => code === 'missing-not-judged').map(({ about }) => about);
    for (const { unit } of notJudged) expect(doubted.join()).toContain(codeOf(unit));
  });

  it.each(ALL)('night %i: nothing is held, no source fails, and so many people serve', (index) => {
    const { report, result, truth } = night(index);
    expect(result.status).toBe('complete');
    expect([result.held, report.held, report.failures]).toEqual([[], [], []]);
    expect(report.totals.people).toBe(truth.standing.people);
  });

  it.each(ALL)('night %i: every row of every source, by what became of it (I2)', (index) => {
    const { result, clock } = night(index);
    const found = new Map(
      result.sources
        .flatMap(({ parts, ...source }) => (source.source === 'care' ? [source] : (parts ?? [])))
        .filter(({ read }) => read > 0)
        .map(({ source, read, quarantined, excluded, duplicate, accepted, unchanged }) => {
          expect(accepted + unchanged, source).toBe(read - quarantined - excluded - duplicate);
          return [source, { read, quarantined, excluded, duplicate }];
        }),
    );
    expect(found).toEqual(ledgerOf(series.city.rehearsal.chronicle, index, clock));
  });
});

it('the roster at the end is that of the generator: every person, spell, unit, title and day', async () => {
  const { chronicle } = series.city.rehearsal;
  const told = rosterAfter(
    chronicle,
    ALL.map((index) => ({ index, events: chronicle.chapter(index).events })),
  );
  const stands = await warehouseRoster(series.city.installation.db);
  expect([...stands.values()].map(personLine).sort()).toEqual([...told.values()].map(personLine).sort());
});

it('these nights had something of everything', () => {
  const of = <T>(list: (night: PlayedNight) => readonly T[]): T[] => played.slice(6).flatMap(list);
  expect(new Set(of(({ truth }) => truth.leaves.map((leave) => leave.reason)))).toEqual(
    new Set(['離職', '退休', '代理期滿']),
  );
  expect(new Set(of(({ truth }) => truth.read.files.map((file) => file.again)))).toEqual(
    new Set([undefined, 'newest', 'older']),
  );
  for (const some of [
    of(({ truth }) => truth.moves.filter((m) => m.oldSchoolSays === null)),
    of(({ truth }) => truth.announced),
    of(({ truth }) => truth.absences),
    of(({ truth }) => truth.returns),
    of(({ truth }) => truth.missing),
    of(({ truth }) => truth.hires.filter((hire) => hire.comeback)),
    of(({ truth }) => truth.pending.filter((p) => p.review === '退件')),
    of(({ truth }) => truth.institutions.renames),
    of(({ truth }) => truth.institutions.quasiPublic),
    of(({ truth }) => truth.institutions.openings ?? []),
    of(({ truth }) => truth.accounts.added),
  ])
    expect(some.length).toBeGreaterThan(0);
  const quiet = played.slice(6).filter(({ report }) => report.changes.length === 0);
  expect(quiet.length).toBeGreaterThan(0);
});
