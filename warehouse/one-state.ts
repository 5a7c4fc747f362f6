/** Answers that need several statements. */
import type { Database, Transaction } from './connect.ts';

/** All statements of `read` see one state: what was committed when the first of them began, and nothing that comes meanwhile. */
export const inOneState = <T>(db: Database, read: (state: Transaction) => Promise<T>): Promise<T> =>
  db.transaction(read, { isolationLevel: 'repeatable read', readOnly: true });
