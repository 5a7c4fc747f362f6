import type { Cause } from '../../../schemas/snapshot-delta.ts';
import type { CauseRow } from '../../../warehouse/views/snapshot-causes.ts';

const DATA_CORRECTED = '資料更正';

/**
 * What something that was recorded is the cause of. A decision stands before when it came; a school that corrects what it had said tells no change of the world; and what a
 * decision about who is one person writes of their posts, by an old registration, is of that decision.
 * @param rows all that bears on a row
 */
export function causeOf(rows: readonly CauseRow[]): (row: CauseRow) => Cause {
  const decided = new Set(rows.filter(({ part }) => part === 'identity').map(({ run_id: run }) => run));
  return ({ part, reason, late, by_hand: byHand, run_id: run }) => {
    if (part === 'identity' || (part === 'identifier' && byHand)) return 'identity';
    if (part === 'assignment' && late && decided.has(run)) return 'identity';
    if (byHand) return 'correction';
    if (late) return 'late';
    return part === 'identifier' || reason === DATA_CORRECTED ? 'correction' : 'change';
  };
}
