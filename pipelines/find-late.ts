/** Who is late: sources by the configuration, schools by a campaign's deadline for rosters and accounts (R06); who is not addressed is asked for nothing (R05). */
import type { Campaign } from '../schemas/campaign.ts';
import type { Finding } from '../schemas/plan.ts';
import type { Transaction } from '../warehouse/connect.ts';
import { type Expectation, lateSources, receivedSources, schoolUpdates } from '../warehouse/freshness.ts';
import type { SourceSpec } from './land.ts';
import { isAddressed } from './snapshot/scope.ts';

export const expectationsOf = (specs: ReadonlyMap<string, SourceSpec>): Expectation[] =>
  [...specs].map(([source, { expectEveryDays }]) => ({ source, everyDays: expectEveryDays ?? null }));

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Whether what a source handed in ends a matter of being late, which stays open until a run is applied: a dry run lands files, too.
 * @param matter its code and subject: a source, or the campaign whose deadline passed
 */
export function endsLate(
  matter: { code: string; subject: string | null },
  { source, status, as_of: asOf, clock }: { source: string; status: string; as_of: string | null; clock: string },
  spec: SourceSpec | undefined,
  campaigns: readonly Campaign[],
): boolean {
  if (status !== 'fresh' || asOf === null) return false;
  const arrived = Date.parse(asOf);
  if (matter.code === 'source-late')
    return matter.subject === source && Date.parse(clock) - arrived <= (spec?.expectEveryDays ?? 0) * DAY_MS;
  const asked = ASKED.find(({ code }) => code === matter.code);
  if (asked === undefined || !spec || !asked.brings(spec)) return false;
  const from = campaigns.find(({ id }) => id === matter.subject)?.rosterUpdates?.from;
  return from !== undefined && arrived >= Date.parse(from);
}

/** What R06 asks of schools, and the exception of a school that did not send it. */
export const ASKED = [
  {
    code: 'school-late',
    brings: ({ path, kinds }: SourceSpec): boolean => path === 'school' && kinds.includes('staff'),
  },
  { code: 'accounts-late', brings: ({ kinds }: SourceSpec): boolean => kinds.includes('account') },
] as const;

/** Configured sources with what is asked. */
export const dropsWith = (specs: ReadonlyMap<string, SourceSpec>, { brings }: (typeof ASKED)[number]): string[] =>
  [...specs].filter(([, spec]) => brings(spec)).map(([drop]) => drop);

/** One finding for a school, however many sections it has: its file speaks for all of them. */
async function lateSchools(
  trx: Transaction,
  campaign: Campaign,
  { code, drops }: { code: string; drops: string[] },
  clock: string,
): Promise<Finding[]> {
  const { rosterUpdates, schoolYear } = campaign;
  if (!rosterUpdates || Date.parse(clock) < Date.parse(rosterUpdates.until) || clock.slice(0, 10) > schoolYear.through)
    return [];
  const silent = (await schoolUpdates(trx, drops, rosterUpdates.from, clock.slice(0, 10))).filter(
    (school) => school.first === null && isAddressed(campaign, school),
  );
  const schools = Map.groupBy(silent, (school) => school.code);
  return [...schools.values()].map(
    ([school]): Finding => ({
      code,
      institutionKey: school?.key ?? null,
      subject: campaign.id,
      personRef: null,
      params: { until: rosterUpdates.until.slice(0, 16).replace('T', ' '), campaign: campaign.id },
    }),
  );
}

/** @param clock moment of the run */
export async function findLate(
  trx: Transaction,
  specs: ReadonlyMap<string, SourceSpec>,
  campaigns: readonly Campaign[],
  clock: string,
): Promise<Finding[]> {
  const expectations = expectationsOf(specs);
  const findings = lateSources(expectations, await receivedSources(trx, expectations, clock));
  for (const asked of ASKED) {
    const drops = dropsWith(specs, asked);
    if (drops.length === 0) continue;
    for (const campaign of campaigns)
      findings.push(...(await lateSchools(trx, campaign, { code: asked.code, drops }, clock)));
  }
  return findings;
}
