import type { Transaction } from '../connect.ts';
import type { RecordTable } from './record-tables.ts';

/**
 * What a complete picture no longer shows under review or broken is settled by its absence. A delivery that does not list everybody (a delta, a list
 * of changes) settles what it names: a record that it holds whole and approved, still staged by now, is no longer under review and no longer broken.
 */
export async function settleNamed(
  trx: Transaction,
  table: RecordTable,
  { runId, sources, complete }: { runId: number; sources: readonly string[]; complete: readonly string[] },
): Promise<void> {
  const partial = sources.filter((source) => !complete.includes(source));
  if (partial.length === 0) return;
  const bindings = { run: runId, kind: table.kind, partial };
  await trx.raw(
    `DELETE FROM landing.pending p USING ${table.stage} s
     WHERE p.source = ANY(:partial) AND p.kind = :kind AND p.last_run_id <> :run AND s.source = p.source AND s.key = p.key`,
    bindings,
  );
  await trx.raw(
    `UPDATE landing.quarantine q SET resolved_run_id = :run FROM ${table.stage} s
     WHERE q.source = ANY(:partial) AND q.kind = :kind AND q.resolved_run_id IS NULL AND s.source = q.source AND s.key = q.key`,
    bindings,
  );
}
