/**
 * The whole sample city, night after night, against the generator's own books. One city is rehearsed once for the file: the tests read what
 * each night left behind.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../../cli/answer-run.ts';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { summaryText } from '../../pipelines/report/render-summary.ts';
import { rebuildSnapshot } from '../../pipelines/snapshot.ts';
import { allIdentifiers } from '../../samples/truth/all-identifiers.ts';
import type { NightTruth, PersonAt } from '../../samples/truth/night-truth-shape.ts';
import type { RunReport } from '../../schemas/outputs/report.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { makeContext } from '../pipelines/report/city.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openRehearsedCity, type RehearsedCity } from '../support/rehearsed-city.ts';

let database: TestDatabase;
let city: RehearsedCity;
const results: SyncResult[] = [];
const reports: RunReport[] = [];
const truths: NightTruth[] = [];
const served: { institutions: number; staff: number }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  city = await openRehearsedCity(database.url);
  for (const clock of city.installation.config.rehearsal?.clocks ?? []) {
    const [result, ...others] = await city.play(clock);
    expect(others).toEqual([]);
    results.push(result as SyncResult);
    reports.push(await buildReport(city.installation.db, Number((result as SyncResult).run)));
    truths.push(city.rehearsal.truth(clock));
    served.push({ institutions: 0, staff: 0 });
  }
}, 900_000);

afterAll(async () => {
  await city?.close();
  await database?.drop();
});

const code = (who: { institutionCode: string; section: string }): string => `${who.institutionCode}:${who.section}`;
const named = (people: readonly PersonAt[]): string[] => people.map((p) => `${code(p)} ${p.name}`).sort();

/** People of some groups of a report, as `code:section name`. */
function eventsOf(report: RunReport, groups: readonly string[]): string[] {
  return report.units
    .flatMap(({ institution, people }) =>
      people
        .filter((p) => groups.includes(p.group) && !p.arrivedEnded)
        .map((p) => `${institution.code}:${institution.section ?? '幼兒園'} ${p.name}`),
    )
    .sort();
}

const NIGHTS = [1, 2, 3] as const;

describe('the report names exactly what the generator brought about', () => {
  it.each(NIGHTS)('hires of night index %i', (night) => {
    const hired = eventsOf(reports[night] as RunReport, ['新進', '回任']);
    expect(hired).toEqual(named((truths[night] as NightTruth).hires));
  });

  it.each(NIGHTS)('moves of night index %i, from and to', (night) => {
    const found = (reports[night] as RunReport).moves
      .map(
        (m) => `${m.from?.code}:${m.from?.section ?? '幼兒園'} → ${m.to?.code}:${m.to?.section ?? '幼兒園'} ${m.name}`,
      )
      .sort();
    const truth = (truths[night] as NightTruth).moves.map((m) => `${code(m.from)} → ${code(m)} ${m.name}`).sort();
    expect(found).toEqual(truth);
  });

  it.each(NIGHTS)('leaves of night index %i with their reasons', (night) => {
    const report = reports[night] as RunReport;
    const truth = truths[night] as NightTruth;
    for (const reason of ['離職', '退休', '代理期滿'] as const) {
      const told = [...truth.leaves, ...truth.announced].filter((l) => l.reason === reason);
      expect(eventsOf(report, [reason]), reason).toEqual(named(told));
    }
  });

  it.each(NIGHTS)('how many people are in service on night index %i', (night) => {
    expect((reports[night] as RunReport).totals.people).toBe((truths[night] as NightTruth).standing.people);
  });

  it.each(NIGHTS)('who goes on leave or comes back on night index %i, from the day that was told', (night) => {
    const dated = (group: string): string[] =>
      (reports[night] as RunReport).units
        .flatMap(({ institution, people }) =>
          people
            .filter((p) => p.group === group)
            .map((p) => `${institution.code}:${institution.section} ${p.name} ${p.effective}`),
        )
        .sort();
    const { absences, returns } = truths[night] as NightTruth;
    const told = (people: typeof absences): string[] =>
      people.map((p) => `${code(p)} ${p.name} ${p.effectiveOn}`).sort();
    expect(dated('留職停薪')).toEqual(told(absences));
    expect(dated('復職')).toEqual(told(returns));
    expect(absences.length + returns.length).toBeGreaterThan(0);
  });

  it.each(NIGHTS)('what is under review on night index %i (R13)', (night) => {
    const found = (reports[night] as RunReport).pending
      .flatMap((institution) => institution.records)
      .filter((p) => p.reviewing !== '機構待審' && p.kind === 'staff')
      .map((p) => `${p.institutionCode}:幼兒園 ${p.name} ${p.review} ${p.reviewing}`)
      .sort();
    const truth = (truths[night] as NightTruth).pending
      .map((p) => `${code(p)} ${p.name} ${p.review} ${p.changeType}`)
      .sort();
    expect(found).toEqual(truth);
  });
});

