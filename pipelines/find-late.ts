/** Who is late: sources by the configuration, schools by a campaign's deadline for rosters (R06). */
import type { Campaign } from '../schemas/campaign.ts';
import type { Finding } from '../schemas/plan.ts';
import type { Transaction } from '../warehouse/connect.ts';
import { type Expectation, lateSources, receivedSources, silentSchools } from '../warehouse/freshness.ts';
import type { SourceSpec } from './land.ts';
import { isAddressed } from './snapshot/scope.ts';

export const expectationsOf = (specs: ReadonlyMap<string, SourceSpec>): Expectation[] =>
  [...specs].map(([source, { expectEveryDays }]) => ({ source, everyDays: expectEveryDays ?? null }));

/** Configured sources with rosters of schools. */
const rosterDrops = (specs: ReadonlyMap<string, SourceSpec>): string[] =>
  [...specs].filter(([, spec]) => spec.path === 'school' && spec.kinds.includes('staff')).map(([drop]) => drop);

/** One finding for a school, however many sections it has: its roster speaks for all of them. */
async function lateSchools(trx: Transaction, campaign: Campaign, drops: string[], clock: string): Promise<Finding[]> {
  const { rosterUpdates, schoolYear } = campaign;
  if (!rosterUpdates || Date.parse(clock) < Date.parse(rosterUpdates.until) || clock.slice(0, 10) > schoolYear.through)
    return [];
  const silent = await silentSchools(trx, drops, rosterUpdates.from, clock.slice(0, 10));
  const schools = Map.groupBy(
    silent.filter((school) => isAddressed(campaign, school)),
    (school) => school.code,
  );
  return [...schools.values()].map(
    ([school]): Finding => ({
      code: 'school-late',
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
  const drops = rosterDrops(specs);
  if (drops.length === 0) return findings;
  for (const campaign of campaigns) findings.push(...(await lateSchools(trx, campaign, drops, clock)));
  return findings;
}
