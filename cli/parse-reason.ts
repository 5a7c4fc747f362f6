import { sensitiveIn } from '../schemas/sensitive-text.ts';
import { UsageError } from './usage-error.ts';

const LONGEST = 500;
/** What would break or turn the line in which a reason is shown: control characters, and those that change the direction of the text. */
const UNPRINTED = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const WHAT = { identifier: 'a national id or resident number', credential: 'a credential' } as const;

/** Why somebody decides, as typed with an option; it is kept in the audit trail. @throws UsageError naming the option, not the text */
export function parseReason(option: string, typed: string): string {
  const text = typed.trim();
  if (text === '' || text.length > LONGEST)
    throw new UsageError(`${option}: ${text.length} characters; expected a reason of 1 to ${LONGEST}`);
  if (UNPRINTED.test(text))
    throw new UsageError(`${option}: holds a line break or another control character; expected one line of plain text`);
  const found = sensitiveIn(text);
  if (found !== null)
    throw new UsageError(
      `${option}: the text holds ${WHAT[found]}, and is kept for as long as the installation; expected a reason without one`,
    );
  return text;
}
