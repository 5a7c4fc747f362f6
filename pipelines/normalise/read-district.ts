import { cleanCell, saysNothing } from './clean-text.ts';
import type { RowIssues } from './row-issues.ts';

/** `[437]臺中市大甲區武曲里…`, `臺中市大甲區`, `大甲區`; a district is one to three characters before 區. */
const DISTRICT = /^(?:\[\d{2,6}\]|\d{3,6})?(?:\p{Script=Han}{2}[市縣])?(\p{Script=Han}{1,3}?區)/u;

/** 行政區, from its column or else from the address; null when neither says one. */
export function readDistrict(raw: string | undefined, address: string | null, issues: RowIssues): string | null {
  const text = cleanCell(raw, 'district', issues);
  if (!saysNothing(text)) {
    const district = DISTRICT.exec(text.normalize('NFKC').replace(/\s+/gu, ''))?.[1];
    if (district !== undefined) return district;
    issues.warn('district-unknown', 'district', text);
  }
  return address === null ? null : (DISTRICT.exec(address.normalize('NFKC').replace(/\s+/gu, ''))?.[1] ?? null);
}
