import type { SourceConfigOf } from '../../schemas/config.ts';
import type { LandedPicture } from '../contract.ts';
import { taipeiTime } from '../taipei-time.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const dayOf = (moment: string): number =>
  Date.parse(`${taipeiTime(Date.parse(moment)).slice(0, 10)}T00:00:00Z`) / DAY_MS;

/**
 * Since when to ask for changes; null asks for the complete list. A delta is sound only on top of a picture that was landed, and only where nothing
 * of it waits for another record. What a delta cannot tell (a record that was deleted) is told by the complete list, at least every
 * `completeEveryNights` nights: Taipei days from the newest complete picture to the run.
 *
 * @param now the run's moment
 */
export function chooseSince(
  { delta, completeEveryNights }: Pick<SourceConfigOf<'care-system'>, 'delta' | 'completeEveryNights'>,
  landed: LandedPicture | null,
  now: string,
): string | null {
  if (!delta || landed === null || landed.completeAsOf === null || landed.waiting) return null;
  return dayOf(now) - dayOf(landed.completeAsOf) < completeEveryNights ? landed.asOf : null;
}
