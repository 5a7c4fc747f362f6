/**
 * Made-up care-system ids: city `09`, postal code of the district, a running number, a branch suffix. Running
 * numbers follow the order of the ministry's codes in the district; the real ones are not in any list at hand.
 */
import type { KindergartenFact } from './reference.ts';

const POSTAL: Readonly<Record<string, string>> = Object.fromEntries(
  (
    '中400 東401 南402 西403 北404 北屯406 西屯407 南屯408 太平411 大里412 霧峰413 烏日414 豐原420 后里421 石岡422 東勢423 和平424 ' +
    '新社426 潭子427 大雅428 神岡429 大肚432 沙鹿433 龍井434 梧棲435 清水436 大甲437 外埔438 大安439'
  )
    .split(' ')
    .map((entry) => [`${entry.slice(0, -3)}區`, entry.slice(-3)]),
);

/** @throws Error for a district without postal code. */
function postalOf(district: string): string {
  const postal = POSTAL[district];
  if (!postal) throw new Error(`no postal code for district "${district}"`);
  return postal;
}

/** The next running number of a district: for a kindergarten that opens. */
export function nextSid(district: string, sids: Iterable<string>): string {
  const start = `09${postalOf(district)}`;
  const numbers = [...sids].filter((sid) => sid.startsWith(start)).map((sid) => Number(sid.slice(5, 10)));
  return `${start}${String(Math.max(0, ...numbers) + 1).padStart(5, '0')}`;
}

/** sid by the ministry's code. @throws Error for a district without postal code. */
export function makeSids(kindergartens: readonly KindergartenFact[]): Map<string, string> {
  const sids = new Map<string, string>();
  const next = new Map<string, number>();
  const byCode = [...kindergartens].sort((a, b) => (a.code < b.code ? -1 : 1));
  for (const fact of byCode) {
    if (fact.code.includes('-')) continue;
    const postal = postalOf(fact.district);
    const number = (next.get(postal) ?? 0) + 1;
    next.set(postal, number);
    sids.set(fact.code, `09${postal}${String(number).padStart(5, '0')}`);
  }
  for (const fact of byCode) {
    const [base = '', branch] = fact.code.split('-');
    if (branch === undefined) continue;
    const parent = sids.get(base);
    if (!parent) throw new Error(`kindergarten branch ${fact.code} has no main institution ${base} in the list`);
    sids.set(fact.code, `${parent}-${branch}`);
  }
  return sids;
}
