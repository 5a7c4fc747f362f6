/** Kinds of business accounts are configuration, so any text is one; but the one that rules hang on is known however it is written (R16, R18). */
import { LEAD_KIND } from '../../schemas/records.ts';
import { nfkc } from './clean-text.ts';

/** What schools write for it. Keys are NFKC without spaces and without what stands in brackets after it, as in 總負責人（校長）. */
const LEAD_SPELLINGS: ReadonlySet<string> = new Set(
  '總負責人,總負責人員,總負責人帳號,學校總負責人,學校總負責人員,學校總負責人帳號'.split(','),
);
const IN_BRACKETS = /[([〔【［][^)\]〕】］]*[)\]〕】］]$/u;

/** @param text a cleaned cell */
export function readAccountKind(text: string): string {
  const bare = nfkc(text).replace(/\s+/gu, '').replace(IN_BRACKETS, '');
  return LEAD_SPELLINGS.has(bare) ? LEAD_KIND : text;
}
