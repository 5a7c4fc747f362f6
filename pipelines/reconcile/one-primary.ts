/**
 * Whoever serves has one service unit on every day (R08). Where what the records say, put through the rules, still leaves two, the units are asked: who
 * of them has the person cannot be decided here. Pure.
 */
import type { Finding, PlanChange, SpellStretch, StaffRow } from '../../schemas/plan.ts';
import { later, OPEN } from './days.ts';

interface Held {
  row: StaffRow;
  from: string;
  to: string;
}

const stretchesAfter = ({ after, effective }: PlanChange): SpellStretch[] => {
  const { stretches, validTo, ...values } = after as unknown as SpellStretch & {
    stretches?: SpellStretch[];
    validTo?: string;
  };
  return stretches ?? [{ ...values, from: effective, to: validTo ?? OPEN, endReason: null }];
};

/** The days on which a record's unit is the primary one once the changes are made. */
function heldBy(row: StaffRow, changes: readonly PlanChange[]): Held[] {
  const own = changes.filter((c) => c.entity === 'assignment' && c.source === row.source && c.sourceKey === row.key);
  const changed = new Set(own.map((c) => c.entityId));
  const stand = row.spell === null ? [] : [...row.spell.earlier, row.spell].filter((spell) => !changed.has(spell.id));
  const lines = [...stand.map((spell) => spell.stretches), ...own.map(stretchesAfter)];
  return lines
    .flat()
    .filter((stretch) => stretch.isPrimary && stretch.from < stretch.to)
    .map(({ from, to }) => ({ row, from, to }));
}

/** @param asked records that are asked about their unit already */
export function twoPrimaryUnits(
  rows: readonly StaffRow[],
  changes: readonly PlanChange[],
  asked: readonly StaffRow[],
  ref: string,
): Finding[] {
  if (rows.length < 2) return [];
  const held = rows.filter((row) => !asked.includes(row)).flatMap((row) => heldBy(row, changes));
  const since = new Map<StaffRow, string>();
  for (const [i, a] of held.entries()) {
    for (const b of held.slice(i + 1)) {
      const from = later(a.from, b.from);
      if (a.row.institution_key === b.row.institution_key || from >= a.to || from >= b.to) continue;
      for (const { row } of [a, b]) if (from < (since.get(row) ?? OPEN)) since.set(row, from);
    }
  }
  return [...since].map(([row, on]) => ({
    code: 'two-primary-units',
    institutionKey: row.institution_key,
    subject: `${row.source} ${row.key}`,
    personRef: ref,
    params: { since: on },
  }));
}
