/** What the public map of the care system answers for one district: an array of kindergartens, no moment, no total, no status. */
import { z } from 'zod';
import { SourceError } from '../../schemas/source-error.ts';
import { parseStrictJson, StrictJsonError } from '../care-system/strict-json.ts';

/** `newsch` is 1 on all that were ever seen; what it means is not published. `lat` and `lng` jitter from day to day. */
export const mapItem = z.looseObject({
  newsch: z.number().optional(),
  lat: z.number().optional(),
  lng: z.number().optional(),
  /** base64 of UTF-16LE of the sid. */
  sid: z.string().min(1),
  /** The official name, behind its status in brackets: `(準公共)臺中市私立甲子園幼兒園`. */
  name: z.string().min(1),
  /** spub0 公立, spub1 私立, spub2 非營利, spub3 準公共. A new one is the normaliser's to judge. */
  type: z.string().min(1),
});
export type MapItem = z.infer<typeof mapItem>;

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
