/** Identifiers where no value belongs: in names of fields and columns, in roles, in ids of organisations. What is told of them is stored and shown (I8). */
import { afterEach, describe, expect, it } from 'vitest';
import { openConnector } from '../../connectors/registry.ts';
import { message } from '../../schemas/messages/catalogue.ts';
import type { SourceError } from '../../schemas/source-error.ts';
import { careData, startCareServer } from './support/care-server.ts';
import { answerOf, person, startCloudSchool } from './support/cloudschool.ts';
import { environmentAt } from './support/environment.ts';
import { contextAt, type HandedOver, handOver, sourceError } from './support/handover.ts';
import { filesOf, makeBundleInbox, type Roster, role, rosterOf, user, zipFiles } from './support/oneroster.ts';
import { apiLists, apiUser, startOneRosterApi } from './support/oneroster-api.ts';

const ID = 'B200009016';
const LOOKS_LIKE_ONE = /[A-Z][A-D1289]\d{8}/i;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** All that is kept of a delivery outside its encrypted columns: notes with fields, issues, drift, and keys. */
function expectNoneIn({ rows, notes }: HandedOver): void {
  const told = rows.map(({ issues, drift, values }) => ({ issues, drift, key: values.staffId }));
  expect(JSON.stringify({ notes, told })).not.toMatch(LOOKS_LIKE_ONE);
}
function expectNoneInError({ code, params, message: text }: SourceError): void {
  const texts = (['zh', 'en'] as const).map((language) => message(code, params, language));
  expect(JSON.stringify({ params, text, texts })).not.toMatch(LOOKS_LIKE_ONE);
}

const PART = (source: string) => ({ source, drop: source.split('/')[0]!, files: [] });
async function ofCare(change: (data: ReturnType<typeof careData>) => void): Promise<HandedOver[]> {
  const data = careData();
  change(data);
  const server = await startCareServer(data);
  closing.push(server.close);
  return handOver(openConnector(server.config, environmentAt('/', 'right')), PART('care'));
}
async function ofCloud(answer: ReturnType<typeof answerOf> | string): Promise<HandedOver[]> {
  const cloud = await startCloudSchool({ 'client-064601': answer });
  closing.push(() => cloud.server.close());
  return handOver(cloud.open(), PART('cloud/064601'));
}
async function ofApi(lists: ReturnType<typeof apiLists>): Promise<HandedOver[]> {
  const api = await startOneRosterApi(lists);
  closing.push(() => api.server.close());
  return handOver(api.open(), PART('oneroster'));
}
async function ofBundle(files: Record<string, string>): Promise<HandedOver[]> {
  const inbox = await makeBundleInbox();
  closing.push(inbox.remove);
  await inbox.put('oneroster.zip', zipFiles(files));
  const connector = inbox.open();
  const [part] = await connector.discover(contextAt());
  return handOver(connector, part!);
}
const changed = (table: string, change: (rows: Roster['tables'][string]) => void): Record<string, string> => {
  const roster = rosterOf(2);
  change(roster.tables[table]!);
  return filesOf(roster);
};

describe('a field that is named by an identifier is told without it', () => {
  it.each([
    ['of the care system', () => ofCare(({ staff }) => Object.assign(staff[0]!, { [ID]: 1 }))],
    ['of a school’s API', () => ofCloud(answerOf([person(1, { [ID]: 1 })]))],
    ['of a OneRoster API', () => ofApi({ ...apiLists(1), users: [apiUser('U1', 'teacher', '1.2', { [ID]: 1 })] })],
    ['in letters of full width', () => ofCloud(answerOf([person(1, { Ｂ２００００９０１６: 1 })]))],
    ['at the end of a long name', () => ofCloud(answerOf([person(1, { [`${'欄'.repeat(33)}${ID}`]: 1 })]))],
  ])('%s', async (_, take) => {
    const [handed] = await take();
    expect(handed!.rows.some(({ drift }) => drift?.[0]?.kind === 'unknown-column')).toBe(true);
    expectNoneIn(handed!);
  });

  it('when it is given twice', async () => {
    const text = JSON.stringify(answerOf([person(1)])).replace('{', `{"${ID}":1,"${ID}":2,`);
    const error = await sourceError(ofCloud(text));
    expect(error).toMatchObject({ code: 'api-json-duplicate-key', params: { what: '＊' } });
    expectNoneInError(error);
  });

  it('and a number that cannot be kept is not quoted', async () => {
    const text = JSON.stringify(answerOf([person(1)])).replace('{', '{"x":12345678901234567890,');
    const error = await sourceError(ofCloud(text));
    expect(error).toMatchObject({ code: 'api-json-big-number', params: { what: '' } });
  });
});

describe('a bundle with identifiers in its structure tells of it without them', () => {
  it.each([
    ['roles', (rows: Roster['tables'][string]) => rows.push(role('U1', { role: ID }))],
    ['roles', (rows: Roster['tables'][string]) => rows.push(role('U1', { orgSourcedId: ID }))],
    ['orgs', (rows: Roster['tables'][string]) => Object.assign(rows[1]!, { identifier: ID })],
    ['users', (rows: Roster['tables'][string]) => Object.assign(rows[0]!, { [ID]: 'x' })],
    ['users', (rows: Roster['tables'][string]) => rows.push(user(ID))],
  ])('%#: in %s', async (table, change) => {
    const [handed] = await ofBundle(changed(table, change));
    expect(handed!.rows.length).toBeGreaterThan(0);
    expectNoneIn(handed!);
  });

  it.each([
    ['value', `oneroster.version,${ID}`, 'oneroster-manifest-broken'],
    ['property', `file.${ID},full`, 'oneroster-manifest-broken'],
    ['table', `file.${ID},bulk`, 'oneroster-file-missing'],
  ])('also where its manifest is refused for a %s', async (_, line, code) => {
    const files = filesOf(rosterOf(1));
    const error = await sourceError(ofBundle({ ...files, 'manifest.csv': `${files['manifest.csv']}\r\n${line}` }));
    expect(error.code).toBe(code);
    expectNoneInError(error);
  });

  it('counts unknown roles by name up to a bound, and all of them', async () => {
    const others = Array.from({ length: 50 }, (_, i) => role('U1', { role: `vendor role ${i}` }));
    const [handed] = await ofBundle(changed('roles', (rows) => rows.push(...others)));
    const unknown = Object.entries(handed!.notes).filter(([what]) => what.startsWith('unknown role'));
    expect(unknown).toHaveLength(21);
    expect(unknown.reduce((sum, [, n]) => sum + Number(n), 0)).toBe(50);
    expect(handed!.notes['unknown roles of other names']).toBe(30);
  });
});
