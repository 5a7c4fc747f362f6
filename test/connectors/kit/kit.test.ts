/** A guard is worth what it stops: each check of the kit fails for a connector that breaks its rule. */
import { describe, expect, it } from 'vitest';
import type { Connector } from '../../../connectors/contract.ts';
import type { RawRow } from '../../../schemas/columns.ts';
import { SourceError } from '../../../schemas/source-error.ts';
import { bent } from './broken/bends.ts';
import { BROKEN_FEEDS } from './broken/feeds.ts';
import { BROKEN_FILES } from './broken/files.ts';
import { CHECKS, faultCheck } from './checks.ts';
import { expectHonest } from './expect-honest.ts';
import type { Harness } from './harness.ts';
import { cloudSchool } from './harnesses/cloudschool.ts';
import { oneRosterApi12 } from './harnesses/oneroster-api.ts';
import { rosterFiles } from './harnesses/school-files.ts';
import { expectNoSecret } from './look-for-secrets.ts';

const BROKEN = [...BROKEN_FILES, ...BROKEN_FEEDS];

describe('the kit refuses a connector that', () => {
  it.each(BROKEN)('%s', async (_, title, bend, of) => {
    const check = CHECKS.find((c) => title.test(c.title))!;
    await check.run(of ?? rosterFiles);
    await expect(check.run(bent(bend, of))).rejects.toThrow();
  });

  it('breaks any rule: every check is shown to fail above', () => {
    const shown = CHECKS.filter((check) => BROKEN.some(([, title]) => title.test(check.title)));
    expect(shown).toEqual(CHECKS);
  });

  const failing = (read: Connector['read']) =>
    faultCheck('half a workbook', 'file-archive-broken').run(bent(() => ({ read })));
  it.each<[string, () => Error]>([
    ['another code', () => new SourceError('file-empty', { file: 'a.csv' })],
    ['a code without a text', () => new SourceError('no-such-code')],
    ['a text with an open place', () => new SourceError('file-archive-broken')],
    ['a name in the error', () => new SourceError('file-archive-broken', { file: '王小明.csv' })],
    [
      'a name in the cause',
      () => new SourceError('file-archive-broken', { file: 'a' }, { cause: new Error('王小明') }),
    ],
    ['an error of another kind', () => new TypeError('not a source error')],
  ])('fails with %s', async (_, error) => {
    // biome-ignore lint/correctness/useYield: it fails before the first row
    const read = async function* (): AsyncGenerator<RawRow[]> {
      throw error();
    };
    await expect(failing(read)).rejects.toThrow();
  });

  it('hands over nothing and calls it a picture', async () => {
    await expect(failing(async function* () {})).rejects.toThrow('handed over a picture');
  });
});

describe('the kit refuses a harness that', () => {
  it.each<[string, Harness, Partial<Harness>]>([
    ['names no fault of a picture that is not whole', cloudSchool, { notWhole: 'no such fault' }],
    ['says that JSON is none', cloudSchool, { json: false }],
    ['says that a server is none', cloudSchool, { server: false }],
    ['says that it speaks for schools and knows no other', rosterFiles, { schools: true }],
    ['says that titles are none', rosterFiles, { unnamed: true }],
    ['says that a file is several', rosterFiles, { several: true }],
    ['says that pages are one', oneRosterApi12, { several: false }],
    ['has few records whatever is asked for', rosterFiles, { start: () => rosterFiles.start(7) }],
  ])('%s', async (_, whole, changes) => {
    await expectHonest(whole);
    await expect(expectHonest({ ...whole, ...changes })).rejects.toThrow();
  });
});

describe('a secret is found', () => {
  const SECRET = 'a+key/of?the=client';
  const coded = (text: string, encoding: 'base64' | 'base64url'): string => Buffer.from(text).toString(encoding);
  it.each([
    ['as it stands', `key ${SECRET}`],
    ['in its first characters', `key ${SECRET.slice(0, 8)}…`],
    ['in an address', `http://x/?key=${encodeURIComponent(SECRET)}`],
    ['in base64', coded(SECRET, 'base64')],
    ['in base64 behind a name', coded(`mingce:${SECRET}`, 'base64')],
    ['in base64 for addresses, before something', coded(`${SECRET}!`, 'base64url')],
  ])('%s', (_, text) => {
    expect(() => expectNoSecret(text, [SECRET])).toThrow('secret 0');
    expect(() => expectNoSecret(text, ['of-another-client'])).not.toThrow();
  });
});
