import { KEYS_PATH } from '../../schemas/snapshot.ts';

const BY_ENDING: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
  jws: 'application/jose; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
  zip: 'application/zip',
};

/** @param told by the manifest of the snapshot, where it speaks of the file */
export function mediaTypeOf(path: string, told: string | null): string {
  if (path === KEYS_PATH) return 'application/jwk-set+json';
  const known = BY_ENDING[path.split('.').at(-1) ?? ''];
  if (told === null) return known ?? 'application/octet-stream';
  return known?.startsWith(told) ? known : told;
}
