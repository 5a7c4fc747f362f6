/** What `mingce users list --json` answers. Never a credential, nor what is kept of one. */
import { z } from 'zod';
import { ROLES } from '../users.ts';
import { moment } from './sync-result.ts';

export const USER_STATUSES = ['active', 'locked', 'idle', 'disabled'] as const;

export const userLine = z.strictObject({
  name: z.string(),
  role: z.enum(ROLES),
  /** The one institution that a person of role school speaks for. */
  institutionCode: z.string().nullable(),
  /** `locked`: for 15 minutes after five failures. `idle`: away for `users.idleDays`, until the credential is renewed. */
  status: z.enum(USER_STATUSES),
  createdAt: moment,
  /** Name of the ops person, or `installation`. */
  createdBy: z.string(),
  credentialSetAt: moment,
  lastUsedAt: moment.nullable(),
  lockedUntil: moment.nullable(),
  disabledAt: moment.nullable(),
  disabledWhy: z.string().nullable(),
});
export type UserLine = z.infer<typeof userLine>;

export const userList = z.array(userLine);
