/** R06: who has sent roster and accounts again by the deadline, who came later, and who is still missing; kept with each run. */
import type { Campaign } from '../schemas/campaign.ts';
import type { RunPicture, UpdateStatus } from '../schemas/outputs/report.ts';
import type { Transaction } from '../warehouse/connect.ts';
import { type SchoolUpdate, schoolUpdates } from '../warehouse/freshness.ts';
import { ASKED, dropsWith } from './find-late.ts';
import type { SourceSpec } from './land.ts';
import { isAddressed } from './snapshot/scope.ts';

type Deadline = NonNullable<Campaign['rosterUpdates']>;

/** What is in time came before `until` (R06: 17:00:00 itself is late); before then nobody is missing. */
export function updateStatus(first: string | null, { until }: Pick<Deadline, 'until'>, clock: string): UpdateStatus {
  if (first === null) return Date.parse(clock) < Date.parse(until) ? 'awaited' : 'missing';
  return Date.parse(first) < Date.parse(until) ? 'in-time' : 'late';
}

/** The planning year whose deadline is on: asked for already, and its school year not over; of several the newest. */
export function askedNow(
  campaigns: readonly Campaign[],
  clock: string,
): (Campaign & { rosterUpdates: Deadline }) | null {
  const on = campaigns.filter(
    (campaign): campaign is Campaign & { rosterUpdates: Deadline } =>
      campaign.rosterUpdates !== undefined &&
      Date.parse(campaign.rosterUpdates.from) <= Date.parse(clock) &&
      clock.slice(0, 10) <= campaign.schoolYear.through,
  );
  return on.toSorted((a, b) => Date.parse(b.rosterUpdates.from) - Date.parse(a.rosterUpdates.from))[0] ?? null;
}

/** @returns null where no deadline is on, or nothing that it asks for is configured */
export async function compliance(
  trx: Transaction,
  specs: ReadonlyMap<string, SourceSpec>,
  campaigns: readonly Campaign[],
  clock: string,
): Promise<RunPicture['compliance']> {
  const campaign = askedNow(campaigns, clock);
  if (campaign === null) return null;
  const deadline = campaign.rosterUpdates;
  const sent: (SchoolUpdate[] | null)[] = [];
  for (const asked of ASKED) {
    const drops = dropsWith(specs, asked);
    sent.push(drops.length === 0 ? null : await schoolUpdates(trx, drops, deadline.from, clock.slice(0, 10)));
  }
  const [rosters = null, accounts = null] = sent;
  const schools = rosters ?? accounts;
  if (schools === null) return null;
  const byKey = (of: SchoolUpdate[] | null) => new Map(of?.map((school) => [school.key, school]));
  const [rosterOf, accountsOf] = [byKey(rosters), byKey(accounts)];
  const standing = (found: SchoolUpdate | undefined) =>
    found === undefined ? null : { last: found.last, status: updateStatus(found.first, deadline, clock) };
  return {
    campaign: campaign.id,
    name: campaign.name,
    ...deadline,
    schools: schools
      .filter((school) => isAddressed(campaign, school))
      .map(({ key }) => ({
        institutionKey: key,
        roster: standing(rosterOf.get(key)),
        accounts: standing(accountsOf.get(key)),
      })),
  };
}
