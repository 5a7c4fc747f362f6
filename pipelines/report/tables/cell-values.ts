/** Days and moments as spreadsheets count and write them. Pure: no zone of the machine is asked. */
import { displayWidth } from '../display-width.ts';
import { minute } from '../labels.ts';
import type { Cell, ReportTable } from './table-model.ts';

const DAY_MS = 86_400_000;
/** Day 0 of XLSX, as both Excel and LibreOffice count from March 1900 on. */
const DAY_ZERO = Date.UTC(1899, 11, 30);

/** `2024-08-02T17:00:00+08:00` → `2024-08-02T17:00:00`: what a clock in Taipei shows; moments are in Taipei time already. */
export const wallClock = (moment: string): string => moment.slice(0, 19);

/** Days since day 0, with the time of day behind the point. */
export const serial = (wall: string): number => (Date.parse(`${wall}Z`) - DAY_ZERO) / DAY_MS;
export const serialDay = (day: string): number => serial(`${day}T00:00:00`);

/** A cell in words. */
export function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return cell.toLocaleString('en-US');
  return 'day' in cell ? cell.day : minute(cell.moment);
}

const NARROWEST = 8;
/** Of a column's lines so many fit beside each other; the few that are longer are wrapped. */
const USUAL = 0.97;
export const WIDEST = 60;

/** Widths of a sheet's columns, in characters of Latin. */
export const columnWidths = ({ columns, rows }: ReportTable): number[] =>
  columns.map(({ title, kind }, i) => {
    const lengths = rows
      .flatMap((row) => cellText(row[i] ?? null).split('\n'))
      .map(displayWidth)
      .sort((a, b) => a - b);
    const usual = kind === 'text' ? lengths[Math.ceil(USUAL * (lengths.length - 1))] : lengths.at(-1);
    return Math.min(WIDEST, Math.max(NARROWEST, displayWidth(title) + 4, (usual ?? 0) + 2));
  });

/** How many lines the tallest cell of each row takes in columns of these widths. */
export const rowLines = ({ rows }: ReportTable, widths: readonly number[]): number[] =>
  rows.map((row) =>
    Math.max(
      1,
      ...row.map((cell, i) =>
        cellText(cell)
          .split('\n')
          .reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / ((widths[i] as number) - 1))), 0),
      ),
    ),
  );
