import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { migrate } from '../../warehouse/migrate.ts';
import { dumpSchema } from '../support/dump-schema.ts';
import { urlOfDatabase, withClient } from '../support/test-server.ts';
import { read } from './source-files.ts';

it('PostgreSQL 15 has the very schema that docs/schema.txt says', async () => {
  const server = process.env.MINGCE_TEST_POSTGRES15_URL;
  if (!server) throw new Error('MINGCE_TEST_POSTGRES15_URL is not set; expected the URL of a PostgreSQL 15');
  const name = `mingce_schema_${randomBytes(4).toString('hex')}`;
  await withClient(server, (client) => client.query(`create database ${name} template template0`));
  try {
    const url = urlOfDatabase(server, name);
    await migrate(url);
    expect(await dumpSchema(url)).toBe(read('docs/schema.txt'));
  } finally {
    await withClient(server, (client) => client.query(`drop database ${name} with (force)`));
  }
});
