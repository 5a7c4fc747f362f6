import { expect, it } from 'vitest';
import { secretNames } from '../../cli/secret-names.ts';
import { sourceConfig } from '../../schemas/config.ts';

const address = { url: 'http://127.0.0.1:1' };
const hostKey = `SHA256:${'a'.repeat(43)}`;

it('every variable that a source names is found, of a source, of its server and of each of its schools', () => {
  const sources = [
    { type: 'care-system', name: 'care', ...address, clientId: 'mingce', clientSecretEnv: 'CARE' },
    {
      type: 'cloudschool',
      name: 'cloud',
      ...address,
      schools: ['064601', '064602'].map((code) => ({ code, clientId: code, clientSecretEnv: `SCHOOL_${code}` })),
    },
    { type: 'roster-files', name: 'roster', sftp: { host: 'h', user: 'u', folder: '.', hostKey, passwordEnv: 'SFTP' } },
    { type: 'kindergarten-map', name: 'map', inbox: 'inbox/map' },
  ].map((source) => sourceConfig.parse(source));
  expect(secretNames(sources)).toEqual([
    { source: 'care', key: 'sources[].clientSecretEnv', variable: 'CARE' },
    { source: 'cloud', key: 'sources[].schools[].clientSecretEnv', variable: 'SCHOOL_064601' },
    { source: 'cloud', key: 'sources[].schools[].clientSecretEnv', variable: 'SCHOOL_064602' },
    { source: 'roster', key: 'sources[].sftp.passwordEnv', variable: 'SFTP' },
  ]);
});
