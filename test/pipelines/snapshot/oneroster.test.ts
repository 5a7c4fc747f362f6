/** The OneRoster bundle, held against the CSV binding of 1.2 as this file has it, and read by the connector of the product, which knows nothing of who wrote it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameParts } from '../../../pipelines/snapshot/oneroster/name-parts.ts';
import type { PlanKind } from '../../../schemas/campaign.ts';
import { contextAt, handOver } from '../../connectors/support/handover.ts';
import { makeBundleInbox } from '../../connectors/support/oneroster.ts';
import { makeSmallCity, NAMES, type SmallCity } from './city.ts';

let city: SmallCity;
beforeAll(async () => {
  city = await makeSmallCity();
});
afterAll(() => city.close());

type Cells = Record<string, string>;

/** Columns in the order of the binding, and those that may not be empty; of bulk files status and dateLastModified are empty. */
const BINDING: Readonly<Record<string, { columns: string; needed: string; empty: string }>> = {
  orgs: {
    columns: 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId',
    needed: 'sourcedId,name,type',
    empty: 'status,dateLastModified',
  },
  users: {
    columns:
      'sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns',
    needed: 'sourcedId,enabledUser,username,givenName,familyName',
    empty: 'status,dateLastModified,password,email,sms,phone',
  },
  roles: {
    columns:
      'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId',
    needed: 'sourcedId,userSourcedId,roleType,role,orgSourcedId',
    empty: 'status,dateLastModified',
  },
};
const ROLES = ['teacher', 'principal', 'siteAdministrator'];

const zipped = (kind: PlanKind) => readFile(path.join(city.folders[kind], `${kind}.oneroster.zip`));
async function bundle(kind: PlanKind) {
  const entries = unzipSync(await zipped(kind));
  const text = (name: string): string => Buffer.from(entries[name] as Uint8Array).toString('utf8');
  const tables = Object.fromEntries(
    ['orgs', 'users', 'roles'].map((table) => [
      table,
      Papa.parse<Cells>(text(`${table}.csv`), { header: true, newline: '\r\n', skipEmptyLines: true }),
    ]),
  );
  return {
    names: Object.keys(entries),
    text,
    tables: tables as Record<'orgs' | 'users' | 'roles', Papa.ParseResult<Cells>>,
  };
}

describe.each(['teacher-plan', 'school-plan'] as const)('the bundle of a %s', (kind) => {
  it('has a manifest that names every file of the standard, bulk or absent', async () => {
    const { names, text } = await bundle(kind);
    expect(names).toEqual(['manifest.csv', 'orgs.csv', 'users.csv', 'roles.csv']);
    const [head, ...properties] = Papa.parse<string[]>(text('manifest.csv'), {
      newline: '\r\n',
      skipEmptyLines: true,
    }).data;
    expect(head).toEqual(['propertyName', 'value']);
    const said = Object.fromEntries(properties as [string, string][]);
    expect(said).toMatchObject({
      'manifest.version': '1.0',
      'oneroster.version': '1.2',
      'source.systemName': 'Mingce',
    });
    const modes = Object.entries(said).filter(([name]) => name.startsWith('file.'));
    expect(modes).toHaveLength(21);
    expect(modes.filter(([, mode]) => mode === 'bulk').map(([name]) => name)).toEqual([
      'file.orgs',
      'file.roles',
      'file.users',
    ]);
    expect(new Set(modes.map(([, mode]) => mode))).toEqual(new Set(['bulk', 'absent']));
  });

  it.each(
    Object.keys(BINDING),
  )('has %s.csv with the columns of the binding first, all that it wants, and nothing that bulk files leave out', async (table) => {
    const { columns, needed, empty } = BINDING[table] as (typeof BINDING)[string];
    const { data, meta } = (await bundle(kind)).tables[table as 'orgs'];
    const own = (meta.fields ?? []).slice(columns.split(',').length);
    expect((meta.fields ?? []).slice(0, columns.split(',').length).join()).toBe(columns);
    for (const name of own) expect(name).toMatch(/^metadata\./);
    for (const row of data) {
      for (const name of needed.split(',')) expect(row[name], name).not.toBe('');
      for (const name of empty.split(',')) expect(row[name], name).toBe('');
    }
    expect(new Set(data.map((row) => row.sourcedId)).size).toBe(data.length);
    for (const row of data) expect(row.sourcedId).toMatch(/^[\w-]{1,255}$/);
  });

  it('refers to nothing that it does not hold', async () => {
    const { orgs, users, roles } = (await bundle(kind)).tables;
    const org = new Set(orgs.data.map((row) => row.sourcedId));
    const user = new Set(users.data.map((row) => row.sourcedId));
    for (const row of users.data) expect(org).toContain(row.primaryOrgSourcedId);
    for (const row of roles.data) {
      expect(org).toContain(row.orgSourcedId);
      expect(user).toContain(row.userSourcedId);
      expect(ROLES).toContain(row.role);
      expect(row.roleType).toBe('primary');
    }
    expect(roles.data.map((row) => row.userSourcedId)).toEqual(users.data.map((row) => row.sourcedId));
  });
});

