/** Of a source's configuration, what decides how its bytes are read: not where they lie, how they are fetched or when they are expected. */
import type { SourceConfig } from './config.ts';

type Key = SourceConfig extends infer T ? (T extends SourceConfig ? keyof T : never) : never;

/** A key that is not listed counts as one that changes the reading: then bytes are read once more for nothing, and nothing is missed. */
const WAY_IN = [
  'name',
  'path',
  'inbox',
  'sftp',
  'receipts',
  'handedInBy',
  'maxBytes',
  'stableSeconds',
  'expectEveryDays',
  'url',
  'tokenUrl',
  'clientId',
  'clientSecretEnv',
  'credentialsIn',
  'scope',
  'pageSize',
  'requestTimeoutSeconds',
  'walkTimeoutSeconds',
  'maxResponseBytes',
  'maxRetryAfterSeconds',
  'retryPauseSeconds',
  'parallelLists',
  'delta',
  'completeEveryNights',
  'dataPath',
  'servicePath',
  'userFilter',
  'demographics',
  // Told of each delivery by itself: its modes with those that are defaults, and whether it is complete.
  'contract',
  'complete',
] as const satisfies readonly Key[];

const isWayIn = (key: string): boolean => (WAY_IN as readonly string[]).includes(key);

/** @param code of the school whose bytes are read; null for a source of many. @returns JSON, of which only equality matters */
export function configuredReading(config: SourceConfig, code: string | null): Record<string, unknown> {
  const meaning = Object.fromEntries(Object.entries(config).filter(([key]) => !isWayIn(key)));
  if (!('schools' in config) || config.schools === undefined || code === null) return meaning;
  return { ...meaning, schools: ofSchool(config.schools, code) };
}

type Schools = Extract<SourceConfig, { schools?: unknown }>['schools'] & {};

/** What one school's entry says. Where schools are only listed, who is on the list decides about rows. */
function ofSchool(schools: Schools, code: string): unknown {
  if (!Array.isArray(schools)) return schools[code] ?? null;
  const listed: readonly (string | { code: string; section?: unknown })[] = schools;
  return listed.flatMap((school) => {
    if (typeof school === 'string') return [school];
    return school.code === code ? [school.section ?? null] : [];
  });
}
