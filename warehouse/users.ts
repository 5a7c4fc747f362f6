/**
 * The life of a user: added, renewed, disabled, never deleted. Each step is asked for by an ops person who was authenticated, or by the installation (whoever
 * holds the machine and its keys) for the first user and for recovery; it and its audit row are one transaction. Steps wait for each other, so that two
 * ops persons cannot disable one another and leave none.
 */
import type { UserLine } from '../schemas/outputs/user-list.ts';
import { UserRequestError } from '../schemas/user-error.ts';
import { type ActingUser, INSTALLATION, institutionCode, type Role, userName } from '../schemas/users.ts';
import { appendAudit } from './audit.ts';
import { IDLE, LOCKED, type UserRules } from './authenticate.ts';
import type { Database, Transaction } from './connect.ts';
import { makeCredential, sealCredential } from './credentials.ts';
import { holdToRole } from './hold-to-role.ts';

export type UserAdmin = ActingUser | typeof INSTALLATION;
export interface AdminRequest extends UserRules {
  by: UserAdmin;
}

export interface NewUser {
  name: string;
  role: Role;
  /** Must be given for role school, and for no other. */
  institutionCode: string | null;
}

/** Shown once to whoever asked for it, and kept nowhere. */
export interface IssuedCredential {
  name: string;
  credential: string;
}

const nameOf = (by: UserAdmin): string => (by === INSTALLATION ? INSTALLATION : by.name);

/** One step after the other. Whoever asks may have been disabled since they were let in. */
async function begin(trx: Transaction, by: UserAdmin): Promise<void> {
  await trx.raw(`SELECT pg_advisory_xact_lock(hashtextextended('ops.app_user', 0))`);
  if (by !== INSTALLATION) await holdToRole(trx, by, ['ops']);
}

/** @throws UserRequestError */
function check({ name, role, institutionCode: code }: NewUser): void {
  if (!userName.safeParse(name).success) throw new UserRequestError('user-name-unfit');
  if ((role === 'school') !== (code !== null)) throw new UserRequestError('user-institution');
  if (code !== null && !institutionCode.safeParse(code).success) throw new UserRequestError('user-institution');
}

async function insert(trx: Transaction, user: NewUser, { by, now }: AdminRequest, credential: string): Promise<void> {
  const { rowCount } = await trx.raw(
    `INSERT INTO ops.app_user (name, role, institution_code, credential_hash, credential_salt, credential_set_at, created_at, created_by)
     VALUES (:name, :role, :code, :credential_hash, :credential_salt, :now, :now, :by) ON CONFLICT DO NOTHING`,
    { ...user, code: user.institutionCode, ...(await sealCredential(credential)), now, by: nameOf(by) },
  );
  if (rowCount === 0) throw new UserRequestError('user-exists', { name: user.name });
}

/**
 * The first user of an empty installation is an ops person and may be asked for by the installation; all others by an ops person.
 * @throws UserRequestError for a name, role or institution that cannot be; UserRefusedError where `by` may not
 */
export async function addUser(db: Database, user: NewUser, request: AdminRequest): Promise<IssuedCredential> {
  check(user);
  const credential = makeCredential();
  await db.transaction(async (trx) => {
    await begin(trx, request.by);
    if (request.by === INSTALLATION) {
      if (await trx('ops.app_user').first('name')) throw new UserRequestError('user-as-needed');
      if (user.role !== 'ops') throw new UserRequestError('user-first-is-ops');
    }
    await insert(trx, user, request, credential);
    await tell(trx, request, 'user-added', user.name, { role: user.role, institution: user.institutionCode });
  });
  return { name: user.name, credential };
}

/**
 * When no ops person can sign in any more: whoever holds the machine and its keys makes a new one. All other ops persons are disabled: their credentials are
 * lost, perhaps into somebody's hands, and a recovery that was not needed is noticed at once.
 */
export async function recoverOps(db: Database, name: string, rules: UserRules): Promise<IssuedCredential> {
  const user: NewUser = { name, role: 'ops', institutionCode: null };
  const request: AdminRequest = { ...rules, by: INSTALLATION };
  check(user);
  const credential = makeCredential();
  await db.transaction(async (trx) => {
    await begin(trx, INSTALLATION);
    const lost: string[] = await trx('ops.app_user')
      .where({ role: 'ops' })
      .whereNull('disabled_at')
      .orderBy('name')
      .pluck('name');
    for (const each of lost) await disable(trx, each, 'recovery', request);
    await insert(trx, user, request, credential);
    await tell(trx, request, 'user-added', name, { role: 'ops', institution: null, recovery: true });
  });
  return { name, credential };
}

