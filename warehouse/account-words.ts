/** What 本市教師研習中心 did about accounts of 總負責人, as the bureau recorded it (R18): superseded by a later word, never changed. */
import type { Transaction } from './connect.ts';

export interface AccountWord {
  /** Number of the matter that it answers. */
  number: number;
  /** `source key` of the account, as exceptions name it. */
  subject: string;
  asked: string;
  /** The state that the account is in from then on. */
  state: string;
  by: string;
  reason: string;
  /** ISO moment. */
  at: string;
}

/**
 * SQL: short digest of what a record of an account says of kind, state and holder. What a clerk read on the list is known by it again. It is mixed with what only this database
 * holds, so that no name can be tried out on it (I8).
 */
export const digestOf = (
  r: string,
): string => `left(encode(sha256(coalesce((SELECT sealed FROM ops.key_check LIMIT 1), '') || convert_to(
  jsonb_build_array(${r}.account_kind, ${r}.state, encode(${r}.id_hmac, 'hex'), ${r}.holder_name)::text, 'UTF8')), 'hex'), 8)`;

/** Keeps what the school's file asks for as done; its kind and holder stand in the word. @returns false where the last word is the very same */
export async function addAccountWord(
  trx: Transaction,
  { number, subject, asked, state, by, reason, at }: AccountWord,
): Promise<boolean> {
  const { rowCount } = await trx.raw(
    `INSERT INTO review.account_word (exception_id, source, source_key, asked, account_kind, state, id_hmac, holder_name, recorded_by, reason, recorded_at)
     SELECT CAST(:number AS bigint), r.source, r.key, :asked, r.account_kind, :state, r.id_hmac, r.holder_name, :by, :reason, CAST(:at AS timestamptz)
     FROM landing.account_record r
     LEFT JOIN LATERAL (SELECT * FROM review.account_word w WHERE w.source = r.source AND w.source_key = r.key ORDER BY w.id DESC LIMIT 1) AS w ON true
     WHERE r.source = split_part(:subject, ' ', 1) AND r.key = substr(:subject, strpos(:subject, ' ') + 1)
       AND (w.exception_id, w.account_kind, w.state, w.id_hmac, w.holder_name) IS DISTINCT FROM (CAST(:number AS bigint), r.account_kind, CAST(:state AS text), r.id_hmac, r.holder_name)`,
    { number, subject, asked, state, by, reason, at },
  );
  return (rowCount ?? 0) > 0;
}

/** Nobody else records or settles the matter until the transaction ends. */
export const lockMatter = (trx: Transaction, number: number): Promise<unknown> =>
  trx.raw('SELECT 1 FROM review.exception WHERE id = ? FOR UPDATE', [number]);
