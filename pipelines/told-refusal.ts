import { UserRefusedError } from '../schemas/user-error.ts';
import type { ActingUser } from '../schemas/users.ts';
import { appendAudit } from '../warehouse/audit.ts';
import type { Database } from '../warehouse/connect.ts';

/** What somebody would decide: `at` is an ISO moment, the subject as the audit trail names it. */
export interface Attempt {
  by: ActingUser;
  at: string;
  subject: string;
}

/**
 * Does what somebody decides. Where they may not, the audit trail says who tried, in a transaction of its own: the refused one is taken back.
 * @throws UserRefusedError
 */
export async function tellRefusal<T>(db: Database, { by, at, subject }: Attempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserRefusedError)) throw error;
    const entry = { at, actor: by.name, action: 'decision-refused', subject, detail: { why: error.code } };
    await db.transaction((trx) => appendAudit(trx, entry));
    throw error;
  }
}
