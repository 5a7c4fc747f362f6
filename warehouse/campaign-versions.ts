/** Recorded versions of planning years: the newest is in force, none ever changes. */
import type { Campaign } from '../schemas/campaign.ts';
import type { Database, Transaction } from './connect.ts';

type Handle = Database | Transaction;

export interface CampaignVersion {
  campaign: string;
  version: number;
  /** `sha256:` and 64 hex digits, of the canonical JSON of `body`. */
  hash: string;
  body: Campaign;
  recorded_at: string;
  /** A user, or `installation`. */
  recorded_by: string;
  /** The run that used it first. */
  run_id: number | null;
  /** Why `recorded_by` let the cut-off move although a snapshot of the former one stands. */
  approved_why: string | null;
}

/** One writer at a time per campaign, until the transaction ends. */
export async function lockCampaign(trx: Transaction, campaign: string): Promise<void> {
  await trx.raw('SELECT pg_advisory_xact_lock(hashtextextended(?, 0))', [`ops.campaign_version:${campaign}`]);
}

/** The version that is in force. */
export const newestCampaignVersion = (db: Handle, campaign: string): Promise<CampaignVersion | undefined> =>
  db('ops.campaign_version').where({ campaign }).orderBy('version', 'desc').first();

/** One version as it was recorded; a snapshot is made again by it. */
export const campaignVersion = (db: Handle, campaign: string, version: number): Promise<CampaignVersion | undefined> =>
  db('ops.campaign_version').where({ campaign, version }).first();

/** All versions of a campaign, oldest first. */
export const campaignVersions = (db: Handle, campaign: string): Promise<CampaignVersion[]> =>
  db('ops.campaign_version').where({ campaign }).orderBy('version');

export async function addCampaignVersion(trx: Transaction, version: CampaignVersion): Promise<void> {
  await trx('ops.campaign_version').insert({ ...version, body: JSON.stringify(version.body) });
}
