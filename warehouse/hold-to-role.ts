import { UserRefusedError } from '../schemas/user-error.ts';
import type { ActingUser, Role } from '../schemas/users.ts';
import type { Transaction } from './connect.ts';

/**
 * First in the transaction of what somebody decides: they have one of the roles, and were not disabled since they were let in. Until it ends nobody disables
 * them, so a decision is before that or not made at all.
 * @throws UserRefusedError (`user-not-allowed`)
 */
export async function holdToRole(trx: Transaction, { name }: ActingUser, roles: readonly Role[]): Promise<void> {
  const { rows } = await trx.raw(
    'SELECT 1 FROM ops.app_user WHERE name = ? AND role = ANY (?) AND disabled_at IS NULL FOR SHARE',
    [name, [...roles]],
  );
  if (rows.length === 0) throw new UserRefusedError('user-not-allowed', { name, roles: roles.join(', ') });
}
