/**
 * Whom two units registered on one day is nobody's to guess; where a person of the bureau decided, the other unit's post is a secondary one from then on. A
 * registration after the day that was decided about is another matter, and counts as any (R08). Pure.
 */
import type { PlanChange, StaffRow, UnitJudgement } from '../../schemas/plan.ts';
import { later } from './days.ts';
import { claimsSince } from './standing.ts';

export function asJudged(rows: readonly StaffRow[], judgement: UnitJudgement | null): readonly StaffRow[] {
  if (judgement === null) return rows;
  const { others, about } = judgement;
  // Where the unit that was named does not claim the person any more, nobody yields to it: there would be no unit left.
  if (!rows.some((row) => row.institution_key === judgement.keep && row.is_primary)) return rows;
  const yields = (row: StaffRow): boolean => others.includes(row.institution_key ?? '') && claimsSince(row) <= about;
  return rows.map((row) => (row.is_primary && yields(row) ? { ...row, is_primary: false } : row));
}

/** A post that is, or is no more, the service unit by a judgement is known to be so from the judgement on (R24). */
export function followsJudgement(change: PlanChange, judgement: UnitJudgement | null): PlanChange {
  if (judgement === null || change.after === null || change.action !== 'change') return change;
  const party = change.institutionKey === judgement.keep || judgement.others.includes(change.institutionKey);
  if (!party || change.before?.isPrimary === change.after.isPrimary) return change;
  return { ...change, judgement: judgement.id, registeredAt: later(change.registeredAt, judgement.decidedAt) };
}
