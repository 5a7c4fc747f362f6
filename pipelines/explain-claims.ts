/** Which source won and which lost, for a value that several say differently now: weighed as reconcile weighs them. Pure. */
import type { ExplainedClaim } from '../schemas/outputs/explanation.ts';
import type { InstitutionRef } from '../schemas/outputs/institution-ref.ts';
import { type PersonField, PRECEDENCE } from '../schemas/precedence.ts';
import type { ManualValueRow } from '../warehouse/manual-values.ts';
import type { ClaimRow } from '../warehouse/views/explain.ts';
import { type Claim, decidedBy, inOrder } from './reconcile/precedence.ts';

export type ClaimedColumn = Exclude<PersonField, 'name_key'>;

const claimOf = ({ primary, serving, school, registered_at }: ClaimRow): Claim => ({
  primary,
  serving,
  school,
  registeredAt: registered_at,
});

/**
 * @param hands in force now, newest first
 * @returns nothing where all that say anything say the same
 */
export function claimsOf(
  column: ClaimedColumn,
  rows: readonly ClaimRow[],
  hands: readonly ManualValueRow[],
  refs: ReadonlyMap<string, InstitutionRef>,
): ExplainedClaim[] {
  const { order } = PRECEDENCE[column];
  const heard = inOrder(
    order,
    rows.filter((row) => row[column] !== null),
    claimOf,
  );
  const hand = hands.find((h) => column in h.columns);
  const byHand = hand && {
    value: (hand.columns[column] as string | null) ?? null,
    source: null,
    object: null,
    row: null,
    institution: null,
    registeredAt: hand.set_at,
    manual: hand.id,
    lostBy: null,
  };
  const first = heard[0];
  const told = heard.map((row): ExplainedClaim => {
    const lost = hand
      ? 'by-hand'
      : first === undefined || row === first
        ? null
        : decidedBy(order, claimOf(first), claimOf(row));
    return {
      value: row[column],
      source: row.source,
      object: row.object,
      row: row.row,
      institution: refs.get(row.institution_key ?? '') ?? null,
      registeredAt: row.registered_at,
      manual: null,
      lostBy: lost,
    };
  });
  const claims = byHand ? [byHand, ...told] : told;
  return claims.some(({ value }) => value !== claims[0]?.value) ? claims : [];
}
