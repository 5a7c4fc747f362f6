/**
 * The order in which operations are replayed, such that no key is ever there twice: what goes, then what changes, each after whoever gives up the key that it takes, then
 * what comes. Where keys go round in a ring, one of it goes and comes back. Pure.
 */
import type { PlanKind } from '../../../schemas/campaign.ts';
import type { DeltaOperation, SnapshotRow } from '../../../schemas/snapshot-delta.ts';

/** Columns that tell the rows of a plan apart, where all of them are handed out and have a value. */
const KEYS: Readonly<Record<PlanKind, readonly string[]>> = {
  'teacher-plan': ['id_digest'],
  'school-plan': ['institution_code', 'section'],
};

/** @returns null where the row has no key */
export function keyOf(kind: PlanKind, row: SnapshotRow | null): string | null {
  if (row === null) return null;
  const parts = KEYS[kind].map((column) => row[column] ?? null);
  return parts.includes(null) ? null : JSON.stringify(parts);
}

/** @param operations in the order of the newer file */
export function orderOperations<Operation extends DeltaOperation>(
  kind: PlanKind,
  operations: readonly Operation[],
): Operation[] {
  const gone = operations.filter(({ op }) => op === 'delete');
  const come = operations.filter(({ op }) => op === 'insert');
  const updates = operations.filter(({ op }) => op === 'update');
  const holders = new Map<string, Operation>();
  for (const update of updates) {
    const key = keyOf(kind, update.before);
    if (key !== null && key !== keyOf(kind, update.after)) holders.set(key, update);
  }
  const ordered: Operation[] = [];
  const settled = new Set<Operation>();
  for (const update of updates) {
    const waiting: Operation[] = [];
    const seen = new Set<Operation>();
    let next: Operation | undefined = update;
    while (next !== undefined && !settled.has(next) && !seen.has(next)) {
      seen.add(next);
      waiting.push(next);
      const key: string | null = keyOf(kind, next.after);
      const holder: Operation | undefined = key === null ? undefined : holders.get(key);
      next = holder === next ? undefined : holder;
    }
    // A ring comes back to where it began: each key has one holder.
    if (next !== undefined && next === update && waiting.length > 1) {
      gone.push({ ...update, op: 'delete', after: null, at: null });
      come.push({ ...update, op: 'insert', before: null, was: null });
      waiting.shift();
      settled.add(update);
    }
    for (const one of waiting.reverse()) {
      if (!settled.has(one)) ordered.push(one);
      settled.add(one);
    }
  }
  const place = (n: number | null): number => n ?? 0;
  return [
    ...gone.sort((a, b) => place(a.was) - place(b.was)),
    ...ordered,
    ...come.sort((a, b) => place(a.at) - place(b.at)),
  ];
}
