import { schoolCodeIn } from '../files/school-code.ts';
import { shownTitle } from '../files/shown-name.ts';
import type { RosterOrg } from './roster-user.ts';

/** The school that an organisation is, or is a part of; or why there is none. */
export type SchoolOf = { code: string } | { not: 'unknown' | 'no-code' | 'not-allowed' | 'no-school'; shown: string };

const MAX_CLIMB = 10;

/**
 * Schools by `identifier`, the code of 6 characters. A department or programme belongs to the school above it; a district is none. Only the
 * schools of the configuration are let in: a bundle speaks for those that it was agreed for. An organisation that shall be deleted still tells where its
 * people are: who of them leaves, and why, their own rows must say (R09).
 */
export function schoolIndex(orgs: Iterable<RosterOrg>, allowed: readonly string[]): (orgSourcedId: string) => SchoolOf {
  const known = new Map<string, RosterOrg>();
  for (const org of orgs) known.set(org.sourcedId, org);
  const seen = new Map<string, SchoolOf>();

  const find = (sourcedId: string): SchoolOf => {
    let org = known.get(sourcedId);
    if (!org) return { not: 'unknown', shown: shown(sourcedId) };
    for (let climbed = 0; org && climbed < MAX_CLIMB; climbed++) {
      if (org.type.trim().toLowerCase() === 'school') {
        const code = schoolCodeIn(org.identifier);
        if (code === null) return { not: 'no-code', shown: shown(org.identifier) };
        return allowed.includes(code) ? { code } : { not: 'not-allowed', shown: code };
      }
      org = known.get(org.parentSourcedId);
    }
    return { not: 'no-school', shown: shown(sourcedId) };
  };

  return (sourcedId) => {
    const before = seen.get(sourcedId);
    if (before) return before;
    const found = find(sourcedId);
    seen.set(sourcedId, found);
    return found;
  };
}

/** For people; some vendors use identifiers as ids of anything (I8). */
const shown = (text: string): string => shownTitle(text).slice(0, 40) || '-';
