/** One text for one value: keys sorted by code unit, two spaces, a final newline. The same manifest has the same bytes everywhere. */
import { hash } from 'node:crypto';

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sorted(v)]));
}

export const canonicalJson = (value: unknown): string => `${JSON.stringify(sorted(value), null, 2)}\n`;

/** SHA-256 of the manifest without its own fingerprint. */
export function fingerprintOf(manifest: { mingce: object; [key: string]: unknown }): string {
  const { fingerprint: _, ...mingce } = manifest.mingce as { fingerprint?: string };
  return `sha256:${hash('sha256', canonicalJson({ ...manifest, mingce }))}`;
}
