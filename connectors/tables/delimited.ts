/**
 * CSV and TSV in batches. papaparse's own `Parser` is driven by hand: text goes in piece by piece, complete rows come out and the rest
 * waits for the next piece, so a million rows stream with the memory of one piece, and the consumer sets the pace.
 * Lines are cut at `\n` and a `\r` before it is taken off (also one that a quoted last cell ends with), so mixed line ends do no harm. A quoted cell may hold line ends; a quote
 * that is not closed would swallow rows without a trace, so that stops the file (I5).
 */
import Papa from 'papaparse';
import type { Issue } from '../../schemas/records.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { BROKEN, brokenIssue, cellIssue, createBatchBuilder } from './batch-builder.ts';
import type { Damage } from './decode-text.ts';
import { MAX_ROW_LENGTH } from './limits.ts';
import type { TableBatch, TitleScore } from './table.ts';

interface Parsed {
  data: string[][];
  errors: { code: string; row: number }[];
  meta: { cursor: number };
}

const DELIMITERS = [',', '\t', ';', '|'] as const;
const SAMPLE_LENGTH = 64 * 1024;

/**
 * @param damage of the text, as it is read: once something of it is broken, U+FFFD in a cell is taken for that
 * @throws SourceError `file-quotes-broken`, `file-row-too-long` and those of the caps
 */
export async function* readDelimited(
  text: AsyncIterable<string>,
  file: string,
  score: TitleScore,
  damage: Readonly<Damage> = { broken: 0 },
): AsyncGenerator<TableBatch> {
  const builder = createBatchBuilder(file);
  let parser: Papa.Parser | null = null;
  let newline = '\n';
  let pending = '';
  let number = 0;

  const parse = (last: boolean): TableBatch => {
    if (!parser) {
      newline = pending.includes('\n') || !pending.includes('\r') ? '\n' : '\r';
      parser = createParser(guessDelimiter(pending, newline, score), newline);
    }
    const nul = pending.includes('\0');
    const suspect = nul || (damage.broken > 0 && pending.includes(BROKEN));
    const found = parser.parse(pending, 0, !last) as Parsed;
    pending = last ? '' : pending.substring(found.meta.cursor);
    const broken = quoteIssues(found, number, file);
    for (let i = 0; i < found.data.length; i++) {
      const cells = found.data[i]!;
      stripReturn(cells);
      builder.add(cells, ++number, broken?.get(i) ?? (suspect ? characterIssues(cells, damage.broken > 0) : undefined));
    }
    return builder.take();
  };

  for await (const piece of text) {
    pending += piece;
    if (!parser && pending.length < SAMPLE_LENGTH) continue;
    const batch = parse(false);
    if (pending.length > MAX_ROW_LENGTH) {
      throw new SourceError('file-row-too-long', { file, row: number + 1, limit: MAX_ROW_LENGTH });
    }
    if (batch.rows.length > 0) yield batch;
  }
  const batch = parse(true);
  if (batch.rows.length > 0) yield batch;
}

const createParser = (delimiter: string, newline: string): Papa.Parser =>
  new Papa.Parser({ delimiter, newline: newline as '\n' | '\r', quoteChar: '"' });

/** The delimiter under which some row near the top holds the most known titles; with no known title, papaparse's own guess. */
function guessDelimiter(sample: string, newline: string, score: TitleScore): string {
  const head = sample.slice(0, SAMPLE_LENGTH);
  let best = { delimiter: '', titles: 0 };
  for (const delimiter of DELIMITERS) {
    const rows = (createParser(delimiter, newline).parse(head, 0, false) as Parsed).data.slice(0, 20);
    const titles = Math.max(0, ...rows.map(score));
    if (titles > best.titles) best = { delimiter, titles };
  }
  if (best.delimiter !== '') return best.delimiter;
  return Papa.parse(head, { preview: 20, delimitersToGuess: [...DELIMITERS] }).meta.delimiter || ',';
}

/** A stray quote inside one line breaks that row; one that ran over a line end may have swallowed others and breaks the file. */
function quoteIssues(found: Parsed, before: number, file: string): Map<number, Issue[]> | null {
  let issues: Map<number, Issue[]> | null = null;
  for (const error of found.errors) {
    const cells = found.data[error.row];
    if (!cells) continue; // About the unfinished last row: it is parsed again with the next piece.
    if (error.code === 'MissingQuotes' || cells.some((cell) => cell.includes('\n'))) {
      throw new SourceError('file-quotes-broken', { file, row: before + error.row + 1 });
    }
    issues ??= new Map();
    issues.set(error.row, [{ code: 'raw-quotes', column: null, value: null }]);
  }
  return issues;
}

function stripReturn(cells: string[]): void {
  const last = cells.length - 1;
  const cell = cells[last];
  if (cell?.endsWith('\r')) cells[last] = cell.slice(0, -1);
}

const characterIssues = (cells: string[], damaged: boolean): Issue[] =>
  cells.flatMap((cell, i) => [
    ...(cell.includes('\0') ? [cellIssue('raw-nul', i + 1)] : []),
    ...(damaged && cell.includes(BROKEN) ? [brokenIssue(cell, i + 1)] : []),
  ]);
