/** Who is late: found by runs, one matter with its age until something comes. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCampaigns, readConfig } from '../../cli/read-config.ts';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { renderHtml } from '../../pipelines/report/render-html.ts';
import { renderText } from '../../pipelines/report/render-text.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,職稱';
const row = (code: string) => `${code},A123456789,王小明,教師`;
const matters = async (small: SmallInstallation, code: string) =>
  (
    await small.db.raw(
      `SELECT subject, institution_key, params, opened_run_id, closed_run_id FROM review.exception WHERE code = ? ORDER BY id`,
      [code],
    )
  ).rows as {
    subject: string;
    institution_key: string | null;
    params: { days: number };
    opened_run_id: number;
    closed_run_id: number | null;
  }[];

describe('a source that is expected every so many days', () => {
  let small: SmallInstallation;
  beforeAll(async () => {
    small = await openSmallInstallation(1, { roster: { expectEveryDays: 3 } });
  });
  afterAll(() => small.close());

  it('is late when nothing came, each school by itself, opened once and counted on', async () => {
    await small.send('064601.csv', '2024-07-29T10:00:00+08:00', [HEAD, row('064601')]);
    await small.night('2024-07-30T02:00:00+08:00');
    await small.send('064602.csv', '2024-07-31T10:00:00+08:00', [
      HEAD,
      row('064602').replace('A123456789', 'B123456780'),
    ]);
    await small.night('2024-08-01T02:00:00+08:00');
    expect(await matters(small, 'source-late')).toEqual([]);
    const late = await small.night('2024-08-02T02:00:00+08:00');
    await small.night('2024-08-03T02:00:00+08:00');
    expect(await matters(small, 'source-late')).toEqual([
      expect.objectContaining({
        subject: 'roster/064601',
        params: { days: 4, every: 3 },
        opened_run_id: Number(late.run),
        closed_run_id: null,
      }),
    ]);
  });

  it('stands on the report beside what came last', async () => {
    const { rows } = await small.db.raw('SELECT max(id) AS id FROM ops.run');
    const report = await buildReport(small.db, rows[0].id);
    expect(report.freshness).toContainEqual({
      source: 'roster',
      expectEveryDays: 3,
      parts: 2,
      lastReceived: '2024-07-31T10:00:00+08:00',
      longestSilent: '2024-07-29T10:00:00+08:00',
      late: 1,
      schools: [
        {
          source: 'roster/064601',
          institution: '064601 市立豐原國小',
          lastReceived: '2024-07-29T10:00:00+08:00',
          days: 4,
          late: true,
        },
        expect.objectContaining({ source: 'roster/064602', days: 2, late: false }),
      ],
    });
    expect(report.freshness).toContainEqual(
      expect.objectContaining({ source: 'schools', expectEveryDays: null, late: 0 }),
    );
    expect(renderText(report)).toContain('應收 每 3 日，逾期 1，最近收到 2024-07-31 10:00');
    expect(renderText(report)).toContain('學校名冊逾期：064601 市立豐原國小 2024-07-29 10:00（4 日前）');
    const page = renderHtml(report);
    expect(page).toContain('各校最近收件（2 校，久未送件者在前）');
    expect(page.indexOf('064601 市立豐原國小')).toBeLessThan(page.indexOf('（2 日前）'));
  });

  it('stands on the report of one school, of that school alone', async () => {
    const { rows } = await small.db.raw('SELECT max(id) AS id FROM ops.run');
    const report = await buildReport(small.db, rows[0].id, { institution: '064602' });
    expect(report.freshness.flatMap((f) => f.schools.map((s) => s.source))).toEqual(['roster/064602']);
    expect(renderText(report)).toContain('學校名冊 roster：最近收到 2024-07-31 10:00（2 日前），應收 每 3 日');
    expect(renderHtml(report)).toContain('最近收到 2024-07-31 10:00（2 日前），應收 每 3 日');
  });

  it('a replay is nothing new; the same bytes sent again are', async () => {
    await small.replay('2024-08-03T03:00:00+08:00');
    expect((await matters(small, 'source-late'))[0]).toMatchObject({ closed_run_id: null });
    await small.send('064601-again.csv', '2024-08-03T09:00:00+08:00', [HEAD, row('064601')]);
    await small.night('2024-08-03T09:15:00+08:00', true);
    expect((await findReceipts(small.db, '064601', null))[0]?.matters).toEqual([]);
    const come = await small.night('2024-08-03T09:30:00+08:00');
    expect(await matters(small, 'source-late')).toEqual([expect.objectContaining({ closed_run_id: Number(come.run) })]);
  });
});

it('a school of which every file was refused is late from its first one; one that the list no longer holds is not', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mingce-late-'));
  const list = path.join(folder, 'schools.csv');
  const schools = (...rows: string[]) => writeFile(list, `code,name,section,ownership,district\n${rows.join('\n')}\n`);
  const school = (code: string) => `${code},第${code}國小,國小,公立,豐原區`;
  const small = await openSmallInstallation(1, {
    only: [
      { type: 'institution-list', name: 'schools', path: list, layout: 'schools' },
      { type: 'roster-files', name: 'roster', inbox: 'inbox', expectEveryDays: 3 },
    ],
  });
  const late = async () => (await matters(small, 'source-late')).filter((m) => m.closed_run_id === null);
  try {
    await schools(school('064601'), school('064602'), school('064603'));
    await small.send('064601.csv', '2024-07-29T10:00:00+08:00', ['no roster at all']);
    await small.send('名冊.csv', '2024-07-29T10:00:00+08:00', ['no school at all']);
    await small.send('064602.csv', '2024-07-29T10:00:00+08:00', [HEAD, row('064602')]);
    await small.night('2024-07-30T02:00:00+08:00');
    expect(await late()).toEqual([]);
    await small.night('2024-08-03T02:00:00+08:00');
    expect(await late()).toEqual([
      expect.objectContaining({ subject: 'roster/064601', params: { days: 4, every: 3 } }),
      expect.objectContaining({ subject: 'roster/064602', params: { days: 4, every: 3 } }),
    ]);
    await schools(school('064601'), school('064603'));
    await small.night('2024-08-04T02:00:00+08:00');
    expect((await late()).map((m) => m.subject)).toEqual(['roster/064601']);
    await schools(school('064601'), school('064602'));
    await small.night('2024-08-05T02:00:00+08:00');
    expect((await late()).map((m) => m.subject).sort()).toEqual(['roster/064601', 'roster/064602']);
  } finally {
    await small.close();
    await rm(folder, { recursive: true });
  }
});

it('a source that never brought anything is late from the beginning of the installation', async () => {
  const small = await openSmallInstallation(1, { roster: { expectEveryDays: 1 } });
  try {
    await small.night('2024-07-30T02:00:00+08:00');
    await small.night('2024-08-01T02:00:00+08:00');
    expect(await matters(small, 'source-late')).toEqual([
      expect.objectContaining({ subject: 'roster', params: { days: 2, every: 1 } }),
    ]);
  } finally {
    await small.close();
  }
});

it('an addressed school without a roster by the deadline is late until it sends one (R06); others are not asked', async () => {
  const { config, configDir } = readConfig(path.resolve('samples/mingce.yaml'));
  const small = await openSmallInstallation(1, { campaigns: readCampaigns(config, configDir) });
  try {
    await small.send('064601.csv', '2024-07-29T10:00:00+08:00', [HEAD, row('064601')]);
    await small.night('2024-08-01T02:00:00+08:00');
    expect(await matters(small, 'school-late')).toEqual([]);
    await small.night('2024-08-03T02:00:00+08:00');
    const late = (await matters(small, 'school-late')).map((m) => m.institution_key);
    expect(late).toContain('schools:064602:國小');
    expect(late).not.toContain('schools:064601:國小');
    const codes = late.map((key) => key?.split(':')[1]);
    expect(new Set(codes).size).toBe(codes.length);
    // 國立 schools are not addressed (R04).
    const { rows } = await small.db.raw(
      `SELECT code, section FROM landing.institution_record WHERE source = 'schools' AND ownership = '國立' LIMIT 1`,
    );
    expect(late).not.toContain(`schools:${rows[0].code}:${rows[0].section}`);
    const told = async (code: string) => (await findReceipts(small.db, code, null))[0]?.matters.map((m) => m.code);
    await small.send('064603.csv', '2024-08-03T09:00:00+08:00', ['no roster at all']);
    await small.send('064602.csv', '2024-08-03T10:00:00+08:00', [
      HEAD,
      row('064602').replace('A123456789', 'B123456780'),
    ]);
    // A dry run takes the roster and closes nothing: the school is told what it did, not what was.
    await small.night('2024-08-03T12:00:00+08:00', true);
    expect(await told('064602')).toEqual(['accounts-late']);
    expect(await told('064603')).toEqual(['accounts-late', 'school-late']);
    await small.night('2024-08-04T02:00:00+08:00');
    const after = await matters(small, 'school-late');
    expect(after.filter((m) => m.closed_run_id !== null).map((m) => m.institution_key)).toEqual([
      'schools:064602:國小',
    ]);
    expect(after).toHaveLength(late.length);
  } finally {
    await small.close();
  }
});
