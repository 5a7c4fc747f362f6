/** Users in a database of the test file's own, by a clock that the test holds: everybody got their first credential at `BEGAN`. */
import { beforeEach, expect } from 'vitest';
import { type ActingUser, INSTALLATION } from '../../schemas/users.ts';
import { authenticate } from '../../warehouse/authenticate.ts';
import type { Database } from '../../warehouse/connect.ts';
import { makeCredential } from '../../warehouse/credentials.ts';
import { addUser, type IssuedCredential } from '../../warehouse/users.ts';
import { ownDatabase } from './own-database.ts';

export const BEGAN = '2024-07-01T09:00:00+08:00';
export const OPS: ActingUser = { name: 'ops', role: 'ops', institutionCode: null };
export const LIN: ActingUser = { name: 'lin', role: 'bureau', institutionCode: null };

/** @returns minutes after everybody began */
export const after = (minutes: number, milliseconds = 0): string =>
  new Date(Date.parse(BEGAN) + minutes * 60_000 + milliseconds).toISOString();
export const days = (count: number, milliseconds = 0): string => after(count * 24 * 60, milliseconds);
export const rules = (now: string) => ({ now, idleDays: 90 });
/** What an ops person, or another, asks for. */
export const asks = (by: ActingUser = OPS, now = BEGAN) => ({ ...rules(now), by });

/** People of the bureau beside an ops person, in whichever database. */
export async function addBureau(db: Database, names: readonly string[]): Promise<void> {
  await addUser(db, OPS, { ...rules(BEGAN), by: INSTALLATION });
  for (const name of names) await addUser(db, { ...LIN, name }, asks());
}

/** Fails unless the sign-in is refused, as any is. */
export const refused = (signIn: Promise<unknown>): Promise<void> =>
  expect(signIn).rejects.toMatchObject({ name: 'UserRefusedError', code: 'user-not-accepted' });

export interface UserWorld {
  readonly db: Database;
  readonly url: string;
  first(): Promise<IssuedCredential>;
  withLin(): Promise<{ ops: IssuedCredential; lin: IssuedCredential }>;
  enter(user: { name: string; credential: string }, now: string): Promise<ActingUser>;
  /** With another credential. */
  wrongly(user: { name: string }, now: string): Promise<ActingUser>;
  /** The last row of the audit trail. */
  newest(): Promise<{ actor: string; action: string; subject: string; detail: object }>;
}

/** For a whole test file; each test begins without a user. */
export function userWorld(): UserWorld {
  const own = ownDatabase();
  beforeEach(async () => {
    await own.db.raw(`ALTER TABLE ops.app_user DISABLE TRIGGER app_user_stays; DELETE FROM ops.app_user;
                  ALTER TABLE ops.app_user ENABLE TRIGGER app_user_stays`);
  });
  const first = () => addUser(own.db, OPS, { ...rules(BEGAN), by: INSTALLATION });
  const enter: UserWorld['enter'] = (user, now) => authenticate(own.db, user, rules(now));
  return {
    get db() {
      return own.db;
    },
    get url() {
      return own.url;
    },
    first,
    withLin: async () => ({ ops: await first(), lin: await addUser(own.db, LIN, asks()) }),
    enter,
    wrongly: ({ name }, now) => enter({ name, credential: makeCredential() }, now),
    newest: () => own.db('ops.audit').orderBy('id', 'desc').first('actor', 'action', 'subject', 'detail'),
  };
}
