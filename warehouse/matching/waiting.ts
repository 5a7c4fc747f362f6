/**
 * Records that must be looked at again though nothing of them was landed since: what they wait for is open as an exception. As SQL that other
 * statements join; quiet nights pay for the open ones only.
 */
import { SET_ASIDE } from '../apply/set-aside.ts';

/** Selects (source, key) of the waiting records of a picture, `staff` or `account`. */
export const waitingRecords = (kind: 'staff' | 'account'): string => `
  SELECT r.source, r.key FROM (
    SELECT DISTINCT split_part(subject, ' ', 1) AS source, substr(subject, strpos(subject, ' ') + 1) AS key
    FROM review.exception WHERE closed_at IS NULL AND code = '${SET_ASIDE}') AS e
  JOIN landing.${kind}_record r ON r.source = e.source AND r.key = e.key`;
