/** What makes bytes mean something else: the configuration of their reading, the accepted shape, complete or not; not where they lie. */
import { expect, it } from 'vitest';
import { makeSources } from '../../../jobs/sources.ts';
import { readingDigest } from '../../../pipelines/landing/reading-digest.ts';
import { configSchema } from '../../../schemas/config.ts';
import type { SourceShape } from '../../../schemas/drift.ts';

const SHAPE: SourceShape = { fields: [{ name: '姓名', column: 'name' }], values: {} };
const environment = {
  home: '/nowhere',
  configDir: '/nowhere',
  secrets: () => 'secret',
  machineClock: null,
  parsers: {} as never,
};

/** Digest of a delivery of one source of the configuration. */
function digest(source: object, of: string, complete = true, shape: SourceShape | null = SHAPE): string {
  const { sources } = configSchema.parse({ sources: [source] });
  const spec = makeSources(sources, environment).specs.get(of.split('/')[0] as string);
  if (!spec) throw new Error(`no source ${of}`);
  return readingDigest(spec, of, complete, shape).toString('hex');
}
const ROSTER = { type: 'roster-files', name: 'roster', inbox: 'inbox' };
const CLOUD = {
  type: 'cloudschool',
  name: 'cloud',
  url: 'https://cloud.example.tw',
  schools: [
    { code: '064601', clientId: 'a', clientSecretEnv: 'A' },
    { code: '064602', clientId: 'b', clientSecretEnv: 'B' },
  ],
};

it('is the same for the same configuration, wherever the bytes lie and however they are fetched', () => {
  const plain = digest(ROSTER, 'roster/064601');
  expect(digest({ ...ROSTER, inbox: 'other', maxBytes: 9, expectEveryDays: 3, receipts: 'r' }, 'roster/064601')).toBe(
    plain,
  );
  const cloud = digest(CLOUD, 'cloud/064601');
  const moved = { ...CLOUD, url: 'https://new.example.tw', requestTimeoutSeconds: 5, dataPath: '/v2' };
  expect(digest(moved, 'cloud/064601')).toBe(cloud);
});

it('is another one for another mapping, profile, contract, state of courses, shape, and for complete or not', () => {
  const digests = [
    digest(ROSTER, 'roster/064601'),
    digest({ ...ROSTER, columns: { 老師大名: 'name' } }, 'roster/064601'),
    digest({ ...ROSTER, profile: 'sfs3' }, 'roster/064601'),
    digest({ ...ROSTER, contract: { unknownColumn: 'report' } }, 'roster/064601'),
    digest({ ...ROSTER, schools: { '064601': { profile: 'sfs3' } } }, 'roster/064601'),
    digest(ROSTER, 'roster/064601', false),
    digest(ROSTER, 'roster/064601', true, null),
    digest(ROSTER, 'roster/064601', true, { ...SHAPE, values: { sex: ['第三性'] } }),
    digest({ ...ROSTER, type: 'course-files' }, 'roster/064601'),
    digest({ ...ROSTER, type: 'course-files', states: ['開課'] }, 'roster/064601'),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});

it("is not touched by what is configured for another school's files", () => {
  const schools = { '064602': { columns: { 老師大名: 'name' } } };
  expect(digest({ ...ROSTER, schools }, 'roster/064601')).toBe(
    digest({ ...ROSTER, schools: { '064609': { profile: 'plain' } } }, 'roster/064601'),
  );
  expect(digest({ ...ROSTER, schools }, 'roster/064602')).not.toBe(digest(ROSTER, 'roster/064602'));
  const [first, second] = CLOUD.schools;
  const sectioned = { ...CLOUD, schools: [first, { ...second, section: '國小' }] };
  expect(digest(sectioned, 'cloud/064601')).toBe(digest(CLOUD, 'cloud/064601'));
  expect(digest(sectioned, 'cloud/064602')).not.toBe(digest(CLOUD, 'cloud/064602'));
});

it('does not depend on the order of keys, nor on what the database cannot keep', () => {
  const field = { column: null, name: '備註\0' };
  expect(digest(ROSTER, 'roster/064601', true, { values: {}, fields: [field] })).toBe(
    digest(ROSTER, 'roster/064601', true, { fields: [{ name: '備註', column: null }], values: {} }),
  );
});
