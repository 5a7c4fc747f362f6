/**
 * A change of a planning year is a recorded version: whatever uses a campaign sets its canonical JSON down first, where it differs from the newest version.
 * A deadline that moved needs a line that says why; a cut-off of which a snapshot stands moves by the bureau's word only (R24).
 */
import { hash } from 'node:crypto';
import type { Campaign } from '../../schemas/campaign.ts';
import { CampaignError } from '../../schemas/campaign-error.ts';
import { DEADLINES, type Deadline, deadlineOf, moveOf } from '../../schemas/deadlines.ts';
import { appendAudit } from '../../warehouse/audit.ts';
import {
  addCampaignVersion,
  type CampaignVersion,
  lockCampaign,
  newestCampaignVersion,
} from '../../warehouse/campaign-versions.ts';
import { isTaken } from '../../warehouse/closings.ts';
import type { Database, Transaction } from '../../warehouse/connect.ts';
import { canonicalJson } from '../snapshot/canonical-json.ts';

export const campaignHash = (campaign: Campaign): string => `sha256:${hash('sha256', canonicalJson(campaign))}`;

/** Two ways to write one moment are one moment. */
const sameMoment = (a: string | null, b: string | null): boolean =>
  a === b || (a !== null && b !== null && Date.parse(a) === Date.parse(b));

export interface Move {
  what: Deadline;
  /** Null where it was not asked for before, or is not any more. */
  from: string | null;
  to: string | null;
}

/** Deadlines that differ between two versions of a campaign. Pure. */
export const movesBetween = (before: Campaign, after: Campaign): Move[] =>
  DEADLINES.map((what) => ({ what, from: deadlineOf(before, what), to: deadlineOf(after, what) })).filter(
    ({ from, to }) => !sameMoment(from, to),
  );

/** @returns the move of the cut-off that only the bureau may let through. @throws CampaignError */
async function checkChange(
  db: Database | Transaction,
  newest: CampaignVersion,
  campaign: Campaign,
): Promise<Move | null> {
  const moves = movesBetween(newest.body, campaign);
  for (const { what, from, to } of moves) {
    if (from === null || to === null || sameMoment(moveOf(campaign, what)?.from ?? null, from)) continue;
    throw new CampaignError('campaign-moved-without-reason', { campaign: campaign.id, what, from, to });
  }
  const cutOff = moves.find(({ what }) => what === 'cutOff') ?? null;
  return cutOff !== null && (await isTaken(db, campaign.id, newest.body.cutOff)) ? cutOff : null;
}

const afterSnapshot = ({ id }: Campaign, { from, to }: Move): CampaignError =>
  new CampaignError('campaign-moved-after-snapshot', { campaign: id, from: from ?? '', to: to ?? '' });

/** Before anything begins: whether each campaign may be used as its file says. Reads only. @throws CampaignError */
export async function refuseCampaignChanges(db: Database, campaigns: readonly Campaign[]): Promise<void> {
  for (const campaign of campaigns) {
    const newest = await newestCampaignVersion(db, campaign.id);
    if (newest === undefined || newest.hash === campaignHash(campaign)) continue;
    const late = await checkChange(db, newest, campaign);
    if (late !== null) throw afterSnapshot(campaign, late);
  }
}

export interface RecordedBy {
  /** ISO moment. */
  at: string;
  /** A user, or `installation`. */
  by: string;
  run: number | null;
  /** Why `by` lets the cut-off move although a snapshot of the former one stands. */
  approval?: string;
}

/** The version in force of a campaign, which is recorded now where its file differs from the newest. Append-only. @throws CampaignError */
export async function recordCampaign(
  trx: Transaction,
  campaign: Campaign,
  { at, by, run, approval }: RecordedBy,
): Promise<CampaignVersion> {
  await lockCampaign(trx, campaign.id);
  const newest = await newestCampaignVersion(trx, campaign.id);
  const digest = campaignHash(campaign);
  if (newest?.hash === digest) return newest;
  const late = newest === undefined ? null : await checkChange(trx, newest, campaign);
  if (late !== null && approval === undefined) throw afterSnapshot(campaign, late);
  const version: CampaignVersion = {
    campaign: campaign.id,
    version: (newest?.version ?? 0) + 1,
    hash: digest,
    body: campaign,
    recorded_at: at,
    recorded_by: by,
    run_id: run,
    approved_why: late === null ? null : (approval ?? null),
  };
  await addCampaignVersion(trx, version);
  const moved = newest === undefined ? [] : movesBetween(newest.body, campaign);
  await appendAudit(trx, {
    at,
    actor: by,
    action: late === null ? 'campaign-recorded' : 'campaign-move-approved',
    subject: `campaign:${campaign.id}`,
    detail: {
      version: version.version,
      hash: digest,
      run,
      moved: moved.map(({ what, from, to }) => ({ what, from, to, reason: moveOf(campaign, what)?.reason ?? null })),
      ...(late === null ? {} : { reason: approval ?? null }),
    },
  });
  return version;
}
