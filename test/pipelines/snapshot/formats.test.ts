import { describe, expect, it } from 'vitest';
import { createSnapshot, verifyStored } from '../../../pipelines/snapshot.ts';
import { campaignSchema } from '../../../schemas/campaign.ts';
import { snapshotManifest } from '../../../schemas/snapshot.ts';
import { useWorld } from './use-world.ts';
import { CAMPAIGN, CUT_OFF } from './world.ts';

const stage = useWorld();

const withFormats = (formats: readonly string[]) => ({
  ...CAMPAIGN,
  plans: { ...CAMPAIGN.plans, 'teacher-plan': { ...CAMPAIGN.plans['teacher-plan'], formats } },
});

describe('the files of a plan', () => {
  it('are data of the campaign, and the CSV is always one', () => {
    const given = campaignSchema.parse(withFormats(['parquet', 'csv']));
    expect(given.plans['teacher-plan'].formats).toEqual(['parquet', 'csv']);
    expect(() => campaignSchema.parse(withFormats(['parquet']))).toThrow('expected csv among them');
    expect(() => campaignSchema.parse(withFormats(['csv', 'csv']))).toThrow('expected each format once');
    expect(() => campaignSchema.parse(withFormats(['csv', 'xls']))).toThrow('Invalid option');
  });

  it('are those that the campaign asks for, each a resource of the manifest with its rows, bytes and digest', async () => {
    await stage.world.run(CUT_OFF, { kind: 'closing' });
    const ctx = { ...stage.world.ctx, campaigns: [campaignSchema.parse(withFormats(['parquet', 'csv']))] };
    const { snapshot } = await createSnapshot(ctx, { campaignId: '113', kind: 'teacher-plan' });
    expect(snapshot.files.map(({ path, rows }) => [path, rows])).toEqual([
      ['datapackage.json', null],
      ['datapackage.json.jws', null],
      ['keys.json', null],
      ['teacher-plan.csv', 1],
      ['teacher-plan.parquet', 1],
    ]);
    const manifest = snapshotManifest.parse(JSON.parse(await stage.world.fileText(snapshot.id, 'datapackage.json')));
    const stored = snapshot.files.filter((f) => f.path.startsWith('teacher-plan.'));
    expect(manifest.resources.map((r) => ({ path: r.path, bytes: r.bytes, sha256: r.hash, rows: r.rows }))).toEqual(
      stored,
    );
    expect((await verifyStored(ctx, snapshot.id)).ok).toBe(true);
  });

  it('leave nothing beside them in the database', async () => {
    await stage.world.run(CUT_OFF, { kind: 'closing' });
    await createSnapshot(stage.world.ctx, { campaignId: '113', kind: 'teacher-plan' });
    const paths = await stage.world.db('ops.snapshot_file').orderBy('path').pluck('path');
    expect(paths).toEqual([
      '.entities',
      'datapackage.json',
      'datapackage.json.jws',
      'keys.json',
      'teacher-plan.bom.csv',
      'teacher-plan.csv',
      'teacher-plan.jsonl',
      'teacher-plan.oneroster.zip',
      'teacher-plan.parquet',
    ]);
  });

  it('are whole where nobody is in the plan', async () => {
    await stage.world.retire('assignment', 1, '2024-08-01T02:00:00+08:00');
    await stage.world.run(CUT_OFF, { kind: 'closing' });
    await stage.world.db.raw('DELETE FROM warehouse.assignment_version');
    const { snapshot } = await createSnapshot(stage.world.ctx, { campaignId: '113', kind: 'teacher-plan' });
    expect(snapshot.files.map((f) => f.rows)).toEqual([null, null, null, 0, 0, 0, 0, 0]);
    expect(await verifyStored(stage.world.ctx, snapshot.id)).toMatchObject({ ok: true, problems: [] });
  });

  it('are told in the manifest with a byte-order mark, types, and what is in an archive', async () => {
    await stage.world.run(CUT_OFF, { kind: 'closing' });
    const { snapshot } = await createSnapshot(stage.world.ctx, { campaignId: '113', kind: 'teacher-plan' });
    const manifest = snapshotManifest.parse(JSON.parse(await stage.world.fileText(snapshot.id, 'datapackage.json')));
    expect(manifest.resources.map((r) => [r.name, r.format, r.mediatype, r.encoding, r.type])).toEqual([
      ['teacher-plan', 'csv', 'text/csv', 'utf-8', 'table'],
      ['teacher-plan-csv-bom', 'csv', 'text/csv', 'utf-8', 'table'],
      ['teacher-plan-jsonl', 'jsonl', 'application/jsonl', 'utf-8', 'table'],
      ['teacher-plan-parquet', 'parquet', 'application/vnd.apache.parquet', undefined, 'table'],
      ['teacher-plan-oneroster', 'zip', 'application/zip', undefined, undefined],
    ]);
    const [, bom, lines, parquet, archive] = manifest.resources;
    expect(bom?.['mingce:byteOrderMark']).toBe(true);
    for (const typed of [lines, parquet])
      expect(typed?.schema?.fields.map((f) => [f.name, f.title, f.type])).toContainEqual([
        'subjects',
        '任教科目',
        'array',
      ]);
    expect(archive?.['mingce:tables']).toEqual({ orgs: 1, users: 1, roles: 1 });
  });
});