describe('every row is accounted for (I2)', () => {
  it('balances the books of every source and every part', () => {
    for (const result of results) {
      for (const source of result.sources.flatMap((s) => [s, ...(s.parts ?? [])])) {
        const outcomes = source.accepted + source.unchanged + source.quarantined + source.excluded + source.duplicate;
        expect(outcomes, `${result.run} ${source.source}`).toBe(source.read);
      }
    }
  });

  it('reads what the stand-in served and what the files hold, counted outside', () => {
    for (const [night, result] of results.entries()) {
      const truth = truths[night] as NightTruth;
      const care = result.sources.find((s) => s.source === 'care');
      if (care) expect(care.read, `care, night index ${night}`).toBe(truth.read.institutions + truth.read.staff);
      for (const drop of ['roster', 'accounts'] as const) {
        const expected = new Map<string, number>();
        for (const file of truth.read.files.filter((f) => f.inbox === drop && f.arrival < result.clock)) {
          expected.set(file.code, (expected.get(file.code) ?? 0) + file.read);
        }
        const parts = result.sources.find((s) => s.source === drop)?.parts ?? [];
        for (const part of parts) {
          const inFiles = expected.get(part.source.split('/')[1] as string);
          if (inFiles !== undefined) expect(part.read, `${part.source}, night index ${night}`).toBe(inFiles);
        }
      }
    }
  });

  it('shows no moment for a list that names none', () => {
    const moments = results[0]?.sources.map((s) => [s.source, s.asOf?.slice(0, 10) ?? null]);
    expect(moments).toContainEqual(['schools', null]);
    expect(moments).toContainEqual(['kindergartens', '2024-01-01']);
  });

  it('answers in the published shape', () => {
    const schema = JSON.parse(readFileSync('schemas/published/sync-result.schema.json', 'utf8'));
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const validate = ajv.compile(schema);
    expect(validate(answerOf(results)), JSON.stringify(validate.errors)).toBe(true);
    expect(answerOf(results)).toMatchObject({ run: '6', earlierRuns: [1, 2, 3, 4, 5].map((n) => ({ run: `${n}` })) });
  });
});

