import type { ConnectorContext, Part } from '../../contract.ts';
import { groupParts, unknownSource } from '../../files/inbox-parts.ts';
import { type InboxFile, type InboxStore, oldestFirst } from '../../files/inbox-store.ts';
import { irregularParts } from '../../files/irregular-entries.ts';
import { schoolCodeOf } from '../../files/school-code.ts';

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Files that lie together are one bundle; one that is no CSV is a bundle by itself (and refused if it is no ZIP). */
export function bundlesIn<File extends { path: string }>(files: readonly File[]): Map<string, File[]> {
  return Map.groupBy(files, ({ path }) => (/\.csv$/i.test(path) ? folderOf(path) : path)) as Map<string, File[]>;
}

/**
 * Parts of an inbox: a bundle whose folder or name holds the code of a school of the configuration is of that school (`oneroster/064601`), any
 * other is of the whole source. Two codes in one path are a part that fails alone, and so are links and pipes.
 */
export async function partsIn(
  inbox: InboxStore,
  { name, schools }: { name: string; schools: readonly string[] },
  ctx: ConnectorContext,
): Promise<Part[]> {
  const { files: found, irregular } = await inbox.list(ctx);
  const bundles = [...bundlesIn(found)];
  /** A bundle is as old as its newest file; its path decides between two of one moment. */
  const asFile = ([path, files]: [string, InboxFile[]]): InboxFile => ({
    ...files.toSorted(oldestFirst).at(-1)!,
    path,
  });
  bundles.sort((one, other) => oldestFirst(asFile(one), asFile(other)));
  const placed = bundles.flatMap(([path, files]) => {
    const source = sourceOf(path, name, schools);
    return files.map((file) => ({ source, file }));
  });
  return [...groupParts(name, placed), ...irregularParts(name, irregular)];
}

function sourceOf(path: string, name: string, schools: readonly string[]): string {
  // A path that ends a folder name has no ending to take off.
  const named = schoolCodeOf(/\.zip$/i.test(path) ? path : `${path}.zip`);
  if (named === null) return name;
  if ('conflict' in named) return unknownSource(name, path);
  return schools.includes(named.code) ? `${name}/${named.code}` : name;
}
