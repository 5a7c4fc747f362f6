import type { Campaign } from '../schemas/campaign.ts';
import { moveOf } from '../schemas/deadlines.ts';
import type { RunPicture } from '../schemas/outputs/report.ts';

/** The campaign that will be frozen next after `clock`. */
export function nextCutOff(campaigns: readonly Campaign[], clock: string): RunPicture['nextCutOff'] {
  const coming = campaigns.filter((c) => Date.parse(c.cutOff) > Date.parse(clock));
  const next = coming.toSorted((a, b) => Date.parse(a.cutOff) - Date.parse(b.cutOff))[0];
  if (!next) return null;
  const moved = moveOf(next, 'cutOff');
  return {
    campaign: next.id,
    name: next.name,
    cutOff: next.cutOff,
    ...(moved && { moved: { from: moved.from, reason: moved.reason } }),
  };
}
