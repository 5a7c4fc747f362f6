/** The charts of the page (bar-chart.ts), drawn. */

import type { Bar, StackedBar } from '../bar-chart.ts';
import { number } from '../labels.ts';
import { BODY, COLORS, PAGE, type Sheet } from './sheet.ts';

const ROW = 15;
const BAR = 9.5;
const TEXT = { size: 8 } as const;
const VALUE = { size: 8, color: COLORS.soft } as const;
const VALUE_ROOM = 40;
const LEGEND = 15;

const labelRoom = ({ pen }: Sheet, labels: readonly string[]): number =>
  Math.max(...labels.map((label) => pen.width(label, TEXT))) + 8;

export const barsHeight = (bars: readonly Bar[]): number => bars.length * ROW;

export function drawBars(sheet: Sheet, bars: readonly Bar[], left: number, width: number): void {
  const { doc, pen } = sheet;
  const from =
    left +
    labelRoom(
      sheet,
      bars.map(({ label }) => label),
    );
  const scale = (left + width - VALUE_ROOM - from) / Math.max(1, ...bars.map(({ value }) => value));
  for (const [i, { label, value }] of bars.entries()) {
    const y = sheet.y + i * ROW;
    pen.writeEnding(label, from - 6, y, TEXT);
    const length = value === 0 ? 0 : Math.max(1.5, value * scale);
    if (length > 0) doc.roundedRect(from, y + 1, length, BAR, 1.5).fill(COLORS.bar);
    pen.write(number(value), from + length + 4, y, VALUE);
  }
}

export const sharesHeight = (bars: readonly StackedBar[]): number => bars.length * ROW + LEGEND;

/** What became of the rows of each source. */
export function drawShares(sheet: Sheet, bars: readonly StackedBar[]): void {
  const { doc, pen } = sheet;
  const from =
    PAGE.left +
    labelRoom(
      sheet,
      bars.map(({ label }) => label),
    );
  const room = PAGE.left + BODY - VALUE_ROOM - from;
  let x = from;
  for (const [i, { name }] of (bars[0]?.parts ?? []).entries()) {
    doc.rect(x, sheet.y + 2, 7.5, 7.5).fill(COLORS.parts[i] ?? COLORS.soft);
    pen.write(name, x + 11, sheet.y, VALUE);
    x += pen.width(name, VALUE) + 24;
  }
  for (const [row, { label, parts }] of bars.entries()) {
    const y = sheet.y + LEGEND + row * ROW;
    const total = parts.reduce((sum, { value }) => sum + value, 0);
    pen.writeEnding(label, from - 6, y, TEXT);
    let at = from;
    for (const [i, { value }] of parts.entries()) {
      // A handful of bad rows among thousands must still be seen.
      const width = value === 0 ? 0 : Math.max(1.5, (value / Math.max(1, total)) * (room - 8));
      if (width > 0) doc.rect(at, y + 1, width, BAR).fill(COLORS.parts[i] ?? COLORS.soft);
      at += width;
    }
    pen.write(number(total), at + 4, y, VALUE);
  }
}
