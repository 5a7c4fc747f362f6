import { sensitiveIn } from '../schemas/sensitive-text.ts';
import { UsageError } from './usage-error.ts';

const LONGEST = 500;
const WHAT = { identifier: 'a national id or resident number', credential: 'a credential' } as const;

/** Why somebody decides, as typed with an option; it is kept in the audit trail. @throws UsageError naming the option, not the text */
export function parseReason(option: string, typed: string): string {
  const text = typed.trim();
  if (text === '' || text.length > LONGEST)
    throw new UsageError(`${option}: ${text.length} characters; expected a reason of 1 to ${LONGEST}`);
  const found = sensitiveIn(text);
  if (found !== null)
    throw new UsageError(
      `${option}: the text holds ${WHAT[found]}, and is kept for as long as the installation; expected a reason without one`,
    );
  return text;
}
