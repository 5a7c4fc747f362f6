/** Conditions and ranges of a request for a file (RFC 9110 §13, §14). Pure. */

const weak = (tag: string): string => tag.replace(/^W\//, '');

/** If-None-Match, by weak comparison. */
export function matchesAny(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return (header.match(/(?:W\/)?"[^"]*"/g) ?? []).some((tag) => weak(tag) === weak(etag));
}

/** First and last byte; `beyond` where none of them is in the file; null where the header asks for nothing that we part: it is left unheard, as the RFC allows. */
export function rangeOf(header: string | undefined, bytes: number): readonly [number, number] | 'beyond' | null {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return null;
  if (from === '') {
    const last = Number(to);
    return last === 0 || bytes === 0 ? 'beyond' : [Math.max(0, bytes - last), bytes - 1];
  }
  const first = Number(from);
  if (to !== '' && Number(to) < first) return null;
  if (first >= bytes) return 'beyond';
  return [first, to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1)];
}

/** If-Range: a part is of what the client has already, by strong comparison; another version is sent whole. */
export const rangeStands = (header: string | undefined, etag: string): boolean =>
  header === undefined || header.trim() === etag;
