import { contextAt } from '../../support/handover.ts';
import {
  type BundleInbox,
  filesOf,
  makeBundleInbox,
  type Roster,
  rosterOf,
  zipFiles,
} from '../../support/oneroster.ts';
import type { Harness } from '../harness.ts';
import { contentsOf, traceOf } from './folder.ts';

type Files = Record<string, string>;

const without = (files: Files, name: string): Files =>
  Object.fromEntries(Object.entries(files).filter(([n]) => n !== name));

/** What becomes of the files of a bundle that fails in a way. */
const FAULTS: Readonly<Record<string, { code: string; change: (files: Files) => Files }>> = {
  'no manifest': { code: 'oneroster-manifest-missing', change: (f) => without(f, 'manifest.csv') },
  'a version of its own': {
    code: 'oneroster-manifest-broken',
    change: (f) => ({
      ...f,
      'manifest.csv': f['manifest.csv']!.replace(/oneroster.version,1../, 'oneroster.version,2.0'),
    }),
  },
  'a file that its manifest names and that is not there': {
    code: 'oneroster-file-missing',
    change: (f) => without(f, 'users.csv'),
  },
  'a file that its manifest calls absent': {
    code: 'oneroster-manifest-contradicts',
    change: (f) => ({ ...f, 'manifest.csv': f['manifest.csv']!.replace('demographics,bulk', 'demographics,absent') }),
  },
  'no column for names': {
    code: 'oneroster-column-missing',
    change: (f) => ({ ...f, 'users.csv': f['users.csv']!.replace('familyName', 'surname') }),
  },
  'two columns of ids': {
    code: 'oneroster-column-twice',
    change: (f) => ({ ...f, 'users.csv': f['users.csv']!.replace('username', 'sourcedId') }),
  },
  'a quote that is never closed': {
    code: 'file-quotes-broken',
    change: (f) => ({ ...f, 'users.csv': `${f['users.csv']}\n"U1,` }),
  },
  'nobody in a complete bundle': {
    code: 'api-empty',
    change: (f) => ({
      ...f,
      'users.csv': f['users.csv']!.split('\r\n')[0]!,
      'roles.csv': f['roles.csv']?.split('\r\n')[0] ?? '',
    }),
  },
};

interface Variant {
  variant: string;
  version: Roster['version'];
  /** Several files; else one ZIP. */
  several: boolean;
  put(inbox: BundleInbox, files: Files): Promise<void>;
}

function harness({ variant, version, several, put }: Variant): Harness {
  return {
    type: 'oneroster-files',
    variant,
    complete: true,
    moment: 'source',
    json: false,
    server: false,
    schools: true,
    several,
    leaves: true,
    notWhole: 'a file that its manifest names and that is not there',
    faults: Object.fromEntries(Object.entries(FAULTS).map(([fault, { code }]) => [fault, code])),
    async start(records) {
      const roster = rosterOf(records, version);
      const inbox = await makeBundleInbox();
      const kept = (files: Files): Files => (version === '1.1' ? without(files, 'roles.csv') : files);
      await put(inbox, filesOf(roster));
      return {
        connector: inbox.open(),
        marks: Array.from({ length: records }, (_, i) => `U${i}@064601`),
        markOf: (row) => row.values.staffId,
        fields: Object.entries(roster.tables).flatMap(([table, rows]) =>
          Object.keys(rows[0]!)
            .filter((column) => column !== 'password')
            .map((column) => `${table}.${column}`),
        ),
        secrets: ['A123456789', '王小明', '小明U', '0912345678', 'never-to-be-read', 'login-U', '1981-05-06'],
        trace: () => traceOf(inbox.path),
        sent: () => contentsOf(inbox.path),
        async repeatRow() {
          roster.tables.users!.push(roster.tables.users![0]!);
          await put(inbox, filesOf(roster));
          return 'U0@064601';
        },
        async foreignRow() {
          const { users, roles } = roster.tables;
          if (roles) roles[1]!.orgSourcedId = 'o9';
          else users![1]!.orgSourcedIds = 'o9';
          await put(inbox, filesOf(roster));
          return 'U1@064609';
        },
        async addField(name) {
          for (const row of roster.tables.users!) Object.defineProperty(row, name, { value: 'x', enumerable: true });
          await put(inbox, filesOf(roster));
        },
        async breakRow() {
          const files = filesOf(roster);
          const lines = files['users.csv']!.split('\r\n');
          lines[3] += ',one cell too many';
          await put(inbox, { ...files, 'users.csv': lines.join('\r\n') });
          return 'U2@064601';
        },
        async fail(fault) {
          const before = inbox.open();
          for (const part of await before.discover(contextAt())) await before.settle(part);
          await put(inbox, kept(FAULTS[fault]!.change(filesOf(roster))));
        },
        close: () => inbox.remove(),
      };
    },
  };
}

export const oneRosterZip = harness({
  variant: '1.2, a ZIP',
  version: '1.2',
  several: false,
  put: (inbox, files) => inbox.put('oneroster.zip', zipFiles(files)),
});

export const oneRosterFolder = harness({
  variant: '1.1, a folder',
  version: '1.1',
  several: true,
  async put(inbox, files) {
    for (const [name, content] of Object.entries(files)) await inbox.put(`export/${name}`, content);
  },
});
