/** Long because real bundles break the standard in many ways, and each way is one case. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withinOneEdit } from '../../connectors/oneroster/bundle/columns.ts';
import { clearDate } from '../../connectors/oneroster/written-date.ts';
import { contextAt, type HandedOver, handOver, sourceError } from './support/handover.ts';
import {
  type BundleInbox,
  type Cells,
  csv,
  demographics,
  filesOf,
  makeBundleInbox,
  ORGS,
  type Roster,
  role,
  rosterOf,
  user,
  zipFiles,
} from './support/oneroster.ts';
import { zipOf } from './support/zip.ts';

let inbox: BundleInbox;
beforeEach(async () => {
  inbox = await makeBundleInbox();
});
afterEach(() => inbox.remove());

async function take(changes: Record<string, unknown> = {}): Promise<HandedOver> {
  const connector = inbox.open(changes);
  const [part] = await connector.discover(contextAt());
  return (await handOver(connector, part!))[0]!;
}

/** What comes of one bundle. */
async function read(roster: Roster, changes: Record<string, unknown> = {}): Promise<HandedOver> {
  await inbox.putZip(roster);
  return await take(changes);
}

const failure = async (files: Record<string, string>) => {
  await inbox.put('oneroster.zip', zipFiles(files));
  return await sourceError(take());
};

/** 1.2 with these people and roles. */
const people = (users: Cells[], roles: Cells[], modes: Record<string, string> = {}): Roster => {
  const roster = rosterOf(0);
  return {
    ...roster,
    tables: { ...roster.tables, users, roles, demographics: users.map(({ sourcedId }) => demographics(sourcedId!)) },
    modes: { ...roster.modes, ...modes },
  };
};
const issues = ({ rows }: HandedOver) => rows.map(({ issues: found }) => (found ?? []).map(({ code }) => code).join());

describe('a person of a bundle', () => {
  it('of 1.2 comes out under canonical titles', async () => {
    const { rows, delivery, notes } = await read(people([user('U1')], [role('U1', { beginDate: '2023-08-01' })]));
    expect(rows).toEqual([
      {
        kind: 'staff',
        values: {
          staffId: 'U1@064601',
          institutionCode: '064601',
          nationalId: 'A123456789',
          name: '王小明U1',
          title: '教師',
          primary: '是',
          startOn: '2023-08-01',
          email: 'U1@tc.edu.tw',
          phone: '0912345678',
          birthDate: '1981-05-06',
          sex: 'female',
        },
        origin: { object: 0, row: 2 },
      },
    ]);
    expect(delivery).toMatchObject({ complete: true, asOf: '2024-08-01T10:00:00.000+08:00', source: 'oneroster' });
    expect(notes).toMatchObject({ version: '1.2', complete: true, rows: 1, droppedColumns: ['users.password'] });
  });

  it('has the same key in 1.1, where role and schools stand with the person', async () => {
    const roster = rosterOf(1, '1.1');
    roster.tables.users = [user('U1', { role: 'teacher', orgSourcedIds: 'o1,o2' })];
    const { rows } = await read(roster);
    expect(rows.map(({ values }) => [values.staffId, values.institutionCode, values.primary])).toEqual([
      ['U1@064601', '064601', '是'],
      ['U1@064602', '064602', '否'],
    ]);
  });

  it('with several roles at one school is one row, of the role that says most', async () => {
    const roles = [role('U1', { role: 'aide' }), role('U1', { role: 'principal', roleType: 'secondary' })];
    const { rows } = await read(people([user('U1')], roles));
    expect(rows.map(({ values }) => [values.title, values.primary])).toEqual([['校長', '是']]);
  });

  it('of a department belongs to the school above it, whose code may have lost its zero', async () => {
    const { rows } = await read(
      people([user('U1'), user('U2')], [role('U1', { orgSourcedId: 'o1-dept' }), role('U2', { orgSourcedId: 'o2' })]),
    );
    expect(rows.map(({ values }) => values.institutionCode)).toEqual(['064601', '064602']);
  });

  it('whose sourcedId is an identifier has a key that does not hold it (I8)', async () => {
    const { rows } = await read(people([user('a123456789')], [role('a123456789')]));
    expect(rows[0]!.values.staffId).toMatch(/^[0-9a-f]{64}@064601$/);
  });

  it('is named as names are written: without a space in Chinese, with one else', async () => {
    const users = [user('U1'), user('U2', { givenName: 'Mary Ann', familyName: 'Smith' })];
    const { rows } = await read(people(users, [role('U1'), role('U2')]));
    expect(rows.map(({ values }) => values.name)).toEqual(['王小明U1', 'Mary Ann Smith']);
  });
});

