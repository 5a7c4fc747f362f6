/** Open matters of accounts of 總負責人, and of schools without one, with what the files say and what is known: the request list is made of these and stored nowhere (R18). */
import { LEAD_KIND } from '../../schemas/records.ts';
import { blockingCourses } from '../account-courses.ts';
import { digestOf } from '../account-words.ts';
import type { Database, Transaction } from '../connect.ts';

/** Code of the matter of an account that is applied for. */
export const LEAD_APPLIED = 'account-lead-applied';

export interface AccountMatter {
  number: number;
  code: string;
  params: Record<string, string | number>;
  institution_key: string;
  /** Source and key of the account; null where the matter is of none. */
  subject: string | null;
  opened_at: string;
  account_name: string | null;
  holder_name: string | null;
  /** As the school's file has it, and as it is known; null where it is not. */
  told: string | null;
  known: string | null;
  /** Digest of what the file says by now; null where it says nothing of it. */
  digest: string | null;
  /** The complete list of the school no longer has the account. */
  missing: boolean;
  /** Courses of the account that are not 名單確認通過. */
  blocking: string[] | null;
  /** Of a school without any 總負責人: one that stands is only missing from its list. */
  lead_unlisted: boolean;
  /** When the very state that is asked for was recorded as done. */
  recorded_at: string | null;
}

export async function accountMatters(db: Database | Transaction, codes: readonly string[]): Promise<AccountMatter[]> {
  const { rows } = await db.raw(
    `SELECT e.id AS number, e.code, e.params, e.institution_key, e.subject, e.opened_at, coalesce(r.account_name, a.account_name) AS account_name,
            coalesce(r.holder_name, w.holder_name) AS holder_name, r.state AS told, w.state AS known, CASE WHEN r.key IS NOT NULL THEN ${digestOf('r')} END AS digest, r.missing_since IS NOT NULL AS missing,
            CASE WHEN r.key IS NOT NULL THEN ${blockingCourses('r')} END AS blocking,
            e.subject IS NULL AND EXISTS (
              SELECT 1 FROM warehouse.account l JOIN warehouse.institution i ON i.id = l.institution_id AND i.source || ':' || i.source_key = e.institution_key
              JOIN warehouse.account_version s ON s.account_id = l.id AND s.recorded_to = 'infinity' AND s.valid_to = 'infinity' AND s.account_kind = :kind AND s.state = '啟用'
              JOIN landing.account_record m ON m.source = l.source AND m.key = l.source_key AND m.missing_since IS NOT NULL) AS lead_unlisted,
            CASE WHEN d.exception_id = e.id AND d.state = CASE e.code WHEN '${LEAD_APPLIED}' THEN '啟用' ELSE r.state END AND d.account_kind = r.account_kind
                   AND (d.id_hmac, d.holder_name) IS NOT DISTINCT FROM (r.id_hmac, r.holder_name) THEN d.recorded_at END AS recorded_at
     FROM review.exception e
     LEFT JOIN landing.account_record r ON r.source = split_part(e.subject, ' ', 1) AND r.key = substr(e.subject, strpos(e.subject, ' ') + 1)
     LEFT JOIN warehouse.account a ON a.source = split_part(e.subject, ' ', 1) AND a.source_key = substr(e.subject, strpos(e.subject, ' ') + 1)
     LEFT JOIN LATERAL (SELECT * FROM warehouse.account_version w WHERE w.account_id = a.id AND w.recorded_to = 'infinity'
                        ORDER BY w.valid_to DESC, w.valid_from DESC LIMIT 1) AS w ON true
     LEFT JOIN LATERAL (SELECT * FROM review.account_word d WHERE d.source = r.source AND d.source_key = r.key ORDER BY d.id DESC LIMIT 1) AS d ON true
     WHERE e.closed_at IS NULL AND e.institution_key IS NOT NULL AND e.code = ANY(:codes::text[])
       AND (e.subject IS NULL OR :kind IN (r.account_kind, w.account_kind))
     ORDER BY e.institution_key COLLATE "C", e.id`,
    { codes: [...codes], kind: LEAD_KIND } as never,
  );
  return rows;
}
