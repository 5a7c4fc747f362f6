import pg from 'pg';
import { expect, test } from 'vitest';
import { createTestDatabase } from './database.ts';
import { withClient } from './test-server.ts';

test('test databases are apart from each other, and made at the same time if need be', async () => {
  const databases = await Promise.all([1, 2, 3].map(() => createTestDatabase()));
  expect(new Set(databases.map(({ url }) => url)).size).toBe(3);
  for (const { url } of databases) await withClient(url, (client) => client.query('create table mine as select 1'));
  for (const database of databases) await database.drop();
  await expect(new pg.Client({ connectionString: databases[0]!.url }).connect()).rejects.toMatchObject({
    code: '3D000',
  });
});

test('a connection that was left open fails the drop and is named; the database is dropped all the same', async () => {
  const { url, drop } = await createTestDatabase();
  const leak = new pg.Client({ connectionString: url, application_name: 'forgetful' });
  await leak.connect();
  const broken = new Promise((resolve) => leak.on('error', resolve));
  await leak.query('select 42');
  await expect(drop()).rejects.toThrow(/1 connections .* left open.*\n {2}\d+ forgetful, idle: select 42/);
  expect(await broken).toBeInstanceOf(Error);
});
