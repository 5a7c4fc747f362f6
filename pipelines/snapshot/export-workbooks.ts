/**
 * A workbook for each institution, or for one, made of the stored rows of a snapshot: exactly what the planning systems got. They are no part of the stored package. The same snapshot
 * gives the same bytes.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import Papa from 'papaparse';
import type { CoverageEntry, ManifestResource, SnapshotExported } from '../../schemas/snapshot.ts';
import { readSnapshotFile } from '../../warehouse/snapshots.ts';
import type { PipelineContext } from '../context.ts';
import type { ReportTable } from '../report/tables/table-model.ts';
import { storedSnapshot } from './list-snapshots.ts';
import { SnapshotError } from './snapshot-error.ts';
import { entriesOf, fillFolder, writeFile } from './staged-folder.ts';
import { workbookTables } from './workbook-tables.ts';

type Render = (tables: readonly ReportTable[], title: string, at: string) => Promise<Uint8Array>;

/** Their libraries are loaded when a workbook is asked for. */
const RENDER = {
  xlsx: async (...given) => (await import('../report/render-xlsx.ts')).xlsxOf(...given),
  ods: async (tables) => (await import('../report/render-ods.ts')).odsOf(tables),
} as const satisfies Record<string, Render>;
export type WorkbookFormat = keyof typeof RENDER;
export const WORKBOOK_FORMATS = Object.keys(RENDER) as WorkbookFormat[];

export interface WorkbookRequest {
  id: string;
  dir: string;
  format: WorkbookFormat;
  /** Code, or code and section; all institutions of the plan where it is null. */
  institution: { code: string; section: string | null } | null;
}

interface Group {
  entry: CoverageEntry;
  rows: string[][];
}

/** Records of a stored CSV, its header too. */
async function* recordsOf(ctx: PipelineContext, id: string, file: string): AsyncGenerator<string[]> {
  const text = Readable.from(readSnapshotFile(ctx.db, ctx.keyring, id, file), { objectMode: false });
  text.setEncoding('utf8');
  const parser = Papa.parse(Papa.NODE_STREAM_INPUT, { delimiter: ',', newline: '\r\n', skipEmptyLines: true });
  text.on('error', (error) => parser.destroy(error));
  for await (const record of text.pipe(parser)) yield record as string[];
}

/** Institutions in the order of the coverage, which is that of the rows; who has no row has an empty table. */
async function* groupsOf(
  records: AsyncIterable<string[]>,
  source: ManifestResource,
  coverage: readonly CoverageEntry[],
): AsyncGenerator<Group> {
  const at = (name: string): number => source.schema?.fields.findIndex((f) => f['mingce:name'] === name) ?? -1;
  const [code, section] = [at('institution_code'), at('section')];
  let header = true;
  let n = 0;
  let rows: string[][] = [];
  for await (const record of records) {
    if (header) {
      header = false;
      continue;
    }
    for (;;) {
      const entry = coverage[n];
      if (!entry) throw new Error('a row of an institution that is not in the coverage, or not in its order');
      if (record[code] === entry.code && record[section] === entry.section) break;
      yield { entry, rows };
      rows = [];
      n += 1;
    }
    rows.push(record);
  }
  for (const entry of coverage.slice(n)) {
    yield { entry, rows };
    rows = [];
  }
}

const fileName = ({ code, section }: CoverageEntry, format: WorkbookFormat): string =>
  `${code}-${section}.${format}`.replaceAll(/[^\p{L}\p{N}.-]/gu, '_');

function wantedOf(
  coverage: readonly CoverageEntry[],
  { id, institution }: WorkbookRequest,
): ReadonlySet<CoverageEntry> {
  if (institution === null) return new Set(coverage);
  const { code, section } = institution;
  const found = coverage.filter((entry) => entry.code === code && (section === null || entry.section === section));
  if (found.length === 0) {
    const named = section === null ? code : `${code}:${section}`;
    throw new SnapshotError(
      'unknown-institution',
      `${id} has no institution ${named}; "mingce snapshot show ${id} --json" lists them under coverage`,
    );
  }
  return new Set(found);
}

/** @returns what was written. @throws SnapshotError, StoredFileError */
export async function exportWorkbooks(ctx: PipelineContext, request: WorkbookRequest): Promise<SnapshotExported> {
  const { id, format } = request;
  const { manifest } = await storedSnapshot(ctx, id);
  const { coverage, cutOff, kind } = manifest.mingce;
  const source = manifest.resources.find((resource) => resource.path === `${kind}.csv`);
  if (!source) throw new Error(`${id} has no ${kind}.csv`);
  const wanted = wantedOf(coverage, request);
  const target = path.resolve(request.dir);
  const entries = await entriesOf(target);
  const taken = [...wanted].map((entry) => fileName(entry, format)).find((name) => entries?.includes(name));
  if (taken !== undefined)
    throw new SnapshotError('folder-not-empty', `${target} holds ${taken} already, which is not written over`);
  const files: SnapshotExported['files'] = [];
  await fillFolder(target, entries !== null, async (staging) => {
    for await (const { entry, rows } of groupsOf(recordsOf(ctx, id, source.path), source, coverage)) {
      ctx.signal.throwIfAborted();
      if (!wanted.has(entry)) continue;
      const name = fileName(entry, format);
      const title = `${id} ${entry.name}`;
      const bytes = await RENDER[format](workbookTables(manifest, source, entry, rows), title, cutOff);
      await writeFile(path.join(staging, name), Readable.from([bytes]));
      files.push({
        path: name,
        bytes: bytes.length,
        sha256: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      });
      ctx.progress(`workbooks of ${id}`, files.length, wanted.size);
    }
    return files.map((file) => file.path);
  });
  ctx.log.info({ snapshot: id, dir: target, files: files.length }, 'workbooks exported');
  return { id, dir: target, files };
}
