/** Writes the plan of a run: its proposed changes, with the ids of what they add, and what it found. */
import type { Finding, PlanChange } from '../schemas/plan.ts';
import type { Transaction } from './connect.ts';
import { copyInto, copyText } from './copy.ts';
import { isNumbered, type Numbered, type PlanIds } from './plan-ids.ts';

export const CHANGE_COLUMNS = [
  'run_id',
  'seq',
  'entity',
  'action',
  'institution_key',
  'source',
  'source_key',
  'person_ref',
  'entity_id',
  'reason',
  'rule',
  'effective',
  'registered_at',
  'object_id',
  'row_no',
  'before',
  'after',
  'manual_value',
  'judgement_id',
  'person_id',
];
const json = (value: unknown): string => (value === null ? '\\N' : copyText(JSON.stringify(value)));

/**
 * A change as a line of COPY but for its number and its id. The ids of people and spells that a plan adds are given when it is written: apply would have to
 * write every line a second time. A plan that is never applied leaves a gap.
 */
export interface EncodedChange {
  /** What it adds and needs an id for. */
  adds: Numbered | null;
  /** Of a change of a person or of a spell: whose. */
  personRef: string | null;
  /** Before its id, and after it; what follows is whose the spell is. */
  head: string;
  tail: string;
}

/** Apart from writing, so that it can be done while other changes are on their way. */
export function encodeChange(c: PlanChange): EncodedChange {
  const adds = c.action === 'add' && c.entityId === null && isNumbered(c.entity) ? c.entity : null;
  const id = adds === null ? `${c.entityId ?? '\\N'}\t` : '';
  return {
    adds,
    personRef: c.personRef,
    head: `${c.entity}\t${c.action}\t${copyText(c.institutionKey)}\t${c.source}\t${copyText(c.sourceKey)}\t${copyText(c.personRef)}\t`,
    tail: `${id}${c.reason}\t${c.rule}\t${c.effective}\t${c.registeredAt}\t${c.objectId}\t${c.rowNo}\t${json(c.before)}\t${json(c.after)}\t${c.manualValue ?? '\\N'}\t${c.judgement ?? '\\N'}\t`,
  };
}

/** @param firstSeq number of the first of them in the plan */
export async function writeChanges(
  trx: Transaction,
  ids: PlanIds,
  runId: number,
  firstSeq: number,
  changes: readonly EncodedChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const counts = new Map<Numbered, number>();
  for (const { adds } of changes) if (adds !== null) counts.set(adds, (counts.get(adds) ?? 0) + 1);
  await ids.reserve(counts);
  let lines = '';
  let newest: { ref: string | null; id: number } | null = null;
  /** Somebody whom the plan adds comes right before their spells. */
  const personOf = (ref: string | null): string => {
    if (ref?.startsWith('p')) return ref.slice(1);
    if (newest?.ref !== ref) throw new Error('a plan adds a spell before its person');
    return String(newest?.id);
  };
  for (const [nth, { adds, personRef, head, tail }] of changes.entries()) {
    const id = adds === null ? null : ids.next(adds);
    if (adds === 'person') newest = { ref: personRef, id: id as number };
    const whose = adds === 'assignment' ? personOf(personRef) : '\\N';
    lines += `${runId}\t${firstSeq + nth}\t${head}${id === null ? '' : `${id}\t`}${tail}${whose}\n`;
  }
  await copyInto(trx, 'ops.plan_change', CHANGE_COLUMNS, [lines]);
}

export async function writeFindings(trx: Transaction, runId: number, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return;
  const lines = findings.map((f) =>
    [runId, f.code, copyText(f.institutionKey), copyText(f.subject), copyText(f.personRef), json(f.params)].join('\t'),
  );
  const columns = ['run_id', 'code', 'institution_key', 'subject', 'person_ref', 'params'];
  await copyInto(trx, 'ops.finding', columns, [`${lines.join('\n')}\n`]);
}
