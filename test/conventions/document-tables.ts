/** Rows of the documents' tables, so that a test can hold them against the code. */
import { documents, read } from './source-files.ts';

export interface Row {
  file: string;
  /** What the first cell has in backticks. */
  name: string;
  cells: string[];
}

/** Rows whose first cell begins with a name in backticks. A `|` inside a cell is written `\|`. */
export function rowsOf(file: string): Row[] {
  return read(file)
    .split('\n')
    .flatMap((line) => {
      const cells = line
        .replace(/^\| | \|$/g, '')
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|'));
      const name = line.startsWith('| `') ? /^`([^`]+)`/.exec(cells[0] ?? '')?.[1] : undefined;
      return name === undefined ? [] : [{ file, name, cells }];
    });
}

export const allText = (): string => documents().map(read).join('\n');
