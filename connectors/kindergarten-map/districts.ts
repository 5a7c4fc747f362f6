/**
 * Which district an answer of the map is about. Its file says so by name (`401.json`, `401/2026-07-21.json`), and its sids say so too: they carry the
 * postal code of where the kindergarten was registered. The two must agree: a file under the name of another district would make every
 * kindergarten of that district look gone.
 */
import { SourceError } from '../../schemas/source-error.ts';

/** Postal codes of 臺中市. A code that is not here has no district's name; the kindergarten is kept without one. */
const DISTRICTS: Readonly<Record<string, string>> = {
  400: '中區',
  401: '東區',
  402: '南區',
  403: '西區',
  404: '北區',
  406: '北屯區',
  407: '西屯區',
  408: '南屯區',
  411: '太平區',
  412: '大里區',
  413: '霧峰區',
  414: '烏日區',
  420: '豐原區',
  421: '后里區',
  422: '石岡區',
  423: '東勢區',
  424: '和平區',
  426: '新社區',
  427: '潭子區',
  428: '大雅區',
  429: '神岡區',
  432: '大肚區',
  433: '沙鹿區',
  434: '龍井區',
  435: '梧棲區',
  436: '清水區',
  437: '大甲區',
  438: '外埔區',
  439: '大安區',
};

export const districtName = (postalCode: string): string => DISTRICTS[postalCode] ?? '';

const IN_NAME = /(?<![0-9A-Za-z])\d{3}(?![0-9A-Za-z])/g;
const SID = /^\d{2}(\d{3})\d{5}(?:-\d{2})?$/;

const postalCodeOf = (item: unknown): string | null => {
  const sid = item !== null && typeof item === 'object' ? (item as { sid?: unknown }).sid : null;
  if (typeof sid !== 'string') return null;
  return SID.exec(Buffer.from(sid, 'base64').toString('utf16le'))?.[1] ?? null;
};

/** The one postal code in a file's path; null where there is none, or several (a year's folder looks the same). */
export function districtInName(path: string): string | null {
  const named = new Set(path.match(IN_NAME) ?? []);
  return named.size === 1 ? ([...named][0] as string) : null;
}

/** The postal code that most sids carry: one that moved house keeps the sid of its old district. @throws SourceError `map-district-unknown` */
export function districtOf(items: readonly unknown[], file: string): string {
  const counts = new Map<string, number>();
  for (const item of items) {
    const code = postalCodeOf(item);
    if (code !== null) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const leading = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
  if (leading === undefined) throw new SourceError('map-district-unknown', { file });
  return leading;
}
