import { cleanCell, codeText, nfkc, saysNothing } from './clean-text.ts';
import { maskText } from './mask-value.ts';
import { bareCode, looksLikeId } from './national-id.ts';
import { sha256 } from './read-identifier.ts';
import type { RowIssues } from './row-issues.ts';

const LONGEST_ACCOUNT_NAME = 100;
const DECIMAL_TAIL = /^\d+\.0+$/;
const DIGEST = /^[0-9a-f]{64}$/;
/** An identifier between other signs, as in `A123456789@school` or `t_a123456789`. */
const HOLDS_ID = /(?<![0-9A-Z])[A-Z][0-9A-D]\d{8}(?![0-9A-Z])/;

export interface AccountName {
  /** What may be stored and shown. */
  shown: string;
  /** What the record's key is made of. */
  forKey: string;
}

/**
 * As the system spells it, in half width; `5567461.0` is Excel's. Case is kept for people and left out of the key. Some schools use the holder's
 * identifier as the name: an identifier lives in its sealed column only (I8), so such a name is shown masked, and a digest stands for it in the key,
 * which landing replaces by its pseudonym. Null when there is no usable name.
 */
export function readAccountName(raw: string | undefined, issues: RowIssues): AccountName | null {
  const text = nfkc(cleanCell(raw, 'accountName', issues));
  if (saysNothing(text)) {
    issues.reject('account-name-missing', 'accountName', null);
    return null;
  }
  if (text.length > LONGEST_ACCOUNT_NAME) {
    issues.reject('account-name-too-long', 'accountName', maskText(text), { longest: LONGEST_ACCOUNT_NAME });
    return null;
  }
  const name = DECIMAL_TAIL.test(text) ? codeText(text) : text;
  const digest = digestOfIdentifierName(name);
  if (digest === null) return { shown: name, forKey: name.toLowerCase() };
  const masked = maskText(name);
  issues.warn('account-name-is-identifier', 'accountName', masked);
  return { shown: masked, forKey: digest };
}

/** The identifier's own digest (edu_key) where the name is nothing else, however it is written; null for an ordinary name. */
function digestOfIdentifierName(name: string): string | null {
  const bare = bareCode(name);
  if (looksLikeId(bare)) return sha256(bare);
  if (DIGEST.test(name.toLowerCase())) return name.toLowerCase();
  const upper = name.toUpperCase();
  return HOLDS_ID.test(upper) ? sha256(upper) : null;
}
