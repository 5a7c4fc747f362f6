/** Where a moment stands to the windows and the cut-off of a campaign. Pure: no clock is asked. */
import { type Campaign, PLAN_KINDS, type PlanKind } from './campaign.ts';

export const WINDOW_STATES = ['before', 'open', 'after'] as const;
export type WindowState = (typeof WINDOW_STATES)[number];

/** `before-cut-off`; `between`: the cut-off has passed and no window is open, one is still to come; `open`: some window is; `closed`: all are over. */
export const CAMPAIGN_STATES = ['before-cut-off', 'between', 'open', 'closed'] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

type Dated = Pick<Campaign, 'cutOff' | 'plans'>;

/** Windows are told in seconds: one that is open through 17:00:00 is open as long as a clock shows that. */
const seconds = (moment: string): number => Math.floor(Date.parse(moment) / 1000);

/**
 * Whether a plan is open (R27, R29). Both ends are in: "5時止" is open through 17:00:00, and closed at 17:00:01.
 * @param moment ISO, with its offset
 */
export function windowState({ plans }: Pick<Campaign, 'plans'>, kind: PlanKind, moment: string): WindowState {
  const { from, through } = plans[kind].window;
  const at = seconds(moment);
  if (at < seconds(from)) return 'before';
  return at <= seconds(through) ? 'open' : 'after';
}

/** Whether what is registered at a moment is too late for the snapshots (R24): "5時前" is before 17:00:00, that moment itself is late. */
export const isPastCutOff = ({ cutOff }: Pick<Campaign, 'cutOff'>, moment: string): boolean =>
  Date.parse(moment) >= Date.parse(cutOff);

/** The campaign as a whole at a moment. */
export function campaignState(campaign: Dated, moment: string): CampaignState {
  const windows = PLAN_KINDS.map((kind) => windowState(campaign, kind, moment));
  if (windows.includes('open')) return 'open';
  if (!isPastCutOff(campaign, moment)) return 'before-cut-off';
  return windows.includes('before') ? 'between' : 'closed';
}