describe('which id is the national one', () => {
  const taken = async (changes: Record<string, unknown>, cells: Cells = {}) => {
    const { nationalId, idDigest } = (await read(people([user('U1', cells)], [role('U1')]), changes)).rows[0]!.values;
    return { nationalId, idDigest };
  };

  it('is a type of userIds, or a column, plain or hashed', async () => {
    expect(await taken({ identifier: { userIdType: 'nationalid' } })).toEqual({ nationalId: 'A123456789' });
    const field = { 'metadata.eduKey': 'ff00', identifier: 'B123456780' };
    expect(await taken({ identifier: { field: 'metadata.edukey', hashed: true } }, field)).toEqual({
      idDigest: 'ff00',
    });
    expect(await taken({ identifier: { field: 'identifier' } }, field)).toEqual({ nationalId: 'B123456780' });
  });

  it('is not guessed', async () => {
    expect(await taken({ identifier: undefined })).toEqual({});
    expect(await taken({ identifier: { userIdType: 'Passport' } })).toEqual({ nationalId: '' });
    expect(() => inbox.open({ identifier: { userIdType: 'a', field: 'b' } })).toThrow('one of them');
  });

  it('and the title may stand in a field of its own', async () => {
    const roster = people([user('U1', { 'metadata.jobTitle': '教學組長' }), user('U2')], [role('U1'), role('U2')]);
    const { rows } = await read(roster, { titleField: 'metadata.jobTitle' });
    expect(rows.map(({ values }) => values.title)).toEqual(['教學組長', '教師']);
  });
});

describe('who is not staff of a school', () => {
  it('never becomes a row, whatever else is wrong, and is counted', async () => {
    const kinds = ['student', 'Student', 'guardian', 'districtAdministrator', 'ext:robot', 'teacher'];
    const users = kinds.map((_, i) => user(`U${i}`));
    const roles = kinds.map((kind, i) => role(`U${i}`, { role: kind, status: 'tobedeleted' }));
    const { rows, notes } = await read(people(users, roles));
    expect(rows.map(({ values }) => values.staffId)).toEqual(['U5@064601']);
    expect(notes).toMatchObject({
      'role student': 2,
      'role guardian': 1,
      'role districtadministrator': 1,
      'unknown role ext:robot': 1,
      'users without a role of staff': 5,
    });
  });

  it('in 1.1 either, also with a broken row', async () => {
    const roster = rosterOf(1, '1.1');
    const files = filesOf(roster);
    const lines = files['users.csv']!.split('\r\n');
    expect(lines[2]).toMatch(/^SU0,.*student/);
    await inbox.put(
      'oneroster.zip',
      zipFiles({ ...files, 'users.csv': [lines[0], lines[1], `${lines[2]},x`].join('\n') }),
    );
    const { rows, notes } = await take();
    expect(rows.map(({ values }) => values.staffId)).toEqual(['U0@064601']);
    expect(notes['role student']).toBe(1);
  });

  it('staff of a district, and roles that are over, are counted', async () => {
    const users = ['U1', 'U2', 'U3'].map((id) => user(id));
    const roles = [
      role('U1', { orgSourcedId: 'city' }),
      role('U2', { endDate: '2024-07-31' }),
      role('U3', { endDate: '2025-07-31' }),
    ];
    const { rows, notes } = await read(people(users, roles));
    expect(rows.map(({ values }) => [values.staffId, values.endOn])).toEqual([['U3@064601', undefined]]);
    expect(notes).toMatchObject({ 'staff of no school': 1, 'ended roles': 1 });
  });
});

