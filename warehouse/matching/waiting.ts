/**
 * Records that must be looked at again though nothing of them was landed since: what they wait for is open as an exception, or their changes are held. As SQL
 * that other statements join; quiet nights pay for the open ones only, and for those of an unknown institution only once some list names its code.
 */
import { SET_ASIDE } from '../apply/set-aside.ts';

/** Code of the finding: an account is not deleted while a course of it is not through (R21). */
export const DELETION_BLOCKED = 'account-deletion-blocked';

/** Code of the finding: an account of a 總負責人 is not changed before 本市教師研習中心 did it (R18). */
export const LEAD_REQUESTED = 'account-lead-requested';
/** Code of the finding: nor given to another person (R19); the roster may yet say that both are one. */
export const LEAD_HANDED_OVER = 'account-lead-handed-over';

/** Code of the finding: an account does not move to another section of its school. */
export const ACCOUNT_MOVED = 'account-section-changed';

/** Code of the finding: nothing of the record is taken in before its institution is known, however good its own row is. */
export const INSTITUTION_UNKNOWN = 'institution-unknown';

/** Selects (source, key) of the records whose changes stand held, or were discarded: they are proposed again until the source says something else. */
export const heldRecords = (entities: string): string => `
  SELECT c.source, c.source_key AS key FROM review.hold h
  JOIN ops.held_change c ON c.run_id = h.last_run_id AND h.hold_key = ANY(c.held_by)
  WHERE h.closed_at IS NULL AND c.entity IN (${entities})
  UNION
  SELECT m.source, m.key FROM review.hold h JOIN ops.held_record m ON m.run_id = h.last_run_id AND m.hold_key = h.hold_key
  WHERE h.closed_at IS NULL AND m.what = 'identifier'`;

const ENTITIES = { staff: `'person', 'assignment'`, account: `'account'` } as const;

/** Selects (source, key) of the waiting records of a picture, `staff` or `account`. */
export const waitingRecords = (kind: 'staff' | 'account'): string => `
  SELECT r.source, r.key FROM (
    SELECT split_part(subject, ' ', 1) AS source, substr(subject, strpos(subject, ' ') + 1) AS key, bool_or(code <> '${INSTITUTION_UNKNOWN}') AS again
    FROM review.exception WHERE closed_at IS NULL AND code IN ('${SET_ASIDE}', '${INSTITUTION_UNKNOWN}', '${DELETION_BLOCKED}', '${LEAD_REQUESTED}', '${LEAD_HANDED_OVER}', '${ACCOUNT_MOVED}') GROUP BY 1, 2) AS e
  JOIN landing.${kind}_record r ON r.source = e.source AND r.key = e.key
  WHERE e.again OR EXISTS (SELECT 1 FROM landing.institution_record i WHERE i.code = r.institution_code)
  UNION ${heldRecords(ENTITIES[kind])}`;
