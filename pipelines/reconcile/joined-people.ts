/** Two people who are one by a decision of the bureau, told as changes of the plan. Pure. */
import { JOINED, type PlanChange, type StaffRow } from '../../schemas/plan.ts';
import { common } from './change-parts.ts';
import { dayOf } from './days.ts';

/**
 * One change for each person who is `ref` from now on.
 * @param rows all records of `ref`
 * @param placed those of a known institution, at least one: of whom all are elsewhere, it is told at the first of these
 */
export function joinedChanges(rows: readonly StaffRow[], placed: readonly StaffRow[], ref: string): PlanChange[] {
  if (rows.every(({ joined_by }) => joined_by === null)) return [];
  const joined = Map.groupBy(rows, ({ was_person, joined_by }) => (joined_by === null ? null : was_person));
  return [...joined].flatMap(([person, told]) => {
    const [row] = told;
    if (person === null || row === undefined) return [];
    const registeredAt = row.joined_at as string;
    const at = told.find(({ institution_key }) => institution_key !== null) ?? (placed[0] as StaffRow);
    return [
      {
        ...common(at, ref),
        entity: 'person',
        action: 'end',
        entityId: person,
        reason: JOINED,
        rule: 'R02',
        effective: dayOf(registeredAt),
        registeredAt,
        before: { person },
        after: { person: row.person_id },
        judgement: row.joined_by,
      },
    ];
  });
}