/** @throws UserRequestError */
async function known(trx: Transaction, name: string): Promise<{ role: Role; disabled: boolean }> {
  const found =
    userName.safeParse(name).success && (await trx('ops.app_user').where({ name }).first('role', 'disabled_at'));
  if (!found) throw new UserRequestError('user-unknown');
  return { role: found.role, disabled: found.disabled_at !== null };
}

async function disable(trx: Transaction, name: string, reason: string, request: AdminRequest): Promise<void> {
  await trx('ops.app_user').where({ name }).update({ disabled_at: request.now, disabled_why: reason });
  await tell(trx, request, 'user-disabled', name, { reason });
}

/**
 * @param reason kept, and part of the audit trail: it holds no identifier
 * @throws UserRequestError for one who is unknown or disabled already, and for the last ops person who can sign in; UserRefusedError where `by` may not
 */
export async function disableUser(
  db: Database,
  { name, reason }: { name: string; reason: string },
  request: AdminRequest & { by: ActingUser },
): Promise<void> {
  await db.transaction(async (trx) => {
    await begin(trx, request.by);
    const user = await known(trx, name);
    if (user.disabled) throw new UserRequestError('user-disabled-already', { name });
    if (user.role === 'ops') {
      const { now, idleDays } = request;
      const { rows } = await trx.raw(
        `SELECT 1 FROM ops.app_user WHERE role = 'ops' AND disabled_at IS NULL AND name <> :name AND NOT ${IDLE} LIMIT 1`,
        { name, now, idleDays },
      );
      if (rows.length === 0) throw new UserRequestError('user-last-ops', { name });
    }
    await disable(trx, name, reason, request);
  });
}

/**
 * A new credential; the old one counts no more. Whoever is locked or was away is let in with it.
 * @param enable also where the user was disabled: said on purpose, for one who left may ask as one who forgot
 * @throws UserRequestError for one who is unknown, or disabled and not to be enabled; UserRefusedError where `by` may not
 */
export async function renewCredential(
  db: Database,
  { name, enable = false }: { name: string; enable?: boolean },
  request: AdminRequest & { by: ActingUser },
): Promise<IssuedCredential> {
  const credential = makeCredential();
  await db.transaction(async (trx) => {
    await begin(trx, request.by);
    const { disabled } = await known(trx, name);
    if (disabled && !enable) throw new UserRequestError('user-is-disabled', { name });
    await trx('ops.app_user')
      .where({ name })
      .update({
        ...(await sealCredential(credential)),
        credential_set_at: request.now,
        failures: 0,
        locked_until: null,
        disabled_at: null,
        disabled_why: null,
      });
    await tell(trx, request, 'user-renewed', name, { enabled: disabled });
  });
  return { name, credential };
}

const tell = (
  trx: Transaction,
  { by, now }: AdminRequest,
  action: string,
  name: string,
  detail: Parameters<typeof appendAudit>[1]['detail'],
): Promise<unknown> => appendAudit(trx, { at: now, actor: nameOf(by), action, subject: `user:${name}`, detail });

/** All users by name, disabled ones too. */
export async function listUsers(db: Database, { now, idleDays }: UserRules): Promise<UserLine[]> {
  const { rows } = await db.raw(
    `SELECT name, role, institution_code AS "institutionCode",
            CASE WHEN disabled_at IS NOT NULL THEN 'disabled' WHEN ${IDLE} THEN 'idle' WHEN ${LOCKED} THEN 'locked' ELSE 'active' END AS status,
            created_at AS "createdAt", created_by AS "createdBy", credential_set_at AS "credentialSetAt", last_used_at AS "lastUsedAt",
            CASE WHEN ${LOCKED} THEN locked_until END AS "lockedUntil", disabled_at AS "disabledAt", disabled_why AS "disabledWhy"
     FROM ops.app_user ORDER BY name COLLATE "C"`,
    { now, idleDays },
  );
  return rows;
}
