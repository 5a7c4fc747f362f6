/** Draws a laid-out table under its heading; over pages with its titles on each. A row stays whole unless a page cannot hold it. */
import { groupTone } from '../labels.ts';
import {
  HEAD,
  HEAD_HEIGHT,
  type LaidRow,
  type LaidTable,
  LINE,
  NOTE,
  PAD,
  ROW_PAD,
  rowHeight,
  styleOf,
} from './lay-out-table.ts';
import { LINE_HEIGHT } from './pen.ts';
import { COLORS, FLOOR, PAGE, type Sheet } from './sheet.ts';

const HEADING = { size: 11.5, weight: 'bold', color: COLORS.accent } as const;
const COUNT = { size: 8, color: COLORS.soft } as const;
const ABOVE = 11;
const HEADING_HEIGHT = 11.5 * LINE_HEIGHT + 5;
const NOTE_LINE = 7.8 * LINE_HEIGHT;
const MORE_HEIGHT = 13;
const TONES = { in: COLORS.good, out: COLORS.bad, other: COLORS.accent } as const;

/** What a table takes when `shown` of its rows are drawn on one sheet. */
export function tableHeight(table: LaidTable, shown: number): number {
  if (shown === 0) return 0;
  const more = shown < table.of ? MORE_HEIGHT : 0;
  const notes = table.note.length * NOTE_LINE;
  const rows = table.rows.slice(0, shown).reduce((sum, row) => sum + rowHeight(row), 0);
  return ABOVE + HEADING_HEIGHT + notes + 3 + HEAD_HEIGHT + rows + more;
}

/** A heading as it stands over every section. */
export function drawHeading(sheet: Sheet, title: string, count = ''): void {
  const { doc, pen } = sheet;
  sheet.y += ABOVE;
  pen.write(title, PAGE.left, sheet.y, HEADING);
  if (count !== '') pen.writeEnding(count, PAGE.left + sheet.body, sheet.y + 4, COUNT);
  sheet.y += HEADING_HEIGHT - 3;
  doc
    .moveTo(PAGE.left, sheet.y)
    .lineTo(PAGE.left + sheet.body, sheet.y)
    .lineWidth(1)
    .stroke(COLORS.accent);
  sheet.y += 3;
  doc.outline.addItem(title);
}

function drawTitles(sheet: Sheet, { columns }: LaidTable): void {
  const { doc, pen } = sheet;
  doc.rect(PAGE.left, sheet.y, sheet.body, HEAD_HEIGHT - 1).fill(COLORS.wash);
  let x: number = PAGE.left;
  for (const { title, width, right } of columns) {
    if (right) pen.writeEnding(title, x + width - PAD, sheet.y + ROW_PAD, HEAD);
    else pen.write(title, x + PAD, sheet.y + ROW_PAD, HEAD);
    x += width;
  }
  sheet.y += HEAD_HEIGHT;
}

/** @param from line of the row, and how many of them */
function drawRow(sheet: Sheet, { columns }: LaidTable, row: LaidRow, from: number, lines: number): void {
  const { doc, pen } = sheet;
  let x: number = PAGE.left;
  for (const [c, column] of columns.entries()) {
    const cell = row.cells[c] as readonly string[];
    const style = column.title === '異動' ? { ...HEAD, color: TONES[groupTone(cell.join(''))] } : styleOf(column);
    for (const [i, text] of cell.slice(from, from + lines).entries()) {
      const y = sheet.y + ROW_PAD + i * LINE;
      if (column.right) pen.writeEnding(text, x + column.width - PAD, y, style);
      else pen.write(text, x + PAD, y, style);
    }
    x += column.width;
  }
  sheet.y += lines * LINE + 2 * ROW_PAD;
  doc
    .moveTo(PAGE.left, sheet.y)
    .lineTo(PAGE.left + sheet.body, sheet.y)
    .lineWidth(0.4)
    .stroke(COLORS.line);
}

function drawRows(sheet: Sheet, table: LaidTable, shown: number): void {
  const turn = (): void => {
    sheet.turn();
    drawTitles(sheet, table);
  };
  const whole = FLOOR - PAGE.top - HEAD_HEIGHT;
  for (const row of table.rows.slice(0, shown)) {
    if (rowHeight(row) <= sheet.room()) drawRow(sheet, table, row, 0, row.lines);
    else if (rowHeight(row) <= whole) {
      turn();
      drawRow(sheet, table, row, 0, row.lines);
    } else {
      for (let from = 0; from < row.lines; ) {
        const fit = Math.floor((sheet.room() - 2 * ROW_PAD) / LINE);
        if (fit < 1) turn();
        else {
          drawRow(sheet, table, row, from, Math.min(fit, row.lines - from));
          from += fit;
        }
      }
    }
  }
}

export const MORE = (left: number): string => `其餘 ${left.toLocaleString('en-US')} 筆見 XLSX（--format xlsx）`;
export const COUNTED = (rows: number): string => `共 ${rows.toLocaleString('en-US')} 筆`;

/** @param shown how many rows; what is left out is counted */
export function drawTable(sheet: Sheet, table: LaidTable, shown: number): void {
  const { pen } = sheet;
  // A heading at the foot of a page with its table on the next would be lost.
  sheet.keep(Math.min(tableHeight(table, Math.min(shown, 2)), FLOOR - PAGE.top));
  drawHeading(sheet, table.name, COUNTED(table.of));
  for (const line of table.note) {
    pen.write(line, PAGE.left, sheet.y, NOTE);
    sheet.y += NOTE_LINE;
  }
  sheet.y += 3;
  drawTitles(sheet, table);
  drawRows(sheet, table, shown);
  if (shown < table.of) {
    sheet.keep(MORE_HEIGHT);
    pen.write(MORE(table.of - shown), PAGE.left + PAD, sheet.y + 1.5, NOTE);
    sheet.y += MORE_HEIGHT;
  }
}
