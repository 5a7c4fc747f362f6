import { expect, it } from 'vitest';
import { titleIndex } from '../../connectors/files/title-index.ts';
import { openConnector } from '../../connectors/registry.ts';
import { ACCOUNT_ALIASES, EXTRA_COLUMNS, ROSTER_ALIASES } from '../../samples/inbox/aliases.ts';
import { sourceConfig } from '../../schemas/config.ts';
import { TABLE_SOURCES } from '../../schemas/table-sources.ts';
import { environmentAt } from './support/environment.ts';

const CONFIGS = [
  { type: 'institution-list', name: 'schools', path: 'schools.csv', layout: 'schools' },
  { type: 'care-system', name: 'care', url: 'http://127.0.0.1:1', clientId: 'mingce', clientSecretEnv: 'CARE_SECRET' },
  { type: 'roster-files', name: 'roster', inbox: 'inbox/roster' },
  { type: 'account-files', name: 'accounts', inbox: 'inbox/accounts' },
  {
    type: 'cloudschool',
    name: 'cloud',
    url: 'http://127.0.0.1:1',
    schools: [{ code: '064601', clientId: 'mingce', clientSecretEnv: 'SCHOOL_SECRET' }],
  },
  { type: 'oneroster-files', name: 'oneroster', inbox: 'inbox/oneroster', schools: ['064601'] },
  {
    type: 'oneroster-api',
    name: 'oneroster-api',
    url: 'http://127.0.0.1:1',
    version: '1.2',
    clientId: 'mingce',
    clientSecretEnv: 'ONEROSTER_SECRET',
    schools: ['064601'],
  },
  { type: 'course-files', name: 'courses', inbox: 'inbox/courses' },
  { type: 'kindergarten-map', name: 'map', inbox: 'inbox/map' },
];

const environment = environmentAt('/nowhere', 'secret');

it('opens a connector for every type of source that a configuration may name, touching nothing', () => {
  const types = sourceConfig.options.map((option) => option.shape.type.value);
  expect(CONFIGS.map((config) => config.type).sort()).toEqual(types.sort());
  for (const config of CONFIGS) expect(openConnector(sourceConfig.parse(config), environment).name).toBe(config.name);
});

it('gives rows back as they were sent where people send tables, and nowhere else', () => {
  for (const config of CONFIGS.map((one) => sourceConfig.parse(one)))
    expect(openConnector(config, environment).sentRows !== undefined, config.type).toBe(TABLE_SOURCES.has(config.type));
});

it('asks for a secret when it is opened, not in the middle of the night', () => {
  const secrets = (name: string): string => {
    throw new Error(`${name} is not set`);
  };
  expect(() => openConnector(sourceConfig.parse(CONFIGS[1]), { ...environment, secrets })).toThrow(
    'CARE_SECRET is not set',
  );
});

it('knows every title that the sample files use, and no extra column of theirs', () => {
  for (const [kind, table] of [
    ['staff', ROSTER_ALIASES],
    ['account', ACCOUNT_ALIASES],
  ] as const) {
    const known = titleIndex(kind);
    for (const [canonical, titles] of Object.entries(table)) {
      for (const title of titles) expect(known(title)?.column, `${kind} ${title}`).toBe(known(canonical)!.column);
    }
    for (const title of EXTRA_COLUMNS) expect(known(title)).toBeUndefined();
  }
});