describe('people who are not taken, and told', () => {
  it.each([
    ['a school that the configuration does not allow', { orgSourcedId: 'o9' }, 'oneroster-school-not-allowed'],
    ['an organisation that is not in the bundle', { orgSourcedId: 'gone' }, 'oneroster-org-unknown'],
    ['a deletion without a reason', { status: 'tobedeleted' }, 'oneroster-to-be-deleted'],
  ])('for %s', async (_, changes, code) => {
    const handed = await read(people([user('U1'), user('U2')], [role('U1', changes), role('U2')]));
    expect(issues(handed)).toEqual([code, '']);
    expect(handed.rows[0]!.values.endOn).toBeUndefined();
    expect(handed.rows[0]!.values.endReason).toBeUndefined();
  });

  it('for a school whose identifier is no code', async () => {
    const roster = people([user('U1')], [role('U1')]);
    roster.tables.orgs = ORGS.map((org) => ({ ...org, identifier: 'FY-ES' }));
    const handed = await read(roster);
    expect(handed.rows[0]!.issues).toMatchObject([
      { code: 'oneroster-org-without-code', params: { identifier: 'FY-ES' } },
    ]);
  });

  it.each([
    [
      'its organisation is not in the bundle',
      (r: Roster) => Object.assign(r.tables.roles![0]!, { orgSourcedId: 'gone' }),
    ],
    ['its school has no code', (r: Roster) => (r.tables.orgs = ORGS.map((org) => ({ ...org, identifier: '' })))],
    [
      'it has no sourcedId',
      (r: Roster) =>
        Object.assign(r.tables.users![0]!, { sourcedId: '' }) &&
        Object.assign(r.tables.roles![0]!, { userSourcedId: '' }),
    ],
  ])('have no key where it would not be their own (I12): %s', async (_, change) => {
    const roster = people([user('U1')], [role('U1')]);
    change(roster);
    const { rows } = await read(roster);
    expect(rows).toHaveLength(1);
    expect(rows[0]!.issues).not.toEqual([]);
    expect(rows[0]!.values.staffId).toBeUndefined();
  });

  it('keep their key where only the school is not allowed', async () => {
    const { rows } = await read(people([user('U1')], [role('U1', { orgSourcedId: 'o9' })]));
    expect(rows[0]!.values.staffId).toBe('U1@064609');
  });

  it('in 1.1, without an organisation, have no key either', async () => {
    const roster = rosterOf(1, '1.1');
    roster.tables.users = [user('U1', { role: 'teacher', orgSourcedIds: '' })];
    const handed = await read(roster);
    expect(issues(handed)).toEqual(['oneroster-org-unknown']);
    expect(handed.rows[0]!.values.staffId).toBeUndefined();
  });

  it('not for a school that shall be deleted: its people stay where they are, and it is counted', async () => {
    const roster = people([user('U1')], [role('U1')]);
    roster.tables.orgs = ORGS.map((org) => (org.sourcedId === 'o1' ? { ...org, status: 'tobedeleted' } : org));
    const { rows, notes } = await read(roster);
    expect(rows.map(({ values, issues: found }) => [values.institutionCode, found])).toEqual([['064601', undefined]]);
    expect(notes['orgs to be deleted']).toBe(1);
  });

  it('for a role of nobody: its key still keeps the last good version in force', async () => {
    const handed = await read(people([user('U1')], [role('U1'), role('U2')]));
    expect(issues(handed)).toEqual(['', 'oneroster-user-missing']);
    expect(handed.rows[1]).toMatchObject({ values: { staffId: 'U2@064601' }, origin: { object: 0, row: 3 } });
  });

  it('for a person without a sourcedId', async () => {
    const handed = await read(people([user('U1'), user(' ')], [role('U1'), role(' ')]));
    expect(issues(handed)).toEqual(['', 'oneroster-id-missing']);
  });

  it('for a broken row of roles', async () => {
    const files = filesOf(people([user('U1'), user('U2')], [role('U1'), role('U2')]));
    await inbox.put('oneroster.zip', zipFiles({ ...files, 'roles.csv': `${files['roles.csv']},x` }));
    const handed = await take();
    expect(issues(handed).sort()).toEqual(['', 'raw-cells-extra']);
  });

  it('when another school stands in the bundle of one school', async () => {
    await inbox.putZip(
      people([user('U1'), user('U2')], [role('U1'), role('U2', { orgSourcedId: 'o2' })]),
      '064601.zip',
    );
    const handed = await take();
    expect(handed.delivery.source).toBe('oneroster/064601');
    expect(issues(handed)).toEqual(['', 'oneroster-school-not-allowed']);
  });
});

