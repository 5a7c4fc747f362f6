import type { Transaction } from './connect.ts';

/** Work inside a transaction that may be given up without the rest of it. @returns false where it threw what `isGivenUp` knows: then it is undone */
export async function tryWork(
  trx: Transaction,
  work: () => Promise<void>,
  isGivenUp: (error: unknown) => boolean,
): Promise<boolean> {
  await trx.raw('SAVEPOINT work');
  try {
    await work();
  } catch (error) {
    if (!isGivenUp(error)) throw error;
    await trx.raw('ROLLBACK TO SAVEPOINT work');
    return false;
  }
  await trx.raw('RELEASE SAVEPOINT work');
  return true;
}
