import type { Issue } from '../../../schemas/records.ts';
import { SourceError } from '../../../schemas/source-error.ts';
import type { ReadNotes } from '../../contract.ts';
import { decodeText } from '../../tables/decode-text.ts';
import { readDelimited } from '../../tables/delimited.ts';
import { rechunk } from '../../tables/rechunk.ts';
import { columnKey, columnsOf, readHeader, type TableHeader, type TableName, type Version } from './columns.ts';
import type { Bundle } from './open-bundle.ts';

export interface CsvRecord {
  /** Place of its file in the delivery, and its line as a person counts. */
  object: number;
  row: number;
  /** Cell of a column by its name; '' where there is none. */
  get(column: string): string;
  /** Not empty where the row is broken as a row: its cells may have shifted. */
  issues: Issue[];
}

/** Cells of any CSV of the bundle, batch by batch. */
export async function* readCells(bundle: Bundle, table: string, score: (cells: readonly string[]) => number) {
  const opened = bundle.tables.get(table)!;
  const text = decodeText(rechunk(opened.open()), `${table}.csv`, () => {});
  yield* readDelimited(text, `${table}.csv`, score);
}

/** Records of one table, in batches. What its titles were taken for goes into the notes. @throws SourceError */
export async function* readRecords(
  bundle: Bundle,
  table: TableName,
  version: Version,
  notes: ReadNotes,
): AsyncGenerator<CsvRecord[]> {
  const { needed, known } = columnsOf(table, version);
  const titles = new Set([...needed, ...known].map(columnKey));
  const { object } = bundle.tables.get(table)!;
  let header: TableHeader | null = null;
  for await (const { rows, numbers, issues } of readCells(
    bundle,
    table,
    (cells) => cells.filter((cell) => titles.has(columnKey(cell))).length,
  )) {
    const from = header ? 0 : 1;
    if (!header) {
      header = readHeader(rows[0]!, table, version, bundle.file);
      note(notes, header);
    }
    const { places, width } = header;
    const place = placeOf(places);
    yield rows.slice(from).map((cells, i): CsvRecord => {
      const wrong = [...(issues?.get(i + from) ?? [])];
      if (cells.length > width && cells.slice(width).some((cell) => cell.trim() !== '')) {
        wrong.push({
          code: 'raw-cells-extra',
          column: null,
          value: null,
          params: { cells: cells.length, expected: width },
        });
      }
      return {
        object,
        row: numbers[i + from]!,
        issues: wrong,
        get: (column) => cells[place(column)] ?? '',
      };
    });
  }
  if (!header) throw new SourceError('file-empty', { file: `${table}.csv` });
}

/** Names are few and asked for once a row, so each is folded once. */
function placeOf(places: ReadonlyMap<string, number>): (column: string) => number {
  const known = new Map<string, number>();
  return (column) => {
    const before = known.get(column);
    if (before !== undefined) return before;
    const place = places.get(columnKey(column)) ?? -1;
    known.set(column, place);
    return place;
  };
}

function note(notes: ReadNotes, { guessed, ignored, dropped, fields }: TableHeader): void {
  const add = (key: string, more: string[]): void => {
    const before = (notes[key] as string[] | undefined) ?? [];
    const all = [...new Set([...before, ...more])];
    if (all.length > 0) notes[key] = all;
  };
  add('misspeltColumns', guessed);
  add('ignoredColumns', ignored);
  add('droppedColumns', dropped);
  // A table may be read twice.
  const before = notes.fields ?? [];
  notes.fields = [...before, ...fields.filter(({ name }) => !before.some((known) => known.name === name))];
}
