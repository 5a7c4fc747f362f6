/** How a file is answered: whether, in which coding, which part. Pure. */
import type { IncomingHttpHeaders } from 'node:http';
import Negotiator from 'negotiator';
import { matchesAny, rangeOf, rangeStands } from './conditions.ts';

export const CODINGS = ['zstd', 'gzip', 'identity'] as const;
export type Coding = (typeof CODINGS)[number];

export interface AnswerPlan {
  status: 200 | 206 | 304 | 416;
  coding: Coding;
  etag: string;
  range: readonly [number, number] | null;
}

/** Each coding is a representation of its own. What gzip makes may differ with the version of the library, so it is not promised byte for byte. */
function etagOf(sha256: string, coding: Coding): string {
  if (coding === 'identity') return `"${sha256}"`;
  return `${coding === 'gzip' ? 'W/' : ''}"${sha256}-${coding}"`;
}

function codingFor(headers: IncomingHttpHeaders): Coding {
  if (headers['accept-encoding'] === undefined) return 'identity';
  const accepted = new Negotiator({ headers }).encodings([...CODINGS], { preferred: [...CODINGS] }) as Coding[];
  return accepted[0] ?? 'identity';
}

/** A part is one of the identity bytes: a download goes on where it stopped. */
export function planAnswer(headers: IncomingHttpHeaders, file: { bytes: number; sha256: string }): AnswerPlan {
  const whole = etagOf(file.sha256, 'identity');
  const stands = rangeStands(headers['if-range'] as string | undefined, whole);
  const range = stands ? rangeOf(headers.range, file.bytes) : null;
  const coding = range === null ? codingFor(headers) : 'identity';
  const etag = etagOf(file.sha256, coding);
  if (matchesAny(headers['if-none-match'], etag)) return { status: 304, coding, etag, range: null };
  if (range === 'beyond') return { status: 416, coding, etag, range: null };
  return { status: range === null ? 200 : 206, coding, etag, range };
}
