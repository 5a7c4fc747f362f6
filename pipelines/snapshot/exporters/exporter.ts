/**
 * What writes one file of a snapshot. All exporters of a snapshot are fed by one traversal of its rows, in parallel; each says when it may have more, and
 * holds a bounded number of rows.
 */
import type { StoredFile } from '../../../warehouse/snapshots.ts';

export interface Exporter<Row> {
  readonly path: string;
  /** Resolves when the next block may come. */
  rows(block: readonly Row[]): Promise<void>;
  /** Resolves when the whole file is in the database, uncommitted. */
  end(): Promise<Exported>;
  /** Lets go of what is held; nothing of the file stays. */
  abandon(): void;
}

export interface Exported {
  file: StoredFile;
  rows: number;
  /** Checks of the file's own, beside its rows: what must not be there, as a number that must be 0. */
  faults?: Readonly<Record<string, number>>;
  /** Rows of each table of an archive. */
  tables?: Readonly<Record<string, number>>;
}

/** Each block goes to all; the slowest sets the pace. @returns in the order of the exporters */
export async function traverse<Row>(
  blocks: AsyncIterable<readonly Row[]>,
  exporters: readonly Exporter<Row>[],
): Promise<Exported[]> {
  try {
    for await (const block of blocks) {
      if (block.length > 0) await Promise.all(exporters.map((exporter) => exporter.rows(block)));
    }
    const exported: Exported[] = [];
    for (const exporter of exporters) exported.push(await exporter.end());
    return exported;
  } catch (error) {
    for (const exporter of exporters) exporter.abandon();
    throw error;
  }
}
