/** What every change of a spell says alike: whose it is, where it was read, and what held before (R02). Pure. */
import type { KnownSpell, SpellStretch, SpellValues, StaffRow } from '../../schemas/plan.ts';

export const common = (row: StaffRow, ref: string) => ({
  institutionKey: row.institution_key as string,
  source: row.source,
  sourceKey: row.key,
  personRef: ref,
  registeredAt: row.registered_at,
  objectId: row.object_id,
  rowNo: row.row_no,
});

export function spellValues(spell: KnownSpell): SpellValues {
  const { title, titleCode, subjects, isPrimary, onLeave } = spell.stretches.at(-1) as SpellStretch;
  return { title, titleCode, subjects, isPrimary, onLeave };
}
