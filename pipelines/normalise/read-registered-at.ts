import { saysNothing } from './clean-text.ts';
import { parseDate } from './read-date.ts';
import { parseMoment } from './read-moment.ts';
import type { RowIssues } from './row-issues.ts';

/**
 * The source's own registration time (R24's clock), or null: then the caller's arrival stands in. A day without a time is read as its
 * first moment, with a warning: it can matter on the cut-off day only.
 */
export function readRegisteredAt(text: string, column: string, issues: RowIssues): string | null {
  if (saysNothing(text)) return null;
  const moment = parseMoment(text);
  if (moment !== null && !moment.startsWith('1970-01-01')) return moment;
  const day = parseDate(text);
  if (day === '') return null;
  if (day === null) {
    issues.warn('moment-unreadable', column, text);
    return null;
  }
  issues.warn('moment-without-time', column, text);
  return `${day}T00:00:00.000000+08:00`;
}
