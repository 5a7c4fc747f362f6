/** From what lies in an inbox to the parts of a run and back: what every connector with an inbox does alike. */
import { createHash } from 'node:crypto';
import { SourceError } from '../../schemas/source-error.ts';
import type { ConnectorContext, Part } from '../contract.ts';
import type { InboxFile, InboxStore } from './inbox-store.ts';
import { irregularParts } from './irregular-entries.ts';
import { schoolCodeOf } from './school-code.ts';
import { shownName } from './shown-name.ts';

/**
 * Parts by the source that each file belongs to, files in the order of the inbox, oldest first; links and pipes are a part of their own.
 * @param sourceOf `roster/064601`; where nobody can tell, `unknownSource`: it fails alone, and no other file waits for it
 */
export async function partsOf(
  store: InboxStore,
  drop: string,
  ctx: ConnectorContext,
  sourceOf: (file: InboxFile) => string | Promise<string>,
): Promise<Part[]> {
  const { files, irregular } = await store.list(ctx);
  const placed: Placed[] = [];
  for (const file of files) {
    ctx.signal.throwIfAborted();
    placed.push({ source: await sourceOf(file), file });
  }
  return [...groupParts(drop, placed), ...irregularParts(drop, irregular)];
}

export interface Placed {
  source: string;
  file: InboxFile;
}

/** One part per source, sources and files in the order given. */
export function groupParts(drop: string, placed: readonly Placed[]): Part[] {
  const sources = Map.groupBy(placed, ({ source }) => source);
  return [...sources].map(([source, own]) => ({
    source,
    drop,
    files: own.map(({ file }) => file.path),
    stamps: own.map(({ file }) => file.stamp),
  }));
}

/** The source of a file that belongs to no known one. The digest tells two of them apart without showing a name that a person typed. */
export const unknownSource = (drop: string, path: string): string =>
  `${drop}${UNKNOWN}${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;

const UNKNOWN = '/unknown-';

/** The source of a file by the school that its folder and name say. */
export function sourceByPath(drop: string, path: string): string {
  const named = schoolCodeOf(path);
  return named && 'code' in named ? `${drop}/${named.code}` : unknownSource(drop, path);
}

/**
 * Nobody to ask: neither folder, name nor content says which school speaks; or they say two.
 * @throws SourceError `file-school-unknown`, `file-school-conflict` where the part is that of such a file
 */
export function refuseUnknown({ source }: Part, path: string): void {
  if (!source.includes(UNKNOWN)) return;
  const named = schoolCodeOf(path);
  const file = shownName(path);
  throw named && 'conflict' in named
    ? new SourceError('file-school-conflict', { file, codes: named.conflict.join('、') })
    : new SourceError('file-school-unknown', { file });
}

/** Originals leave the inbox, those that are still what they were when the run found them. */
export async function settleFiles(store: InboxStore, { files, stamps }: Part): Promise<void> {
  for (const [i, path] of files.entries()) {
    const stamp = stamps?.[i];
    if (stamp !== undefined) await store.remove(path, stamp);
  }
}
