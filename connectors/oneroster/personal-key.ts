import { createHash } from 'node:crypto';

/** Looks like a national id or resident number, wherever it stands. */
const IDENTIFIER = /[A-Z][A-Da-d12489]\d{8}/i;

/**
 * One person at one school: the same over versions and forms of OneRoster, whatever a vendor numbers its roles by. An id that is a person's
 * identifier goes in as its digest only (I8).
 */
export function membershipKey(userSourcedId: string, schoolCode: string): string {
  const text = userSourcedId.normalize('NFKC').trim();
  const id = IDENTIFIER.test(text) || text.length > 80 ? createHash('sha256').update(text).digest('hex') : text;
  return `${id}@${schoolCode}`;
}
