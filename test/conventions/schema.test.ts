import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { dumpSchema } from '../support/dump-schema.ts';
import { withClient } from '../support/test-server.ts';
import { ROOT, read } from './source-files.ts';

const COMMITTED = 'docs/schema.txt';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('what the migrations make is what docs/schema.txt says (UPDATE_SCHEMA=1 writes it anew)', async () => {
  const made = await dumpSchema(database.url);
  if (process.env.UPDATE_SCHEMA === '1') writeFileSync(join(ROOT, COMMITTED), made);
  expect(made).toBe(read(COMMITTED));
});

it('the dump tells a column, a default, a check, an index and a comment that were not there before', async () => {
  const before = await dumpSchema(database.url);
  await withClient(database.url, (client) =>
    client.query(`
      ALTER TABLE ops.run ADD COLUMN made_up integer NOT NULL DEFAULT 7 CONSTRAINT made_up_is_small CHECK (made_up < 9);
      CREATE INDEX made_up_index ON ops.run (made_up) WHERE made_up > 3;
      COMMENT ON COLUMN ops.run.made_up IS 'for a test';`),
  );
  const known = new Set(before.split('\n'));
  const added = (await dumpSchema(database.url)).split('\n').filter((line) => !known.has(line));
  expect(added).toEqual([
    '  made_up integer NOT NULL DEFAULT 7  -- for a test',
    '  constraint made_up_is_small: CHECK ((made_up < 9))',
    '  index made_up_index: USING btree (made_up) WHERE (made_up > 3)',
  ]);
});
