/** Which of several records is heard, by the table of `schemas/precedence.ts`. Pure. */
import type { Criterion } from '../../schemas/precedence.ts';

/** What of a record its word is weighed by. */
export interface Claim {
  /** It sets the service unit. */
  primary: boolean;
  /** Neither told to have ended nor closed for another unit's registration. */
  serving: boolean;
  school: boolean;
  /** ISO moment, as the database writes them: they compare as they follow each other. */
  registeredAt: string;
}

const WEIGHT: Readonly<Record<Criterion, (claim: Claim) => string>> = {
  'service-unit': ({ primary }) => (primary ? '1' : '0'),
  serving: ({ serving }) => (serving ? '1' : '0'),
  school: ({ school }) => (school ? '1' : '0'),
  newest: ({ registeredAt }) => registeredAt,
};

/** The criterion by which one claim goes before another; null where none tells them apart. */
export const decidedBy = (order: readonly Criterion[], a: Claim, b: Claim): Criterion | null =>
  order.find((criterion) => WEIGHT[criterion](a) !== WEIGHT[criterion](b)) ?? null;

/** Whoever is heard first stands first; what nothing tells apart stays in the order given. */
export function inOrder<T>(order: readonly Criterion[], items: readonly T[], claimOf: (item: T) => Claim): T[] {
  if (items.length < 2) return [...items];
  const claims = items.map((item) => ({ item, claim: claimOf(item) }));
  const compare = (a: Claim, b: Claim): number => {
    const criterion = decidedBy(order, a, b);
    if (criterion === null) return 0;
    return WEIGHT[criterion](a) > WEIGHT[criterion](b) ? -1 : 1;
  };
  return claims.toSorted((a, b) => compare(a.claim, b.claim)).map(({ item }) => item);
}