describe('a bundle of changes', () => {
  const modes = { users: 'delta', roles: 'delta', orgs: 'bulk' };

  it('says nothing of who is not in it, and when its changes were registered', async () => {
    const roles = [role('U1', { dateLastModified: '2024-07-31T08:00:00.000Z' })];
    const { delivery, rows, notes } = await read(people([user('U1')], roles, modes));
    expect(delivery.complete).toBe(false);
    expect(notes.complete).toBe(false);
    expect(rows[0]!.values.registeredAt).toBe('2024-07-31T08:00:00.000Z');
  });

  it('asks for a reason where it deletes, and never ends anybody', async () => {
    const handed = await read(people([user('U1', { status: 'tobedeleted' })], [role('U1')], modes));
    expect(handed.delivery.complete).toBe(false);
    expect(issues(handed)).toEqual(['oneroster-to-be-deleted']);
  });

  it('asks for a reason where a role is over, unless another one at the school stands', async () => {
    const over = { endDate: '2024-07-31' };
    const roles = [
      role('U1', over),
      role('U2', { ...over, role: 'principal' }),
      role('U2', { sourcedId: 'r2' }),
      role('U3', { endDate: '2025-07-31' }),
    ];
    const handed = await read(people([user('U1'), user('U2'), user('U3')], roles, modes));
    expect(issues(handed)).toEqual(['oneroster-role-ended', '', '']);
    expect(handed.rows[0]).toMatchObject({
      values: { staffId: 'U1@064601' },
      issues: [{ column: 'change', params: { end: '2024-07-31' } }],
    });
    expect(handed.rows[0]!.values.endOn).toBeUndefined();
    expect(handed.rows[1]!.values.title).toBe('教師');
    expect(handed.notes['ended roles']).toBe(2);
  });

  it('counts who changed without a role beside them, apart from those who have another role', async () => {
    const users = [user('U1'), user('U2', { email: 'new@tc.edu.tw' }), user('S1')];
    const { rows, notes } = await read(people(users, [role('U1'), role('S1', { role: 'student' })], modes));
    expect(rows.map(({ values }) => values.staffId)).toEqual(['U1@064601']);
    expect(notes).toMatchObject({ usersWithoutRole: 1, 'users without a role of staff': 1 });
  });

  it('that takes one of two roles away takes title, place, start and time from the other', async () => {
    const gone = { sourcedId: 'r-old', role: 'principal', status: 'tobedeleted', beginDate: '2020-08-01' };
    const roles = [
      role('U1', { ...gone, dateLastModified: '2024-07-31T08:00:00.000Z' }),
      role('U1', { roleType: 'secondary', beginDate: '2024-08-01', dateLastModified: '2024-07-30T08:00:00.000Z' }),
    ];
    const handed = await read(people([user('U1')], roles, modes));
    expect(issues(handed)).toEqual(['']);
    expect(handed.rows[0]!.values).toMatchObject({
      title: '教師',
      primary: '否',
      startOn: '2024-08-01',
      registeredAt: '2024-07-30T08:00:00.000Z',
    });
  });

  it('may be empty', async () => {
    const files = filesOf(people([user('U1')], [role('U1')], modes));
    const titles = (name: string): string => files[name]!.split('\r\n')[0]!;
    await inbox.put(
      'oneroster.zip',
      zipFiles({ ...files, 'users.csv': titles('users.csv'), 'roles.csv': titles('roles.csv') }),
    );
    expect((await take()).rows).toEqual([]);
  });

  it('of bulk files does not take the time of the export for the time of each row', async () => {
    const roles = [role('U1', { dateLastModified: '2024-07-31T08:00:00.000Z' })];
    expect((await read(people([user('U1')], roles))).rows[0]!.values.registeredAt).toBeUndefined();
  });
});

