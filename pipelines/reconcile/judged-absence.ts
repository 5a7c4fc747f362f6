/**
 * Absence ends nobody (I12). Where somebody of the bureau confirmed that a person whom the complete lists no longer have is gone, it ends the post as if its record
 * had told so (R09); once a list has the person again, that counts. Pure.
 */
import type { AbsenceJudgement, PlanChange, StaffRow } from '../../schemas/plan.ts';
import { later } from './days.ts';

const about = (judgements: readonly AbsenceJudgement[], source: string, key: string): AbsenceJudgement | undefined =>
  judgements.find((judgement) => judgement.source === source && judgement.key === key);

export const asAbsent = (rows: readonly StaffRow[], judgements: readonly AbsenceJudgement[]): readonly StaffRow[] =>
  judgements.length === 0
    ? rows
    : rows.map((row) => {
        const judgement = row.missing && row.end_on === null ? about(judgements, row.source, row.key) : undefined;
        if (judgement === undefined) return row;
        const { on, reason, decidedAt } = judgement;
        return { ...row, end_on: on, end_reason: reason, registered_at: later(row.registered_at, decidedAt) };
      });

export function followsAbsence(change: PlanChange, judgements: readonly AbsenceJudgement[]): PlanChange {
  const judgement = change.action === 'end' ? about(judgements, change.source, change.sourceKey) : undefined;
  return judgement === undefined ? change : { ...change, judgement: judgement.id };
}
