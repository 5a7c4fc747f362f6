/** The upper part of the first page: what this is, the key figures, and what somebody has to do. */

import type { PageContent } from './page-content.ts';
import { LINE_HEIGHT, type TextStyle } from './pen.ts';
import { BODY, COLORS, PAGE, type Sheet } from './sheet.ts';

const TITLE: TextStyle = { size: 20, weight: 'bold' };
const LEAD: TextStyle = { size: 9.5, color: COLORS.soft };
const ENGLISH: TextStyle = { size: 7.5, color: COLORS.soft };
const STATUS: TextStyle = { size: 9.5, weight: 'bold' };
const NOTICE: TextStyle = { size: 8.5 };
const WHAT: TextStyle = { size: 8.2, color: COLORS.soft };
const VALUE: TextStyle = { size: 17, weight: 'bold' };
const MORE: TextStyle = { size: 7.6, color: COLORS.soft };
const TODO: TextStyle = { size: 9 };
const LABEL: TextStyle = { size: 10, weight: 'bold' };
const GAP = 8;
const PILL = 18;

function drawTitle(sheet: Sheet, { heading, lead, english, status }: PageContent): void {
  const { doc, pen } = sheet;
  const pill = pen.width(status.text, STATUS) + 18;
  const lines = pen.wrap(heading, BODY - pill - 12, TITLE);
  const color = COLORS[status.tone];
  doc
    .roundedRect(PAGE.left + BODY - pill, sheet.y + 5, pill, PILL, PILL / 2)
    .lineWidth(1)
    .stroke(color);
  pen.write(status.text, PAGE.left + BODY - pill + 9, sheet.y + 5 + (PILL - 9.5 * 1.448) / 2, { ...STATUS, color });
  for (const line of lines) {
    pen.write(line, PAGE.left, sheet.y, TITLE);
    sheet.y += 20 * LINE_HEIGHT;
  }
  sheet.y += 2;
  pen.write(lead, PAGE.left, sheet.y, LEAD);
  sheet.y += 9.5 * LINE_HEIGHT;
  pen.write(english, PAGE.left, sheet.y, ENGLISH);
  sheet.y += 7.5 * LINE_HEIGHT + 6;
}

function drawNotice(sheet: Sheet, text: string): void {
  const { doc, pen } = sheet;
  const lines = pen.wrap(text, BODY - 20, NOTICE);
  const height = lines.length * 8.5 * LINE_HEIGHT + 8;
  doc.rect(PAGE.left, sheet.y, BODY, height).fill('#fdf6e8');
  doc.rect(PAGE.left, sheet.y, 3, height).fill(COLORS.warn);
  for (const [i, line] of lines.entries()) pen.write(line, PAGE.left + 12, sheet.y + 4 + i * 8.5 * LINE_HEIGHT, NOTICE);
  sheet.y += height + 6;
}

function drawFigures(sheet: Sheet, { figures }: PageContent): void {
  const { doc, pen } = sheet;
  const width = (BODY - GAP * (figures.length - 1)) / figures.length;
  const mores = figures.map(({ more }) => pen.wrap(more, width - 16, MORE));
  const height = 48 + Math.max(...mores.map((lines) => lines.length)) * 7.6 * LINE_HEIGHT;
  for (const [i, { what, value }] of figures.entries()) {
    const x = PAGE.left + i * (width + GAP);
    doc.roundedRect(x, sheet.y, width, height, 4).lineWidth(0.6).fillAndStroke(COLORS.wash, COLORS.line);
    pen.write(what, x + 8, sheet.y + 6, WHAT);
    pen.write(value, x + 8, sheet.y + 17, VALUE);
    for (const [l, line] of (mores[i] as string[]).entries())
      pen.write(line, x + 8, sheet.y + 42 + l * 7.6 * LINE_HEIGHT, MORE);
  }
  sheet.y += height + 10;
}

function drawTodo(sheet: Sheet, { todo }: PageContent): void {
  const { doc, pen } = sheet;
  if (todo.length === 0) return;
  pen.write('需要有人處理', PAGE.left, sheet.y, LABEL);
  sheet.y += 10 * LINE_HEIGHT + 1;
  for (const text of todo)
    for (const [i, line] of pen.wrap(text, BODY - 14, TODO).entries()) {
      if (i === 0) doc.circle(PAGE.left + 4, sheet.y + 6.6, 1.6).fill(COLORS.accent);
      pen.write(line, PAGE.left + 12, sheet.y, TODO);
      sheet.y += 9 * LINE_HEIGHT;
    }
  sheet.y += 2;
}

export const HEAD_WORDS = '需要有人處理';

export function drawHead(sheet: Sheet, content: PageContent): void {
  drawTitle(sheet, content);
  for (const notice of content.notices) drawNotice(sheet, notice);
  drawFigures(sheet, content);
  drawTodo(sheet, content);
}
