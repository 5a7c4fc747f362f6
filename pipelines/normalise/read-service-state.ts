import type { EndReason } from '../../schemas/records.ts';
import { cleanCell, saysNothing } from './clean-text.ts';
import { codedText } from './coded-values.ts';
import type { RowIssues } from './row-issues.ts';

/** 在職狀況 as words, and as the codes 0 to 4 of a school system in use: 0 在職, 1 調出, 2 退休, 3 代課期滿, 4 資遣. */
const STATES: ReadonlyMap<string, EndReason | '在職'> = new Map(
  (
    [
      ['在職', '0,在職,現職,在校,任職中'],
      ['轉校', '1,調出,轉出,調校,轉校,介聘轉出'],
      ['退休', '2,退休,已退休'],
      ['代理期滿', '3,代課期滿,代理期滿,聘期屆滿,聘約期滿'],
      ['離職', '4,資遣,離職,已離職,辭職'],
    ] as const
  ).flatMap(([state, names]) => names.split(',').map((name) => [name, state] as const)),
);

export const knowsServiceState = (text: string): boolean => STATES.has(codedText(text));

/** What 在職狀況 says of the person; null where it says nothing that is known. */
export function readServiceState(raw: string | undefined, issues: RowIssues): EndReason | '在職' | null {
  const text = cleanCell(raw, 'serviceState', issues);
  if (saysNothing(text)) return null;
  const state = STATES.get(codedText(text)) ?? null;
  if (state === null) issues.warn('service-state-unreadable', 'serviceState', text);
  return state;
}
