import type { Transaction } from '../connect.ts';
import type { RecordTable } from './record-tables.ts';

/**
 * What a complete picture no longer shows under review is settled by its absence. A delivery that does not list everybody (a delta, a list of changes)
 * settles what it names: a record that it holds whole and approved, still staged by now, is no longer under review. What was broken of it is settled
 * with the other quarantined rows (`merge-quarantine.ts`).
 */
export async function settleNamed(
  trx: Transaction,
  table: RecordTable,
  { runId, sources, complete }: { runId: number; sources: readonly string[]; complete: readonly string[] },
): Promise<void> {
  const partial = sources.filter((source) => !complete.includes(source));
  if (partial.length === 0) return;
  await trx.raw(
    `DELETE FROM landing.pending p USING ${table.stage} s
     WHERE p.source = ANY(:partial) AND p.kind = :kind AND p.last_run_id <> :run AND s.source = p.source AND s.key = p.key`,
    { run: runId, kind: table.kind, partial },
  );
}
