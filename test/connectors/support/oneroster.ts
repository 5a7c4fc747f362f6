/** Made-up OneRoster data: tables as columns and rows, put together as a ZIP or as the files of a folder. */
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openConnector } from '../../../connectors/registry.ts';
import { sourceConfig } from '../../../schemas/config.ts';
import { environmentAt } from './environment.ts';
import { temporaryFolder } from './handover.ts';
import { zipOf } from './zip.ts';

export type Cells = Record<string, string>;
export interface Roster {
  version: '1.1' | '1.2';
  /** Of each file that the manifest names. */
  modes: Record<string, string>;
  tables: Record<string, Cells[]>;
}

export const ARRIVED = '2024-08-01T10:00:00+08:00';

export const ORGS: Cells[] = [
  {
    sourcedId: 'city',
    status: '',
    dateLastModified: '',
    name: '臺中市',
    type: 'district',
    identifier: '66',
    parentSourcedId: '',
  },
  {
    sourcedId: 'o1',
    status: '',
    dateLastModified: '',
    name: '豐原國小',
    type: 'school',
    identifier: '064601',
    parentSourcedId: 'city',
  },
  {
    sourcedId: 'o1-dept',
    status: '',
    dateLastModified: '',
    name: '資源班',
    type: 'department',
    identifier: '',
    parentSourcedId: 'o1',
  },
  {
    sourcedId: 'o2',
    status: '',
    dateLastModified: '',
    name: '瑞穗國小',
    type: 'school',
    identifier: '64602',
    parentSourcedId: 'city',
  },
  {
    sourcedId: 'o9',
    status: '',
    dateLastModified: '',
    name: '別的國小',
    type: 'school',
    identifier: '064609',
    parentSourcedId: 'city',
  },
];

export const user = (id: string, changes: Cells = {}): Cells => ({
  sourcedId: id,
  status: '',
  dateLastModified: '',
  enabledUser: 'true',
  username: `login-${id}`,
  userIds: `{LDAP:login-${id}},{NationalID:A123456789}`,
  givenName: `小明${id}`,
  familyName: '王',
  email: `${id}@tc.edu.tw`,
  sms: '0912345678',
  password: 'never-to-be-read',
  ...changes,
});

export const role = (id: string, changes: Cells = {}): Cells => ({
  sourcedId: `r-${id}`,
  status: '',
  dateLastModified: '',
  userSourcedId: id,
  roleType: 'primary',
  role: 'teacher',
  beginDate: '',
  endDate: '',
  orgSourcedId: 'o1',
  ...changes,
});

export const demographics = (id: string, changes: Cells = {}): Cells => ({
  sourcedId: id,
  status: '',
  dateLastModified: '',
  birthDate: '1981-05-06',
  sex: 'female',
  ...changes,
});

/** As many teachers of one school, and a student for each. */
export function rosterOf(count: number, version: Roster['version'] = '1.2'): Roster {
  const teachers = Array.from({ length: count }, (_, i) => `U${i}`);
  const students = teachers.map((id) => `S${id}`);
  const all = [...teachers, ...students];
  const kind = (id: string): string => (id.startsWith('S') ? 'student' : 'teacher');
  const users = all.map((id) => user(id, version === '1.1' ? { role: kind(id), orgSourcedIds: 'o1' } : {}));
  const roles = all.map((id) => role(id, { role: kind(id) }));
  const tables: Roster['tables'] = {
    orgs: ORGS.map((org) => ({ ...org })),
    users,
    demographics: all.map((id) => demographics(id)),
  };
  if (version === '1.2') tables.roles = roles;
  return { version, modes: Object.fromEntries(Object.keys(tables).map((table) => [table, 'bulk'])), tables };
}

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const csv = (rows: readonly Cells[]): string => {
  const columns = Object.keys(rows[0] ?? { sourcedId: '' });
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => cells.map(cell).join(','))
    .join('\r\n');
};

/** Content of each file of a bundle, manifest and all. */
export function filesOf({ version, modes, tables }: Roster): Record<string, string> {
  const properties = [
    ['propertyName', 'value'],
    ['manifest.version', '1.0'],
    ['oneroster.version', version],
    ...Object.entries(modes).map(([table, mode]) => [`file.${table}`, mode]),
    ['file.classes', 'absent'],
    ['source.systemName', 'Made-up SIS'],
  ];
  const files = Object.entries(tables).map(([table, rows]) => [`${table}.csv`, csv(rows)] as const);
  return { 'manifest.csv': properties.map((pair) => pair.join(',')).join('\r\n'), ...Object.fromEntries(files) };
}

export const zipFiles = (files: Record<string, string>): Buffer =>
  zipOf(Object.entries(files).map(([name, content]) => ({ name, content })));

export interface BundleInbox {
  path: string;
  put(name: string, content: string | Uint8Array, arrived?: string): Promise<void>;
  /** A ZIP of that name. */
  putZip(roster: Roster, name?: string, arrived?: string): Promise<void>;
  /** The files of a folder. */
  putFolder(roster: Roster, folder: string, arrived?: string): Promise<void>;
  open(changes?: Record<string, unknown>): ReturnType<typeof openConnector>;
  remove(): Promise<void>;
}

export async function makeBundleInbox(): Promise<BundleInbox> {
  const { path, remove } = await temporaryFolder();
  const put: BundleInbox['put'] = async (name, content, arrived = ARRIVED) => {
    const full = join(path, name);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, content);
    await utimes(full, new Date(arrived), new Date(arrived));
  };
  return {
    path,
    remove,
    put,
    putZip: (roster, name = 'oneroster.zip', arrived) => put(name, zipFiles(filesOf(roster)), arrived),
    async putFolder(roster, folder, arrived) {
      for (const [name, content] of Object.entries(filesOf(roster))) await put(`${folder}/${name}`, content, arrived);
    },
    open: (changes = {}) =>
      openConnector(
        sourceConfig.parse({
          type: 'oneroster-files',
          name: 'oneroster',
          inbox: '.',
          schools: ['064601', '064602'],
          identifier: { userIdType: 'NationalID' },
          ...changes,
        }),
        environmentAt(path),
      ),
  };
}
