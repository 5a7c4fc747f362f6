/** A4 sheets, filled from top to bottom. Points. */
import type PDFDocument from 'pdfkit';
import type { Pen } from './pen.ts';

export type Document = InstanceType<typeof PDFDocument>;

export const PAGE = { width: 595.28, height: 841.89, left: 42, right: 42, top: 40, bottom: 52 } as const;
export const BODY = PAGE.width - PAGE.left - PAGE.right;
export const FLOOR = PAGE.height - PAGE.bottom;

export interface Sheet {
  readonly doc: Document;
  readonly pen: Pen;
  /** Width of what is written. */
  readonly body: number;
  /** Where the next thing goes. */
  y: number;
  room(): number;
  /** Takes a new page unless so much room is left. */
  keep(height: number): void;
  turn(): void;
}

export function makeSheet(doc: Document, pen: Pen): Sheet {
  const sheet: Sheet = {
    doc,
    pen,
    body: BODY,
    y: PAGE.top,
    room: () => FLOOR - sheet.y,
    keep: (height) => {
      if (sheet.room() < height) sheet.turn();
    },
    turn: () => {
      doc.addPage();
      sheet.y = PAGE.top;
    },
  };
  return sheet;
}

export const COLORS = {
  soft: '#4c5a69',
  line: '#d5dce4',
  wash: '#f1f5f9',
  accent: '#0b4f8a',
  bar: '#2c6aa6',
  good: '#1a6637',
  warn: '#7a4b00',
  bad: '#a1231b',
  parts: ['#2c6aa6', '#a9c4de', '#a1231b', '#d98a00', '#6d5a8c'],
} as const;

/** Draws smaller on what is left of a sheet: `draw` has more room, in its own points, and its sheet must not be turned. */
export function drawSmaller(sheet: Sheet, scale: number, draw: (smaller: Sheet) => void): void {
  const { doc } = sheet;
  const from = sheet.y;
  const smaller: Sheet = {
    ...sheet,
    body: BODY / scale,
    room: () => (FLOOR - from) / scale - (smaller.y - from),
    keep: () => {},
    turn: () => {
      throw new Error('what is drawn on one sheet went over its end');
    },
  };
  doc
    .save()
    .translate(PAGE.left * (1 - scale), from * (1 - scale))
    .scale(scale);
  draw(smaller);
  doc.restore();
  sheet.y = from + (smaller.y - from) * scale;
}
