import { createPostgresBackend, Queue, runMigrations, Worker } from 'bullmq';
import knex from 'knex';
import pg from 'pg';
import { expect } from 'vitest';
import { until } from '../../support/until.ts';
import { queryValue, test } from './embedded-test.ts';

test('pg takes the URL as it is', async ({ home, open }) => {
  const client = new pg.Client({ connectionString: (await open(home)).url });
  await client.connect();
  expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
  await client.end();
});

test('knex takes the URL as it is', async ({ home, open }) => {
  const database = knex({ client: 'pg', connection: (await open(home)).url });
  expect(await database.select(database.raw('1 as n'))).toEqual([{ n: 1 }]);
  await database.destroy();
});

test('BullMQ takes the URL as it is, and runs a job', async ({ home, open }) => {
  const connectionString = (await open(home)).url;
  const client = new pg.Client({ connectionString });
  await client.connect();
  await runMigrations(client, 'bullmq');
  await client.end();
  const connection = { connectionString, schema: 'bullmq' };
  const queue = new Queue('greetings', { connection }, createPostgresBackend);
  const worker = new Worker('greetings', async (job) => `${job.data} 早`, { connection }, createPostgresBackend);
  const greeting = new Promise((resolve) => worker.on('completed', (_job, result) => resolve(result)));
  await queue.add('greet', '老師');
  expect(await greeting).toBe('老師 早');
  await worker.close();
  await queue.close();
  const others = `select count(*)::int from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid()`;
  await until('its connections are gone', async () => (await queryValue(connectionString, others)) === 0);
});