describe('the README', () => {
  it('shows the closing run as it is printed', () => {
    const [, printed = ''] = /^(名冊同步完成　第 5 次[\s\S]*?)\n```/m.exec(readFileSync('README.md', 'utf8')) ?? [];
    expect(summaryText(results[4] as SyncResult, reports[4] as RunReport).trimEnd()).toBe(printed);
  });
});

describe('the cut-off (R24)', () => {
  it('is closed by a run of its own, which takes both snapshots', () => {
    const closing = results[4] as SyncResult;
    expect(closing.kind).toBe('closing');
    expect(closing.snapshots).toEqual(['113-school-plan-v1', '113-teacher-plan-v1']);
    expect(closing.sources.map((s) => s.source)).not.toContain('care');
  });

  it('is the same to the byte when it is made again after later nights', async () => {
    const { db, keyring, campaigns, config } = city.installation;
    const ctx = { ...makeContext(db, keyring), campaigns, guards: config.guards };
    for (const id of (results[4] as SyncResult).snapshots)
      expect(
        (await rebuildSnapshot(ctx, id)).files.filter((f) => !f.ok),
        id,
      ).toEqual([]);
  });
});

describe('two times', () => {
  it('no two versions of a spell that are known at one moment speak of one day', async () => {
    const { rows } = await city.installation.db.raw(
      `SELECT a.assignment_id FROM warehouse.assignment_version a JOIN warehouse.assignment_version b ON b.assignment_id = a.assignment_id AND a.ctid < b.ctid
       WHERE a.recorded_from < b.recorded_to AND b.recorded_from < a.recorded_to AND a.valid_from < b.valid_to AND b.valid_from < a.valid_to`,
    );
    expect(rows).toEqual([]);
  });
});

describe('registration times that cannot be (R24)', () => {
  it('are the arrival instead, told where the generator wrote them and nowhere else', async () => {
    const impossible = (truths[4] as NightTruth).registeredInFuture;
    const codes = [...new Set(impossible.map((p) => p.institutionCode))];
    const { rows } = await city.installation.db.raw(
      `SELECT source, rows::int FROM landing.warning WHERE code = 'registered-in-future'`,
    );
    expect(rows).toEqual(codes.map((one) => ({ source: `roster/${one}`, rows: impossible.length })));
    const registered = await city.installation.db.raw(
      `SELECT DISTINCT registered_at, registered_by FROM landing.staff_record WHERE source = ANY(?::text[]) AND name = ANY(?::text[])`,
      [codes.map((one) => `roster/${one}`), impossible.map((p) => p.name)],
    );
    expect(registered.rows).toEqual([{ registered_at: '2024-08-02T16:40:00+08:00', registered_by: 'arrival' }]);
  });
});

describe('a second time', () => {
  it('writes no version, opens no exception and leaves the hash as it is (I11)', async () => {
    const { db, keyring, config } = city.installation;
    const versions = async (): Promise<unknown> =>
      (
        await db.raw(`SELECT (SELECT count(*) FROM warehouse.institution_version) AS i, (SELECT count(*) FROM warehouse.person_version) AS p,
                             (SELECT count(*) FROM warehouse.assignment_version) AS a, (SELECT count(*) FROM warehouse.account_version) AS c,
                             (SELECT count(*) FROM review.exception) AS e`)
      ).rows[0];
    const before = [await versions(), await warehouseHash(db, keyring)];
    const [again] = await city.play(config.rehearsal?.clocks.at(-1) as string);
    expect(again?.status).toBe('complete');
    expect([await versions(), await warehouseHash(db, keyring)]).toEqual(before);
    expect(again?.exceptions.opened).toBe(0);
  });
});

describe('identifiers stay in their columns (I8)', () => {
  it('finds no generated national id in logs, job data or error texts', async () => {
    const ids = new Set(allIdentifiers(city.rehearsal.chronicle));
    const { db } = city.installation;
    const tables = await db.raw(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'bullmq' AND table_type = 'BASE TABLE'`,
    );
    let text = city.log.text();
    for (const { name } of tables.rows) {
      const rows = await db.raw(`SELECT t::text AS row FROM bullmq."${name}" t`);
      text += rows.rows.map((r: { row: string }) => r.row).join('\n');
    }
    const sources = await db.raw('SELECT error_params::text AS t, notes::text AS n FROM ops.run_source');
    text += sources.rows.map((r: { t: string; n: string }) => `${r.t} ${r.n}`).join('\n');
    const quarantine = await db.raw('SELECT issues::text AS t, key AS k FROM landing.quarantine');
    text += quarantine.rows.map((r: { t: string; k: string }) => `${r.t} ${r.k}`).join('\n');
    text += JSON.stringify([results, reports]);
    expect(text.length).toBeGreaterThan(10_000);
    const found = (text.match(/[A-Z][A-D\d]\d{8}|[0-9a-f]{64}/gi) ?? []).filter(
      (word) => ids.has(word.toUpperCase()) || ids.has(word),
    );
    expect(found).toEqual([]);
  });
});
