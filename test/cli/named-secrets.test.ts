/** Secrets that are missing are told before anything begins, wherever the configuration names them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { missingSecrets, namedSecrets } from '../../cli/named-secrets.ts';
import { type SchemaNode, schemaNode } from '../../cli/schema-node.ts';
import { configSchema } from '../../schemas/config.ts';
import { connect } from '../../warehouse/connect.ts';
import { makeKeyFile } from '../../warehouse/key-file.ts';
import { makeSshKey } from '../connectors/support/ssh-key.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runMingce } from '../support/run-mingce.ts';

const URL = 'http://127.0.0.1:1';
const SFTP = { host: '127.0.0.1', user: 'mingce', hostKey: `SHA256:${'A'.repeat(43)}`, folder: '/in' };
const FILE_SOURCES = ['roster-files', 'account-files', 'course-files', 'oneroster-files', 'kindergarten-map'] as const;
const schools = (type: string) => (type === 'oneroster-files' ? { schools: ['064601'] } : {});

/** Every kind of source that names a secret, with every secret that it can name. */
const EVERYTHING = {
  sources: [
    { type: 'care-system', name: 'care', url: URL, clientId: 'a', clientSecretEnv: 'SECRET_OF_CARE' },
    {
      type: 'cloudschool',
      name: 'cloud',
      url: URL,
      schools: [
        { code: '064601', clientId: 'a', clientSecretEnv: 'SECRET_OF_064601' },
        { code: '064602', clientId: 'b', clientSecretEnv: 'SECRET_OF_064602' },
      ],
    },
    {
      type: 'oneroster-api',
      name: 'api',
      url: URL,
      schools: ['064601'],
      version: '1.1',
      clientId: 'a',
      clientSecretEnv: 'SECRET_OF_API',
    },
    ...FILE_SOURCES.flatMap((type, i) => [
      { type, name: `password-${i}`, ...schools(type), sftp: { ...SFTP, passwordEnv: `PASSWORD_${i}` } },
      { type, name: `key-${i}`, ...schools(type), sftp: { ...SFTP, keyFile: `id-${i}` } },
    ]),
  ],
  webhooks: [
    { consumer: 'planning-teacher', url: `${URL}/told`, kinds: ['teacher-plan'], secretEnv: 'SECRET_OF_A_WEBHOOK' },
  ],
};

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mingce-secrets-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

/** Paths of the schema, `care-system sources[].clientSecretEnv`, with what stands there. */
function keysOf(node: SchemaNode, at: string, type = ''): [string, SchemaNode][] {
  const kind = String(node.properties?.type?.const ?? type);
  const below = Object.entries(node.properties ?? {}).flatMap(([name, inner]): [string, SchemaNode][] => {
    const key = at === '' ? name : `${at}.${name}`;
    return [[`${kind} ${key}`.trim(), inner], ...keysOf(inner, key, kind)];
  });
  const shapes = [...(node.oneOf ?? []), ...(node.anyOf ?? [])].flatMap((shape) => keysOf(shape, at, kind));
  const map = node.additionalProperties;
  return [
    ...below,
    ...shapes,
    ...(node.items ? keysOf(node.items, `${at}[]`, kind) : []),
    ...(typeof map === 'object' ? keysOf(map, `${at}.*`, kind) : []),
  ];
}

it('every key of the schema that ends in Env names a secret, and so does every key file', () => {
  const named = keysOf(schemaNode(configSchema, null), '').filter(([key]) => /(Env|[kK]eyFile)$/.test(key));
  expect(named.length).toBeGreaterThan(12);
  expect(named.filter(([, { secret }]) => secret === undefined)).toEqual([]);
  // Found in a configuration too, each of them: a new kind of source must be added above.
  const config = configSchema.parse(EVERYTHING);
  const found = namedSecrets(config).map(({ key }) => {
    const source = config.sources[Number(/^sources\[(\d+)\]/.exec(key)?.[1])];
    return `${source?.type ?? ''} ${key.replaceAll(/\[\d+\]/g, '[]')}`.trim();
  });
  expect([...new Set(found)].sort()).toEqual(named.map(([key]) => key).sort());
});

it('all that are missing are told at once, by their keys; those that are there are not', async () => {
  const config = configSchema.parse(EVERYTHING);
  const { private: key } = makeSshKey();
  for (const i of [0, 1, 2, 3]) await writeFile(path.join(folder, `id-${i}`), key);
  await writeFile(path.join(folder, 'id-1'), 'no key at all');
  const set = new Set(['SECRET_OF_CARE', 'SECRET_OF_064601', 'PASSWORD_0', 'PASSWORD_1', 'PASSWORD_2', 'PASSWORD_3']);
  const secret = (name: string): string | null => (set.has(name) ? 'right' : null);
  const lines = await missingSecrets({ config, configDir: folder, secret });
  const unset = 'is not set; expected the secret in it';
  const noKey = 'expected a private key without a passphrase';
  expect(lines).toEqual([
    `sources[1].schools[1].clientSecretEnv: environment variable SECRET_OF_064602 ${unset}`,
    `sources[2].clientSecretEnv: environment variable SECRET_OF_API ${unset}`,
    `sources[6].sftp.keyFile: ${folder}/id-1 cannot be used (not a private key without a passphrase); ${noKey}`,
    `sources[11].sftp.passwordEnv: environment variable PASSWORD_4 ${unset}`,
    `sources[12].sftp.keyFile: ${folder}/id-4 cannot be used (ENOENT); ${noKey}`,
    `webhooks[0].secretEnv: environment variable SECRET_OF_A_WEBHOOK ${unset}`,
  ]);
});

it('a column that somebody calls as a secret is none', () => {
  const roster = { type: 'roster-files', name: 'roster', inbox: 'in', columns: { passwordEnv: 'name' } };
  expect(namedSecrets(configSchema.parse({ sources: [roster] }))).toEqual([]);
});

it.each(['sync', 'start', 'worker'])('mingce %s begins nothing while a secret is missing', async (command) => {
  const config = path.join(folder, 'mingce.yaml');
  const key = path.join(folder, 'mingce.key');
  makeKeyFile(key);
  const list = path.resolve('samples/institutions/schools.csv');
  const healthy = { type: 'institution-list', name: 'schools', path: list, layout: 'schools' };
  await writeFile(config, stringify({ sources: [healthy, EVERYTHING.sources[1], EVERYTHING.sources[3]] }));
  const env = {
    MINGCE_HOME: path.join(folder, 'home'),
    MINGCE_CONFIG: config,
    MINGCE_KEY_FILE: key,
    DATABASE_URL: database.url,
    SECRET_OF_064601: 'geheim-1234',
  };
  const ended = await runMingce(env, command);
  expect([ended.status, ended.out]).toEqual([64, '']);
  expect(ended.err).toContain(
    `${config}: sources[1].schools[1].clientSecretEnv: environment variable SECRET_OF_064602`,
  );
  expect(ended.err).toContain(`${config}: sources[2].sftp.passwordEnv: environment variable PASSWORD_0 is not set`);
  expect(ended.err).not.toContain('geheim-1234');
  const db = connect(database.url);
  try {
    expect((await db.raw('SELECT 1 FROM ops.run')).rows).toEqual([]);
  } finally {
    await db.destroy();
  }
  const look = await runMingce(env, 'runs');
  expect([look.status, look.err]).toEqual([0, '']);
});
