import { type CarePage, carePage } from '../../schemas/care-system.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { parseStrictJson, StrictJsonError } from './strict-json.ts';

export const CARE_LISTS = ['institutions', 'staff'] as const;
export type CareList = (typeof CARE_LISTS)[number];

/**
 * One page from its bytes; `page` names it in errors. Items are left unparsed: a broken one costs its row, not the source.
 * @throws SourceError `care-json-broken` (retryable: a body cut on the way looks like it), `care-json-duplicate-key`,
 * `care-json-big-number`, `care-page-shape`
 */
export function parsePage(body: Uint8Array, page: string): CarePage {
  const parsed = carePage.safeParse(parseJson(body, page));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SourceError('care-page-shape', { page, field: issue!.path.join('.') || '(root)', problem: issue!.message });
}

export function parseJson(body: Uint8Array, page: string): unknown {
  try {
    return parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    if (error instanceof StrictJsonError && error.problem !== 'syntax') {
      throw new SourceError(`care-json-${error.problem}`, { page, what: error.what });
    }
    if (error instanceof StrictJsonError || error instanceof TypeError) {
      throw new SourceError('care-json-broken', { page, bytes: body.length }, { retryable: true });
    }
    throw error;
  }
}
