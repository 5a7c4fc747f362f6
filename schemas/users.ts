/** People who may decide: what others may rely on knowing of them. */
import { z } from 'zod';
import { sensitiveIn } from './sensitive-text.ts';

/** 教育局, 系統維運, 學校: whoever decides about held changes says which of them may. */
export const ROLES = ['bureau', 'ops', 'school'] as const;
export type Role = (typeof ROLES)[number];

/** A user who gave the right credential. */
export interface ActingUser {
  name: string;
  role: Role;
  /** The one institution that a person of role school speaks for; null for others. */
  institutionCode: string | null;
}

/** Actors of the audit trail that are no users. */
export const INSTALLATION = 'installation';
export const UNPROVEN = 'unproven';
/** Stands in the audit trail for a name that nobody has: people type other things there. */
export const UNKNOWN = 'unknown';

const RESERVED: readonly string[] = [INSTALLATION, UNPROVEN, UNKNOWN];

export const userName = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{1,39}$/)
  .refine((name) => !RESERVED.includes(name) && sensitiveIn(name) === null);

/** A school's code, a kindergarten's in the ministry's list, or its sid; each may name a branch. */
export const institutionCode = z.string().regex(/^(?:\d{3}[0-9A-Z]\d{2}|\d{3}[A-Z][0-9A-Z]{2}|\d{10})(?:-\d{2})?$/);
