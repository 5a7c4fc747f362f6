/** Before a run is undone: whether it can be. A refusal is told to whoever asked and kept in the audit trail; the run itself is made by `jobs/start-run.ts`. */
import { RevertError } from '../schemas/revert-error.ts';
import { UserRefusedError } from '../schemas/user-error.ts';
import { appendAudit } from '../warehouse/audit.ts';
import type { Database } from '../warehouse/connect.ts';
import { holdToRole } from '../warehouse/hold-to-role.ts';
import { checkRevertible, type RevertRequest } from '../warehouse/reverts/requests.ts';

/** @throws RevertError, UserRefusedError; WrongRequestError where there is no such run */
export async function checkRevert(db: Database, { run, decision }: RevertRequest): Promise<void> {
  try {
    await db.transaction(async (trx) => {
      if (decision !== null) await holdToRole(trx, decision.by, ['bureau']);
      await checkRevertible(trx, run);
    });
  } catch (error) {
    const told = error instanceof RevertError || error instanceof UserRefusedError;
    if (told && decision !== null) {
      await db.transaction((trx) =>
        appendAudit(trx, {
          at: decision.at,
          actor: decision.by.name,
          action: 'decision-refused',
          subject: `run:${run}`,
          detail: { verdict: 'revert', why: error.code },
        }),
      );
    }
    throw error;
  }
}