describe('bundles that break the standard', () => {
  const absent = (roster: Roster, table: string): void => {
    delete roster.tables[table];
    roster.modes[table] = 'absent';
  };

  it('with misspelt columns are read, and the guess is reported', async () => {
    const files = filesOf(
      people([user('U1')], [role('U1', { dateLastModified: '2024-07-31T08:00:00Z' })], {
        roles: 'delta',
        users: 'delta',
      }),
    );
    const roles = files['roles.csv']!.replace('dateLastModified', 'dateLastModifed').replace(
      'userSourcedId',
      'UserSourceId',
    );
    await inbox.put('oneroster.zip', zipFiles({ ...files, 'roles.csv': roles }));
    const { rows, notes } = await take();
    expect(rows[0]!.values.registeredAt).toBe('2024-07-31T08:00:00Z');
    expect(notes.misspeltColumns).toEqual([
      'roles.dateLastModifed=dateLastModified',
      'roles.UserSourceId=userSourcedId',
    ]);
    expect(notes.fields).toContainEqual({ name: 'roles.UserSourceId', column: 'roles.userSourcedId', kind: 'staff' });
    expect(notes.fields!.map(({ name }) => name)).not.toContain('users.password');
  });

  it('with dates such as 1/05/2023 are read where the day is clear, and left to the normaliser’s warning else', async () => {
    const users = ['U1', 'U2'].map((id) => user(id));
    const roster = people(users, [role('U1', { beginDate: '1/05/2023' }), role('U2', { beginDate: '1/25/2023' })]);
    expect((await read(roster)).rows.map(({ values }) => values.startOn)).toEqual(['1/05/2023', '2023-01-25']);
    expect((await take({ dateOrder: 'day-first' })).rows[0]!.values.startOn).toBe('2023-05-01');
  });

  it('zipped with their folder, with clutter beside them, are read', async () => {
    const files = filesOf(people([user('U1')], [role('U1')]));
    const entries = Object.entries(files).map(([name, content]) => ({ name: `export/${name}`, content }));
    await inbox.put(
      'oneroster.zip',
      zipOf([{ name: 'export/', content: '' }, ...entries, { name: '__MACOSX/x', content: 'x' }]),
    );
    expect((await take()).rows).toHaveLength(1);
  });

  it.each([
    ['an entry that climbs out', '../users.csv'],
    ['an entry with a root', '/etc/users.csv'],
    ['an entry with a drive', 'C:\\users.csv'],
  ])('with %s are refused', async (_, name) => {
    await inbox.put('oneroster.zip', zipFiles({ ...filesOf(rosterOf(1)), [name]: 'x' }));
    expect(await sourceError(take())).toMatchObject({ code: 'oneroster-entry-name' });
  });

  it('that unfold beyond the limits are refused before anything is inflated', async () => {
    const bomb = { name: 'classes.csv', content: Buffer.alloc(40 * 1024 * 1024) };
    const files = Object.entries(filesOf(rosterOf(1))).map(([name, content]) => ({ name, content }));
    await inbox.put('oneroster.zip', zipOf([...files, bomb]));
    expect(await sourceError(take())).toMatchObject({ code: 'file-archive-too-large' });
  });

  it.each([
    ['that are no archive', 'not a zip', 'file-archive-broken'],
    ['that are empty', '', 'file-empty'],
  ])('%s are refused', async (_, content, code) => {
    await inbox.put('oneroster.zip', content);
    expect(await sourceError(take())).toMatchObject({ code });
  });

  it('of which a file is encrypted are refused', async () => {
    await inbox.put('oneroster.zip', zipOf([{ name: 'manifest.csv', content: 'x', flags: 1 }]));
    expect(await sourceError(take())).toMatchObject({ code: 'file-encrypted' });
  });

  it.each([
    ['1.2 without roles', (r) => absent(r, 'roles'), 'oneroster-file-missing'],
    ['no organisations', (r) => absent(r, 'orgs'), 'oneroster-file-missing'],
    ['a mode that is none', (r) => Object.assign(r.modes, { users: 'full' }), 'oneroster-manifest-broken'],
    ['a table of which the manifest says nothing', (r) => delete r.modes.users, 'oneroster-manifest-contradicts'],
    [
      'an entry for a file that is not there',
      (r) => Object.assign(r.modes, { courses: 'bulk' }),
      'oneroster-file-missing',
    ],
  ] as [string, (roster: Roster) => unknown, string][])('with %s are refused', async (_, change, code) => {
    const roster = rosterOf(1);
    change(roster);
    expect(await failure(filesOf(roster))).toMatchObject({ code });
  });
});

