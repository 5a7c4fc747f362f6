/** Until when the rows of stored snapshots are kept: the planning year as its file says it here, else as it was recorded last. */
import type { Campaign, PlanKind } from '../../schemas/campaign.ts';
import { purposeEnd } from '../../schemas/purpose-end.ts';
import { newestCampaignVersion } from '../../warehouse/campaign-versions.ts';
import type { Database, Transaction } from '../../warehouse/connect.ts';
import { readableSnapshots } from '../../warehouse/snapshot-keys.ts';
import type { PipelineContext } from '../context.ts';
import { taipeiDay } from '../taipei-day.ts';

/** @returns the last day, ISO; null where the planning year is known no more */
export async function keptUntil(
  db: Database | Transaction,
  { campaigns }: Pick<PipelineContext, 'campaigns'>,
  { campaign, kind }: { campaign: string; kind: PlanKind },
): Promise<string | null> {
  const known: Campaign | undefined =
    campaigns.find(({ id }) => id === campaign) ?? (await newestCampaignVersion(db, campaign))?.body;
  return known === undefined ? null : purposeEnd(known, kind);
}

/** Whether a day that was the last one has passed. @param at ISO moment */
export const isOver = (keepUntil: string | null, at: string): boolean =>
  keepUntil !== null && taipeiDay(at) > keepUntil;

export interface DueSnapshot {
  id: string;
  campaign: string;
  /** The last day on which its rows were to be kept. */
  keepUntil: string;
}

/** Snapshots whose rows can be read although their purpose is over. @param at ISO moment */
export async function dueSnapshots(
  db: Database | Transaction,
  ctx: Pick<PipelineContext, 'campaigns'>,
  at: string,
): Promise<DueSnapshot[]> {
  const due: DueSnapshot[] = [];
  for (const { id, campaign, kind } of await readableSnapshots(db)) {
    const keepUntil = await keptUntil(db, ctx, { campaign, kind });
    if (keepUntil !== null && isOver(keepUntil, at)) due.push({ id, campaign, keepUntil });
  }
  return due;
}
