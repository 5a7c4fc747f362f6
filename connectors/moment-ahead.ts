import { SourceError } from '../schemas/source-error.ts';

/** How far a server's clock may be ahead of the run. */
const AHEAD_MS = 24 * 60 * 60 * 1000;

/**
 * For sources that say of which moment their picture is: one of the year 2099 would keep out every later one (I4).
 * @param asOf, @param now ISO with offset. @throws SourceError `api-moment-ahead`
 */
export function refuseMomentAhead(asOf: string, now: string, source: string): void {
  if (Date.parse(asOf) > Date.parse(now) + AHEAD_MS) throw new SourceError('api-moment-ahead', { source, asOf, now });
}
