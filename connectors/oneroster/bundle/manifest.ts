/**
 * manifest.csv of a bundle: which version, and for each file whether it is there whole (`bulk`), as changes (`delta`) or not at all (`absent`). A
 * bundle whose files are others than its manifest says was cut or mixed on the way, so it is refused.
 */
import { SourceError } from '../../../schemas/source-error.ts';
import { shownTitle } from '../../files/shown-name.ts';
import type { TableName, Version } from './columns.ts';
import { readCells } from './csv-records.ts';
import type { Bundle } from './open-bundle.ts';

export type Mode = 'bulk' | 'delta' | 'absent';

export interface Manifest {
  version: Version;
  modeOf(table: TableName): Mode;
  /** Everybody is in it: who is not, is missing. */
  complete: boolean;
}

const MODES: ReadonlySet<string> = new Set(['bulk', 'delta', 'absent']);

/** Tables without which nobody's place can be told. */
export const neededTables = (version: Version): readonly TableName[] =>
  version === '1.1' ? ['orgs', 'users'] : ['orgs', 'users', 'roles'];

/** @throws SourceError `oneroster-manifest-missing`, `oneroster-manifest-broken`, `oneroster-manifest-contradicts`, `oneroster-file-missing` */
export async function readManifest(bundle: Bundle): Promise<Manifest> {
  const { file, tables } = bundle;
  if (!tables.has('manifest')) throw new SourceError('oneroster-manifest-missing', { file });
  const said = new Map<string, string>();
  for await (const { rows } of readCells(bundle, 'manifest', (cells) => (cells[0] === 'propertyName' ? 2 : 0))) {
    for (const [property = '', value = ''] of rows) said.set(property.trim().toLowerCase(), value.trim().toLowerCase());
  }
  const broken = (property: string): SourceError => {
    const value = shownTitle(said.get(property) ?? '').slice(0, 20) || '-';
    return new SourceError('oneroster-manifest-broken', { file, property: shownTitle(property), value });
  };
  const version = said.get('oneroster.version');
  if (version !== '1.1' && version !== '1.2') throw broken('oneroster.version');
  const modes = new Map<string, Mode>();
  for (const [property, value] of said) {
    const [, table] = /^file\.(\w+)$/.exec(property) ?? [];
    if (table === undefined) continue;
    if (!MODES.has(value)) throw broken(property);
    modes.set(table, value as Mode);
  }
  for (const [table, mode] of modes) {
    if (mode === 'absent' && tables.has(table))
      throw new SourceError('oneroster-manifest-contradicts', { file, table: shownTitle(table) });
    if (mode !== 'absent' && !tables.has(table))
      throw new SourceError('oneroster-file-missing', { file, table: shownTitle(table), mode });
  }
  for (const table of [...neededTables(version), 'demographics'] as const) {
    if (tables.has(table) && !modes.has(table))
      throw new SourceError('oneroster-manifest-contradicts', { file, table });
  }
  const modeOf = (table: TableName): Mode => modes.get(table) ?? 'absent';
  for (const table of neededTables(version)) {
    if (modeOf(table) === 'absent') throw new SourceError('oneroster-file-missing', { file, table, mode: 'absent' });
  }
  return { version, modeOf, complete: neededTables(version).every((table) => modeOf(table) === 'bulk') };
}
