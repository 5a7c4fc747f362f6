import type { ReadNotes } from '../../connectors/contract.ts';
import type { Transaction } from '../../warehouse/connect.ts';
import { deletableRows } from '../../warehouse/landing/quarantine.ts';

interface Read {
  source: string;
  /** Numbers of quarantined rows that rows of the delivery name. */
  corrected: readonly number[];
  notes: ReadNotes;
}

/** What a delivery corrects by its rows; and of the rows that it says are corrected by deletion, those that it holds no more. */
export async function correctedBy(trx: Transaction, round: readonly Read[]): Promise<{ source: string; id: number }[]> {
  const corrected: { source: string; id: number }[] = [];
  for (const { source, corrected: ids, notes } of round) {
    corrected.push(...ids.map((id) => ({ source, id })));
    const asked = Array.isArray(notes.deletable) ? notes.deletable.map(Number) : [];
    const gone = asked.filter((id) => !ids.includes(id));
    if (gone.length === 0) continue;
    const deletable = await deletableRows(trx, source, gone);
    corrected.push(...deletable.map((id) => ({ source, id })));
  }
  return corrected;
}
