/** When the purpose of a plan's snapshots is over (個資法 §11): their rows are to be shredded from the day after on. */
import type { Campaign, PlanKind } from './campaign.ts';
import { plusYears } from './plus-years.ts';

/** Reading: the year's plans are followed up in the year after; whoever disputes one, or audits it, does so by then. */
const YEARS_AFTER = 1;

/**
 * The last day on which the rows are kept: what the campaign says, else a year after the school year, or after the plan's window where that ends later.
 * @returns ISO day
 */
export function purposeEnd({ plans, schoolYear }: Pick<Campaign, 'plans' | 'schoolYear'>, kind: PlanKind): string {
  const { keepUntil, window } = plans[kind];
  if (keepUntil !== undefined) return keepUntil;
  const closed = window.through.slice(0, 10);
  return plusYears(closed > schoolYear.through ? closed : schoolYear.through, YEARS_AFTER);
}
