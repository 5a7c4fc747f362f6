/**
 * A delta: what a planning system that has the older snapshot does to have the newer one. JSON Lines, a head and then operations; replayed, the file of JSON Lines is that of
 * the newer snapshot byte for byte, and that one is signed. The same two snapshots give the same bytes for as long as the history is kept.
 */
import type { DeltaHead, DeltaOperation, SnapshotDifference } from '../../../schemas/snapshot-delta.ts';
import { SnapshotError } from '../snapshot-error.ts';
import { orderOperations } from './order-operations.ts';

export interface Delta {
  head: DeltaHead;
  operations: readonly DeltaOperation[];
}

/** @throws SnapshotError `different-columns`: the older file cannot become the newer one */
export function deltaOf({ kind, from, to, columns, rows }: SnapshotDifference): Delta {
  const { shared, added, removed } = columns;
  if (added.length + removed.length > 0)
    throw new SnapshotError(
      'different-columns',
      `${from.id} and ${to.id} have other columns (${[...added, ...removed].join(', ')}): whoever follows takes the newer one whole`,
    );
  const operations = orderOperations(
    kind,
    rows.map(({ evidence: _, ...operation }): DeltaOperation => operation),
  );
  return { head: { delta: 1, kind, from, to, columns: shared, operations: operations.length }, operations };
}

/** As the file is written and sent, in pieces. */
export function* deltaLines({ head, operations }: Delta): Generator<string> {
  yield `${JSON.stringify(head)}\n`;
  const AT_ONCE = 500;
  for (let i = 0; i < operations.length; i += AT_ONCE)
    yield operations.slice(i, i + AT_ONCE).reduce((text, operation) => `${text}${JSON.stringify(operation)}\n`, '');
}
