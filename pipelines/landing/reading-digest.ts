import { createHash } from 'node:crypto';
import { type SourceShape, sourceShape } from '../../schemas/drift.ts';
import { storableJson } from '../../schemas/storable.ts';
import { RULES_VERSION } from '../normalise/rules-version.ts';
import { canonicalJson } from '../snapshot/canonical-json.ts';
import type { SourceSpec } from './source-spec.ts';

/**
 * Everything beside the bytes that decides what becomes of a delivery. A delivery counts as known only where its bytes and this are the same.
 * @param accepted the shape that it is held against: of one that was landed, as it stands after it. null before the first
 */
export function readingDigest(
  { contract, path, kinds, reading }: SourceSpec,
  source: string,
  complete: boolean,
  accepted: SourceShape | null,
): Buffer {
  const shape = accepted && sourceShape.parse(JSON.parse(storableJson(accepted)));
  const meaning = { rules: RULES_VERSION, complete, contract, path, kinds, configured: reading?.(source), shape };
  return createHash('sha256').update(canonicalJson(meaning)).digest();
}
