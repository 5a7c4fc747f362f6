/**
 * The report as an OpenDocument spreadsheet, sheet for sheet as the XLSX. Written from a template: hucre has neither widths nor standing titles
 * in ODS, SheetJS no styles.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Eta } from 'eta';
import { strToU8, zipSync } from 'fflate';
import type { RunReport } from '../../schemas/outputs/report.ts';
import { odsText } from '../../schemas/spreadsheet-text.ts';
import { reportTables } from './report-tables.ts';
import { cellText, columnWidths, wallClock } from './tables/cell-values.ts';
import type { Cell, ReportTable } from './tables/table-model.ts';

const HERE = import.meta.dirname;
const MIME = 'application/vnd.oasis.opendocument.spreadsheet';
const MANIFEST = `<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="${MIME}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/></manifest:manifest>
`;
/** Archives have no zone; the same report has the same bytes. */
const WRITTEN = new Date(1980, 0, 1);
const MM_PER_CHARACTER = 2.1;

interface Written {
  type: 'none' | 'number' | 'text' | 'day' | 'moment';
  value?: string | number;
  shown?: string;
  /** Lines of pieces: texts, tabs, and spaces beyond the first of a run as their number, for XML folds them. */
  lines?: (string | number)[][];
}

/** A space at an end, and every one behind another, would be lost. */
const pieces = (line: string): (string | number)[] =>
  (line.match(/\t|^ +| +$| {2,}|(?:[^ \t]| (?=[^ \t]))+/g) ?? []).map((piece) =>
    piece.trim() === '' && piece !== '\t' ? piece.length : piece,
  );

function writtenCell(cell: Cell): Written {
  if (cell === null) return { type: 'none' };
  const shown = cellText(cell);
  if (typeof cell === 'string') return { type: 'text', lines: odsText(cell).split('\n').map(pieces) };
  if (typeof cell === 'number') return { type: 'number', value: cell, shown };
  return 'day' in cell
    ? { type: 'day', value: cell.day, shown }
    : { type: 'moment', value: wallClock(cell.moment), shown };
}

export const renderOds = (report: RunReport): Uint8Array => odsOf(reportTables(report));

/** Tables as a spreadsheet. */
export function odsOf(tables: readonly ReportTable[]): Uint8Array {
  const sheets = tables.map((table) => ({
    name: table.name,
    widths: columnWidths(table),
    columns: table.columns,
    rows: table.rows.map((row) => row.map(writtenCell)),
  }));
  const widths = [...new Set(sheets.flatMap((sheet) => sheet.widths))].sort((a, b) => a - b);
  const eta = new Eta({ views: HERE, autoEscape: true, autoTrim: false });
  const millimetres = (width: number): string => (width * MM_PER_CHARACTER).toFixed(1);
  return zipSync(
    {
      // First and not compressed, so that the kind of file can be told by its first bytes.
      mimetype: [strToU8(MIME), { level: 0 }],
      'content.xml': strToU8(eta.render('./ods-content', { sheets, widths, millimetres })),
      'styles.xml': readFileSync(path.join(HERE, 'ods-styles.xml')),
      'settings.xml': strToU8(eta.render('./ods-settings', { sheets })),
      'META-INF/manifest.xml': strToU8(MANIFEST),
    },
    { mtime: WRITTEN },
  );
}
