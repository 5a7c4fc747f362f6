/**
 * Who are you? Five wrong credentials in a row lock a user for 15 minutes, and who was away for long is let in no more (附表十). Whatever is wrong, the
 * answer is one and takes alike long; why, the audit trail alone says. Counts in a transaction of its own: a command that fails afterwards takes
 * nothing back.
 */
import { isStorable } from '../schemas/storable.ts';
import { UserRefusedError } from '../schemas/user-error.ts';
import { type ActingUser, type Role, UNKNOWN, UNPROVEN } from '../schemas/users.ts';
import { appendAudit } from './audit.ts';
import type { Database, Transaction } from './connect.ts';
import { matchesCredential, type StoredCredential } from './credentials.ts';

export const MOST_FAILURES = 5;
export const LOCK_MINUTES = 15;

/** By what a user is judged: the moment, and the days after which who was away is not let in. */
export interface UserRules {
  /** ISO moment. */
  now: string;
  idleDays: number;
}

interface Presented {
  name: string;
  credential: string;
}
interface UserState extends StoredCredential {
  role: Role;
  institution_code: string | null;
  failures: number;
  disabled: boolean;
  idle: boolean;
  locked: boolean;
  lock_over: boolean;
}
type Refusal = 'unknown-user' | 'wrong-credential' | 'locked' | 'disabled' | 'idle';

/** In SQL, with `:now` and `:idleDays`: whoever was let in, or got a credential, last so long ago. */
export const IDLE = `CAST(:now AS timestamptz) >= greatest(credential_set_at, last_used_at) + make_interval(days => :idleDays)`;
/** In SQL, with `:now`. */
export const LOCKED = `coalesce(locked_until > CAST(:now AS timestamptz), false)`;

/** The lock comes first: while it holds nothing counts, right or wrong. */
function refusalOf(user: UserState | undefined, right: boolean): Refusal | null {
  if (!user) return 'unknown-user';
  if (user.locked) return 'locked';
  if (!right) return 'wrong-credential';
  if (user.disabled) return 'disabled';
  return user.idle ? 'idle' : null;
}

async function letIn(trx: Transaction, name: string, now: string): Promise<void> {
  await trx.raw(
    `UPDATE ops.app_user SET failures = 0, locked_until = NULL, last_used_at = greatest(last_used_at, ?::timestamptz) WHERE name = ?`,
    [now, name],
  );
}

async function refuse(
  trx: Transaction,
  name: string,
  user: UserState | undefined,
  why: Refusal,
  now: string,
): Promise<void> {
  const before = user?.failures ?? 0;
  const failures = why === 'wrong-credential' ? (user?.lock_over ? 0 : before) + 1 : before;
  const locks = why === 'wrong-credential' && failures >= MOST_FAILURES;
  await trx.raw(
    `UPDATE ops.app_user SET failures = :failures,
       locked_until = CASE WHEN :counts THEN CASE WHEN :locks THEN CAST(:now AS timestamptz) + make_interval(mins => :minutes) END ELSE locked_until END
     WHERE name = :name`,
    { failures, counts: why === 'wrong-credential', locks, now, minutes: LOCK_MINUTES, name },
  );
  // A name that nobody has may be anything that was typed there, a credential too.
  const subject = `user:${user ? name : UNKNOWN}`;
  const detail = { why, failures, ...(locks && { lockedForMinutes: LOCK_MINUTES }) };
  await appendAudit(trx, { at: now, actor: UNPROVEN, action: 'sign-in-refused', subject, detail });
}

/**
 * @param db no transaction: a failure is counted whatever becomes of what surrounds it
 * @throws UserRefusedError (`user-not-accepted`), the same whatever was wrong
 */
export async function authenticate(
  db: Database,
  { name: typed, credential }: Presented,
  { now, idleDays }: UserRules,
): Promise<ActingUser> {
  if (db.isTransaction) throw new Error('authenticate: expected the database, not a transaction that may be undone');
  // What PostgreSQL could not even look for is nobody's name.
  const name = isStorable(typed) ? typed : '';
  const presented: StoredCredential | undefined = await db('ops.app_user')
    .where({ name })
    .first('credential_salt', 'credential_hash');
  // Outside the transaction: nobody waits for somebody else's scrypt with a row locked.
  const matches = await matchesCredential(presented ?? null, credential);
  const user = await db.transaction(async (trx): Promise<UserState | null> => {
    const { rows } = await trx.raw(
      `SELECT role, institution_code, credential_salt, credential_hash, failures, disabled_at IS NOT NULL AS disabled, ${IDLE} AS idle,
              ${LOCKED} AS locked, coalesce(locked_until <= CAST(:now AS timestamptz), false) AS lock_over
       FROM ops.app_user WHERE name = :name FOR UPDATE`,
      { name, now, idleDays },
    );
    const found = rows[0] as UserState | undefined;
    // Renewed meanwhile: what matched is not the credential any more.
    const right = matches && found !== undefined && presented?.credential_salt.equals(found.credential_salt) === true;
    const why = refusalOf(found, right);
    if (why === null) await letIn(trx, name, now);
    else await refuse(trx, name, found, why, now);
    return why === null ? (found ?? null) : null;
  });
  if (user === null)
    throw new UserRefusedError('user-not-accepted', { failures: MOST_FAILURES, minutes: LOCK_MINUTES });
  return { name, role: user.role, institutionCode: user.institution_code };
}