it('says of people no more than the CSV: no national id, no number of ours, the digest only where the CSV has it', async () => {
  const { users } = (await bundle('teacher-plan')).tables;
  const csv = Papa.parse<string[]>(
    await readFile(path.join(city.folders['teacher-plan'], 'teacher-plan.csv'), 'utf8'),
    {
      newline: '\r\n',
      skipEmptyLines: true,
    },
  ).data.slice(1);
  expect(users.data.map((row) => row.userIds)).toEqual(
    csv.map(([digest]) => (digest === '' ? '' : `{edu_key:${digest}}`)),
  );
  expect(users.data.map((row) => row['metadata.mingce.legalName'])).toEqual(csv.map((row) => row[1]));
  expect(users.data.map((row) => row['metadata.mingce.jobTitle'])).toEqual(csv.map((row) => row[6]));
  const all = (await bundle('teacher-plan')).text('users.csv');
  expect(all).not.toMatch(/(?<![0-9A-Fa-f])[A-Z][12]\d{8}(?!\d)/);
  for (const row of users.data) expect(row.sourcedId).toMatch(/^[0-9a-f]{32}$/);
});

it('names the 總負責人 of a school by the account, as the CSV does (R30)', async () => {
  const { orgs, users } = (await bundle('school-plan')).tables;
  expect(orgs.data).toHaveLength(5);
  expect(
    users.data.map((row) => [row.username, row['metadata.mingce.legalName'], row.userIds, row.primaryOrgSourcedId]),
  ).toEqual([
    ['lead2', '王小明', '', '064301-junior'],
    ['lead3', '王小明', '', '064301-senior'],
    ['A****89', '王小明', '', '064601-primary'],
    ['lead0', '王小明', '', '064601-primary'],
    ['lead1', 'lead1', '', '064602-primary'],
  ]);
});

it('is read whole by the connector, as any system would hand it in: people, names, titles and identifiers come back', async () => {
  const inbox = await makeBundleInbox();
  try {
    await inbox.put('oneroster.zip', await zipped('teacher-plan'));
    const connector = inbox.open({
      schools: ['064601', '064602', '064301'],
      identifier: { userIdType: 'edu_key', hashed: true },
      titleField: 'metadata.mingce.jobTitle',
    });
    const [part] = await connector.discover(contextAt());
    const [handed] = await handOver(connector, part!);
    expect(handed!.delivery.complete).toBe(true);
    expect(handed!.notes).toMatchObject({ version: '1.2', complete: true, rows: NAMES.length * 5 });
    expect(handed!.notes.misspeltColumns ?? []).toEqual([]);
    const csv = Papa.parse<string[]>(
      await readFile(path.join(city.folders['teacher-plan'], 'teacher-plan.csv'), 'utf8'),
      {
        newline: '\r\n',
        skipEmptyLines: true,
      },
    ).data.slice(1);
    const schools = handed!.rows.filter(({ issues }) => issues === undefined);
    // Of one part only the other name is a dash, and a line end is no part of a name.
    const shown = (name: string): string =>
      name === '㑒' ? '㑒-' : name.startsWith('=') ? `- ${name}` : name.replace('\n', '');
    expect(schools.map(({ values }) => [values.institutionCode, values.name, values.idDigest, values.title])).toEqual(
      csv
        .filter((row) => row[2]!.length === 6)
        .map(([digest, name, code, , , , title]) => [code, shown(name!), digest, title || '教師']),
    );
    // A kindergarten's sid is no school code: these are told, and taken for nobody.
    const told = handed!.rows.filter(({ issues }) => issues !== undefined);
    expect(told).toHaveLength(NAMES.length);
    expect(new Set(told.flatMap(({ issues }) => issues!.map(({ code }) => code)))).toEqual(
      new Set(['oneroster-org-without-code']),
    );
  } finally {
    await inbox.remove();
  }
});

describe('the two names of a person', () => {
  it.each([
    ['王小明', '王', '小明'],
    ['歐陽娜娜', '歐陽', '娜娜'],
    ['歐陽修', '歐陽', '修'],
    ['陳林秀英', '陳林', '秀英'],
    ['李白', '李', '白'],
    ['𠮷田', '𠮷', '田'],
    ['撒韵‧武荖', '撒韵‧', '武荖'],
    ['Mary Ann Smith', 'Smith', 'Mary Ann'],
    ['Cher', 'Cher', '-'],
    ['㑒', '㑒', '-'],
  ])('of %s are %s and %s', (name, familyName, givenName) => {
    expect(nameParts(name)).toEqual({ familyName, givenName });
  });

  it('are together the whole name, and never empty', () => {
    const han = fc
      .array(fc.constantFrom(...'王小明歐陽司馬‧𠮷㑒'), { minLength: 1, maxLength: 6 })
      .map((signs) => signs.join(''));
    fc.assert(
      fc.property(han, (name) => {
        const { familyName, givenName } = nameParts(name);
        expect(familyName).not.toBe('');
        expect(givenName).not.toBe('');
        if (/\p{Script=Han}/u.test(name)) expect(givenName === '-' ? familyName : familyName + givenName).toBe(name);
      }),
    );
  });
});
