import type { Fail } from './failures.ts';
import { parseStrictJson, StrictJsonError } from './strict-json.ts';

/**
 * The value of a JSON body in UTF-8; `page` names it in errors. `repair` may mend the text before it is parsed.
 * @throws SourceError `jsonBroken` (retryable: a body cut on the way looks like it), `jsonDuplicateKey`, `jsonBigNumber`
 */
export function parseJson(
  body: Uint8Array,
  page: string,
  fail: Fail,
  repair: (text: string) => string = (text) => text,
): unknown {
  try {
    return parseStrictJson(repair(new TextDecoder('utf-8', { fatal: true }).decode(body)));
  } catch (error) {
    if (error instanceof StrictJsonError && error.problem !== 'syntax') {
      const failure = error.problem === 'duplicate-key' ? 'jsonDuplicateKey' : 'jsonBigNumber';
      throw fail(failure, { page, what: error.what });
    }
    if (error instanceof StrictJsonError || error instanceof TypeError) {
      throw fail('jsonBroken', { page, bytes: body.length }, { retryable: true });
    }
    throw error;
  }
}
