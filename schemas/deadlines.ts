/** The moments of a campaign that may be moved (a typhoon day), by their place in its file. */
import type { Campaign } from './campaign.ts';

export const DEADLINES = [
  'rosterUpdates.until',
  'cutOff',
  'plans.school-plan.window.from',
  'plans.school-plan.window.through',
  'plans.teacher-plan.window.from',
  'plans.teacher-plan.window.through',
] as const;
export type Deadline = (typeof DEADLINES)[number];

/** @returns null where the campaign does not have it */
export function deadlineOf(
  campaign: Pick<Campaign, 'cutOff' | 'rosterUpdates' | 'plans'>,
  what: Deadline,
): string | null {
  const { cutOff, rosterUpdates, plans } = campaign;
  switch (what) {
    case 'rosterUpdates.until':
      return rosterUpdates?.until ?? null;
    case 'cutOff':
      return cutOff;
    case 'plans.school-plan.window.from':
      return plans['school-plan'].window.from;
    case 'plans.school-plan.window.through':
      return plans['school-plan'].window.through;
    case 'plans.teacher-plan.window.from':
      return plans['teacher-plan'].window.from;
    case 'plans.teacher-plan.window.through':
      return plans['teacher-plan'].window.through;
  }
}

/** The newest move of a deadline: from when, and why; null where it stands as it was announced first. */
export const moveOf = (campaign: Pick<Campaign, 'moved'>, what: Deadline): { from: string; reason: string } | null =>
  campaign.moved?.findLast((move) => move.what === what) ?? null;