describe('an inbox of bundles', () => {
  const sources = async () =>
    (await inbox.open().discover(contextAt())).map(({ source, files }) => [source, files.length]);

  it('has a part for each school that a path names, and one for all others', async () => {
    await inbox.putFolder(rosterOf(1), '064602');
    await inbox.putZip(rosterOf(1), '064601-2024.zip');
    await inbox.putZip(rosterOf(1), 'city.zip');
    await inbox.putZip(rosterOf(1), '064609.zip');
    expect((await sources()).sort()).toEqual([
      ['oneroster', 2],
      ['oneroster/064601', 1],
      ['oneroster/064602', 5],
    ]);
  });

  it('hands bundles over oldest first, each as a picture of its own', async () => {
    await inbox.putZip(rosterOf(2), 'b.zip', '2024-08-01T08:00:00+08:00');
    await inbox.putFolder(rosterOf(3), 'a', '2024-08-01T09:00:00+08:00');
    const connector = inbox.open();
    const [part] = await connector.discover(contextAt());
    const handed = await handOver(connector, part!);
    expect(handed.map(({ rows, delivery }) => [rows.length, delivery.asOf.slice(11, 16)])).toEqual([
      [2, '08:00'],
      [3, '09:00'],
    ]);
  });

  it('fails a path that names two schools, alone', async () => {
    await inbox.putZip(rosterOf(1), '064601/064602.zip');
    const connector = inbox.open();
    const [part] = await connector.discover(contextAt());
    expect(await sourceError(handOver(connector, part!))).toMatchObject({
      code: 'file-school-conflict',
      params: { codes: '064601、064602' },
    });
  });

  it('leaves a folder that is still being filled for the next night', async () => {
    const files = filesOf(rosterOf(1));
    await inbox.put('a/manifest.csv', files['manifest.csv']!);
    expect(await sourceError(take())).toMatchObject({ code: 'oneroster-file-missing', params: { file: 'a' } });
    await inbox.putFolder(rosterOf(1), 'a');
    expect((await take()).rows).toHaveLength(1);
  });
});

it('a date is read only as what it can mean', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }), (month, day) => {
      const iso = `2023-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
      expect(clearDate(`${month}/${day}/2023`, 'month-first')).toBe(iso);
      expect(clearDate(`${day}/${month}/2023`, 'day-first')).toBe(iso);
      const clear = day > 12 || day === month;
      expect(clearDate(`${month}/${day}/2023`, undefined)).toBe(clear ? iso : `${month}/${day}/2023`);
      expect(clearDate(iso, undefined)).toBe(iso);
    }),
  );
});

it('one edit is one letter, wherever', () => {
  const word = fc.stringMatching(/^[a-z]{2,8}$/);
  fc.assert(
    fc.property(word, fc.nat(), fc.constantFrom('x', 'y'), (text, n, letter) => {
      const at = n % text.length;
      expect(withinOneEdit(text, text.slice(0, at) + text.slice(at + 1))).toBe(true);
      expect(withinOneEdit(text, text.slice(0, at) + letter + text.slice(at))).toBe(true);
      expect(withinOneEdit(text, text.slice(0, at) + letter + text.slice(at + 1))).toBe(true);
      expect(withinOneEdit(text, `${text}12`)).toBe(false);
      expect(withinOneEdit(text, `1${text}2`)).toBe(false);
    }),
  );
  expect(withinOneEdit('familyname', 'famliyname')).toBe(true);
  expect(withinOneEdit('phone', 'sms')).toBe(false);
});

it('the made-up tables are CSV as the standard has it', () => {
  expect(csv([{ a: '1', b: 'x,"y"' }])).toBe('a,b\r\n1,"x,""y"""');
});
