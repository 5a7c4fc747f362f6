/** What a run that undoes another left as it was, because a later run had built on it or a person's decision asks for it. */
import type { Database, Transaction } from '../connect.ts';

export interface RevertConflictRow {
  reverts: number;
  institution_key: string | null;
  person: number | null;
  account: string | null;
  field: string;
  changed_run_id: number;
  /** What a person decided, and which must be taken back first: its number. */
  manual_value: number | null;
  judgement_id: number | null;
}

/** Ordered by institution and person. */
export async function revertConflicts(db: Database | Transaction, runId: number): Promise<RevertConflictRow[]> {
  const { rows } = await db.raw(
    `SELECT x.reverts, nullif(x.institution_key, '') AS institution_key, CASE x.entity WHEN 'person' THEN x.entity_id END AS person, a.account_name AS account,
            x.field, x.changed_run_id, x.manual_value, x.judgement_id
     FROM ops.revert_conflict x LEFT JOIN warehouse.account a ON x.entity = 'account' AND a.id = x.entity_id
     WHERE x.run_id = ? ORDER BY x.reverts, x.institution_key COLLATE "C", x.entity, x.entity_id, x.changed_run_id, x.field COLLATE "C"`,
    [runId],
  );
  return rows;
}
