import { type CarePage, carePage } from '../../schemas/care-system.ts';
import { parseJson } from '../http/parse-json.ts';
import { failCare } from './codes.ts';

export const CARE_LISTS = ['institutions', 'staff'] as const;
export type CareList = (typeof CARE_LISTS)[number];

/**
 * One page from its bytes; `page` names it in errors. Items are left unparsed: a broken one costs its row, not the source.
 * @throws SourceError `care-json-broken` (retryable: a body cut on the way looks like it), `care-json-duplicate-key`,
 * `care-json-big-number`, `care-page-shape`
 */
export function parsePage(body: Uint8Array, page: string): CarePage {
  const parsed = carePage.safeParse(parseJson(body, page, failCare));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw failCare('shape', { page, field: issue!.path.join('.') || '(root)', problem: issue!.message });
}
