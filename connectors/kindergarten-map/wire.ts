/** The answer of the public map for one district, from its bytes. */
import { SourceError } from '../../schemas/source-error.ts';
import { parseStrictJson, StrictJsonError } from '../http/strict-json.ts';

/**
 * Items are left unparsed: a broken one costs its row, not the district.
 * @throws SourceError `map-json-broken` (cut short, a login page, not text), `map-json-repeated` (a key twice), `map-json-shape`, `map-empty`
 */
export function parseMap(body: Uint8Array, file: string): unknown[] {
  const value = parseJson(body, file);
  if (!Array.isArray(value)) throw new SourceError('map-json-shape', { file });
  if (value.length === 0) throw new SourceError('map-empty', { file });
  return value;
}

function parseJson(body: Uint8Array, file: string): unknown {
  try {
    return parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    if (error instanceof StrictJsonError && error.problem === 'duplicate-key')
      throw new SourceError('map-json-repeated', { file, key: error.what });
    if (error instanceof StrictJsonError || error instanceof TypeError)
      throw new SourceError('map-json-broken', { file, bytes: body.length });
    throw error;
  }
}
