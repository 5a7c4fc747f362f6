/** Which moments a snapshot stands on, and the run that recorded them. */
import type { Campaign } from '../../schemas/campaign.ts';
import type { Database } from '../../warehouse/connect.ts';
import { refuseForgotten } from '../../warehouse/history/horizon.ts';
import { appliedRunAt, awaitAppliesInFlight, type SnapshotRun } from '../../warehouse/views/snapshot-run.ts';
import { SnapshotError } from './snapshot-error.ts';

const noRun = (what: string): SnapshotError =>
  new SnapshotError('no-applied-run', `no run was applied ${what}: there is nothing to take; "mingce runs" lists them`);

/** The cut-off of the campaign, with all that was recorded until now: late arrivals that were registered in time are in. */
async function atCutOff(db: Database, campaign: Campaign): Promise<{ cutOff: string; run: SnapshotRun }> {
  const run = await appliedRunAt(db, null);
  if (!run) throw noRun('yet');
  if (run.heardThrough === null || Date.parse(run.heardThrough) < Date.parse(campaign.cutOff)) {
    throw new SnapshotError(
      'cut-off-not-closed',
      `the cut-off of campaign ${campaign.id} is ${campaign.cutOff}, and the newest whole run speaks for ${run.heardThrough ?? 'no moment'}: ` +
        'the closing run takes the snapshot when the cut-off passes; for an earlier state give --as-of',
    );
  }
  return { cutOff: campaign.cutOff, run };
}

/** What was recorded until a moment and registered before it. A real installation's now is the clock; a rehearsal's is its newest run. */
async function atMoment(db: Database, asOf: string): Promise<{ cutOff: string; run: SnapshotRun }> {
  const newest = await appliedRunAt(db, null);
  if (!newest) throw noRun('yet');
  const now = newest.simulated ? Date.parse(newest.recordedAt) : Date.now();
  if (Date.parse(asOf) > now) {
    throw new SnapshotError(
      'moment-in-future',
      `--as-of ${asOf} has not come: expected a moment not after ${newest.simulated ? newest.recordedAt : 'now'}`,
    );
  }
  await awaitAppliesInFlight(db);
  await refuseForgotten(db, asOf, `--as-of ${asOf}`);
  const run = await appliedRunAt(db, asOf);
  if (!run) throw noRun(`at ${asOf} or before`);
  return { cutOff: asOf, run };
}

export const momentsFor = (db: Database, campaign: Campaign, asOf: string | null) =>
  asOf === null ? atCutOff(db, campaign) : atMoment(db, asOf);

/** The run that a preview is seen from: the newest applied, or the newest at a moment that has passed. @throws SnapshotError */
export async function previewRun(db: Database, asOf: string | null): Promise<SnapshotRun> {
  if (asOf !== null) return (await atMoment(db, asOf)).run;
  const run = await appliedRunAt(db, null);
  if (!run) throw noRun('yet');
  return run;
}
