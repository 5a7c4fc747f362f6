/**
 * What lies in an inbox and is no file: links, pipes, devices. None is followed or opened, for a link could point at any file of the machine. Whoever put
 * it there meant something by it, so they are told, in a part of their own that fails until they are gone: no school's files wait for it.
 */
import { SourceError } from '../../schemas/source-error.ts';
import type { Part } from '../contract.ts';
import { shownName } from './shown-name.ts';

const ENTRIES = '/unknown-entries';
const NAMED = 5;

/** @param paths of the entries, in any order @returns one part, or none where there is no such entry */
export function irregularParts(drop: string, paths: readonly string[]): Part[] {
  if (paths.length === 0) return [];
  const files = paths.toSorted();
  return [{ source: `${drop}${ENTRIES}`, drop, files, stamps: files.map(() => 'irregular') }];
}

/** @throws SourceError `inbox-irregular` where the part is of such entries */
export function refuseIrregular({ source, files }: Part): void {
  if (!source.endsWith(ENTRIES)) return;
  const named = files.slice(0, NAMED).map((path) => shownName(path));
  const more = files.length > NAMED ? '…' : '';
  throw new SourceError('inbox-irregular', { count: files.length, files: named.join('、') + more });
}
