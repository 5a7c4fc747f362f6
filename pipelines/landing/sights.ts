/**
 * What a run knows of files on servers: there a file arrived when we first saw it, whatever time its sender gave it (R24). Connectors keep no state, so
 * they are told.
 */
import { createHash } from 'node:crypto';
import type { ConnectorContext, Part } from '../../connectors/contract.ts';
import type { Keyring } from '../../warehouse/keyring.ts';
import { forgetFiles, seeFiles } from '../../warehouse/landing/sights.ts';
import type { PipelineContext } from '../context.ts';

/** Of path, size and modification time; an arrival that a stamp holds besides does not count. */
function standIn(keyring: Keyring, path: string, stamp: string): Buffer {
  const [bytes, modified] = stamp.split(':');
  return keyring.pseudonym(createHash('sha256').update(`${bytes}:${modified}:${path}`).digest('hex'));
}

/** @param look moment of the look, the moment it hears until, and whether it speaks for one that has passed (a closing run) */
export const sightsFor =
  (
    { db, keyring }: PipelineContext,
    look: { at: string; until: string; past: boolean },
  ): NonNullable<ConnectorContext['sights']> =>
  async (source, files) => {
    const seen = await seeFiles(db, {
      ...look,
      source,
      files: files.map(({ path, stamp }) => standIn(keyring, path, stamp)),
    });
    return seen.map((file) => file ?? { arrived: 0, counts: false, unchangedFor: 0 });
  };

/** @param parts of one drop, whose files were removed. A file of an archive is forgotten with the archive, by the next look. */
export async function forgetSights({ db, keyring }: PipelineContext, parts: readonly Part[]): Promise<void> {
  const plain = parts.flatMap(({ files, stamps = [] }) =>
    files.flatMap((path, i) => {
      const stamp = stamps[i];
      return stamp === undefined || path.includes('//') ? [] : [standIn(keyring, path, stamp)];
    }),
  );
  const [first] = parts;
  if (first && plain.length > 0) await forgetFiles(db, first.drop, plain);
}
