import type { RegisteredBy } from '../../schemas/records.ts';
import { cleanCell, saysNothing } from './clean-text.ts';
import type { NormaliseContext } from './context.ts';
import { parseDate } from './read-date.ts';
import { parseMoment } from './read-moment.ts';
import type { RowIssues } from './row-issues.ts';

/** R24's clock of one record, and whose word it is. */
export interface Registration {
  registeredAt: string;
  registeredBy: RegisteredBy;
}

/**
 * When the source registered a row (登錄時間, the care system's `updatedAt`); its arrival where the source does not say, or says what cannot be:
 * nothing is registered after it was sent, and such a claim would move a row over the cut-off (R24). A picture's own moment (`generatedAt`) is its
 * arrival here, so a feed is measured by its own clock. Both moments have the one written form, so comparing texts compares moments.
 */
export function readRegistration(
  raw: string | undefined,
  { registeredFallback }: NormaliseContext,
  issues: RowIssues,
): Registration {
  const said = readMoment(raw, 'registeredAt', issues);
  if (said !== null && said <= registeredFallback) return { registeredAt: said, registeredBy: 'source' };
  if (said !== null) issues.warn('registered-in-future', 'registeredAt', said);
  return { registeredAt: registeredFallback, registeredBy: 'arrival' };
}

/** A moment of a cell, or null. A day without a time is read as its first moment, with a warning: it can matter on the cut-off day only. */
export function readMoment(raw: string | undefined, column: string, issues: RowIssues): string | null {
  const text = cleanCell(raw, column, issues);
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
