/** Bearer tokens that the server need not remember: an expiry signed with the server's own key. */
import { createHmac, timingSafeEqual } from 'node:crypto';

const signature = (payload: string, key: string): string =>
  createHmac('sha256', key).update(payload).digest('base64url');

const same = (a: string, b: string): boolean => {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
};

/** @param expiresAt milliseconds of the real clock. */
export function issueToken(key: string, expiresAt: number): string {
  const payload = String(expiresAt);
  return `${payload}.${signature(payload, key)}`;
}

export function tokenHolds(token: string, key: string, now: number): boolean {
  const [payload = '', signed = ''] = token.split('.');
  return same(signed, signature(payload, key)) && Number(payload) > now;
}

/** Opaque cursors: position and walk, signed, so that an invented one is refused. */
export function issueCursor(key: string, walk: string, offset: number): string {
  const payload = Buffer.from(`${offset}|${walk}`).toString('base64url');
  return `${payload}.${signature(payload, key).slice(0, 16)}`;
}

/** The offset; null when the cursor was not issued for this walk. */
export function readCursor(cursor: string, key: string, walk: string): number | null {
  const [payload = '', signed = ''] = cursor.split('.');
  if (!same(signed, signature(payload, key).slice(0, 16))) return null;
  const text = Buffer.from(payload, 'base64url').toString();
  const bar = text.indexOf('|');
  return text.slice(bar + 1) === walk ? Number(text.slice(0, bar)) : null;
}
