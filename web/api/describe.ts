import type { ApiSnapshot } from '../../schemas/api.ts';
import { KEYS_PATH, MANIFEST_PATH, SIGNATURE_PATH } from '../../schemas/snapshot.ts';
import type { DescribedSnapshot } from '../../warehouse/snapshot-reading.ts';
import { mediaTypeOf } from './media-type.ts';

export const API = '/api/v1';

/** A snapshot as the API shows it: with its addresses, from the root of the site. */
export function describe({ files, ...snapshot }: DescribedSnapshot): ApiSnapshot {
  const self = `${API}/snapshots/${snapshot.id}`;
  const links = {
    [MANIFEST_PATH]: `${self}/manifest`,
    [SIGNATURE_PATH]: `${self}/signature`,
    [KEYS_PATH]: `${self}/keys`,
  };
  const hrefOf = (path: string): string => (links as Record<string, string>)[path] ?? `${self}/files/${path}`;
  return {
    ...snapshot,
    files: files.map(({ path, bytes, sha256, rows, mediaType }) => ({
      path,
      href: hrefOf(path),
      mediaType: mediaTypeOf(path, mediaType),
      bytes,
      sha256: `sha256:${sha256}`,
      rows,
    })),
    links: {
      self,
      manifest: hrefOf(MANIFEST_PATH),
      signature: hrefOf(SIGNATURE_PATH),
      keys: hrefOf(KEYS_PATH),
      receipts: `${self}/receipts`,
    },
  };
}
