/** A database of the test file's own, open from before its first test until after its last. */
import { afterAll, beforeAll } from 'vitest';
import { connect, type Database } from '../../warehouse/connect.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export interface OwnDatabase {
  readonly db: Database;
  readonly url: string;
}

/** To be called at the top of a test file, or of what it sets up with. */
export function ownDatabase(): OwnDatabase {
  let database: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = connect(database.url);
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });
  return {
    get db() {
      return db;
    },
    get url() {
      return database.url;
    },
  };
}
