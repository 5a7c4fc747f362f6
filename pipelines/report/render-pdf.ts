/**
 * The report on A4, for people: fixed, searchable, with the typeface in it. Of one institution it is one sheet; what does not fit is counted there.
 * The same report has the same bytes: dates are those of the run.
 */
import PDFDocument from 'pdfkit';
import type { RunReport } from '../../schemas/outputs/report.ts';
import { barsHeight, drawBars, drawShares, sharesHeight } from './pdf/draw-charts.ts';
import { drawHead, HEAD_WORDS } from './pdf/draw-head.ts';
import { COUNTED, drawHeading, drawTable, MORE } from './pdf/draw-table.ts';
import { fitRows } from './pdf/fit-rows.ts';
import { layOutTable } from './pdf/lay-out-table.ts';
import { type PageContent, pageContent } from './pdf/page-content.ts';
import { composed, LINE_HEIGHT, makePen, TOLD } from './pdf/pen.ts';
import { BODY, COLORS, type Document, drawSmaller, FLOOR, makeSheet, PAGE, type Sheet } from './pdf/sheet.ts';
import { subsetFonts } from './pdf/subset-fonts.ts';

const SMALL = { size: 7.5, color: COLORS.soft } as const;
const SMALL_LINE = 7.5 * LINE_HEIGHT;
const CAUTION = '本報告含姓名，請依個人資料保護法保管；不含身分證字號。';
const CHANGES = '變更種類';
const LEDGER = '各來源讀入資料的處理結果';
const SILENCE = '距上次收件的日數與校數';
const DEADLINE = '名冊與帳號更新期限（R06）';
const OMITTED = '未列出（見 XLSX）：';
const page = (at: number, of: number): string => `第 ${at} / ${of} 頁`;
/** What is drawn beside the content. */
const WORDS = [
  CAUTION,
  CHANGES,
  LEDGER,
  DEADLINE,
  SILENCE,
  OMITTED,
  HEAD_WORDS,
  page(0, 0),
  MORE(0),
  COUNTED(0),
  TOLD,
].join('');
const FIGURES = '0123456789,.-:/、：()（） ';

function drawCharts(sheet: Sheet, content: PageContent): void {
  const heading = 36;
  if (content.changes.length > 0) {
    sheet.keep(heading + barsHeight(content.changes));
    drawHeading(sheet, CHANGES);
    sheet.y += 4;
    drawBars(sheet, content.changes, PAGE.left, BODY);
    sheet.y += barsHeight(content.changes);
  }
  for (const [title, bars] of [
    [LEDGER, content.ledger],
    [DEADLINE, content.compliance],
  ] as const) {
    if (bars.length === 0) continue;
    sheet.keep(heading + sharesHeight(bars));
    drawHeading(sheet, title);
    sheet.y += 4;
    drawShares(sheet, bars);
    sheet.y += sharesHeight(bars);
  }
  if (content.silence.length > 0) drawSilence(sheet, content.silence);
}

/** Side by side, two a line. */
function drawSilence(sheet: Sheet, charts: PageContent['silence']): void {
  const { pen } = sheet;
  const gap = 20;
  const width = (BODY - gap) / 2;
  const height = 14 + Math.max(...charts.map(({ bars }) => barsHeight(bars)));
  sheet.keep(36 + height);
  drawHeading(sheet, SILENCE);
  for (let i = 0; i < charts.length; i += 2) {
    sheet.keep(height);
    for (const [side, { title, bars }] of charts.slice(i, i + 2).entries()) {
      const left = PAGE.left + side * (width + gap);
      pen.write(title, left, sheet.y + 2, SMALL);
      sheet.y += 14;
      drawBars(sheet, bars, left, width);
      sheet.y -= 14;
    }
    sheet.y += height;
  }
}

const OMITTED_LINES = 2;
/** Smaller is no longer read with ease. */
const SCALES = [1, 0.9, 0.8] as const;

/** Everything of one institution on what is left of its sheet: in smaller letters where it has to be, and counted where that is not enough. */
function drawOnOneSheet(sheet: Sheet, content: PageContent, closing: number): void {
  const laidOut = SCALES.map((scale) => {
    const tables = content.tables.map((t) => layOutTable(t, { pen: sheet.pen, body: BODY / scale }, content.narrowed));
    const room = (sheet.room() - closing) / scale;
    const whole = tables.every(({ rows, of }) => rows.length === of);
    const shown = fitRows(tables, room);
    const fits = whole && tables.every(({ of }, i) => shown[i] === of);
    return {
      scale,
      tables,
      shown: fits ? shown : fitRows(tables, room - (OMITTED_LINES * SMALL_LINE + 8) / scale),
      fits,
    };
  });
  const { scale, tables, shown } = laidOut.find(({ fits }) => fits) ?? (laidOut.at(-1) as (typeof laidOut)[number]);
  drawSmaller(sheet, scale, (smaller) => {
    for (const [i, table] of tables.entries())
      if ((shown[i] as number) > 0) drawTable(smaller, table, shown[i] as number);
  });
  const omitted = tables.filter((_, i) => shown[i] === 0).map(({ name, of }) => `${name} ${COUNTED(of)}`);
  if (omitted.length === 0) return;
  sheet.y += 6;
  for (const line of sheet.pen.wrap(OMITTED + omitted.join('、'), BODY, SMALL).slice(0, OMITTED_LINES)) {
    sheet.pen.write(line, PAGE.left, sheet.y, SMALL);
    sheet.y += SMALL_LINE;
  }
}

function drawFeet({ doc, pen }: Sheet, { title }: PageContent): void {
  const { start, count } = doc.bufferedPageRange();
  for (let at = 0; at < count; at++) {
    doc.switchToPage(start + at);
    const y = FLOOR + 14;
    doc
      .moveTo(PAGE.left, y - 4)
      .lineTo(PAGE.left + BODY, y - 4)
      .lineWidth(0.5)
      .stroke(COLORS.line);
    pen.write(title, PAGE.left, y, SMALL);
    pen.writeEnding(page(at + 1, count), PAGE.left + BODY, y, SMALL);
    pen.write(CAUTION, PAGE.left, y + SMALL_LINE, SMALL);
  }
}

function draw(sheet: Sheet, content: PageContent): void {
  drawHead(sheet, content);
  const closing = content.closing.length * SMALL_LINE + 10;
  if (content.narrowed) drawOnOneSheet(sheet, content, closing);
  else {
    drawCharts(sheet, content);
    for (const table of content.tables) {
      const laid = layOutTable(table, sheet, content.narrowed);
      drawTable(sheet, laid, laid.rows.length);
    }
  }
  sheet.keep(closing);
  sheet.y += 8;
  for (const line of content.closing) {
    sheet.pen.write(line, PAGE.left, sheet.y, SMALL);
    sheet.y += SMALL_LINE;
  }
  drawFeet(sheet, content);
}

function bytesOf(doc: Document): Promise<Buffer> {
  const parts: Buffer[] = [];
  return new Promise((resolve, reject) => {
    doc.on('data', (part: Buffer) => parts.push(part));
    doc.once('end', () => resolve(Buffer.concat(parts)));
    doc.once('error', reject);
  });
}

export async function renderPdf(report: RunReport): Promise<Uint8Array> {
  const content = pageContent(report);
  const fonts = await subsetFonts(composed(JSON.stringify(content)) + WORDS + FIGURES);
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    font: '',
    pdfVersion: '1.7',
    lang: 'zh-TW',
    displayTitle: true,
    info: {
      Title: content.title,
      Creator: 'Mingce 名冊',
      Producer: 'Mingce 名冊',
      CreationDate: new Date(report.run.clock),
    },
  });
  const written = bytesOf(doc);
  draw(makeSheet(doc, makePen(doc, fonts)), content);
  doc.end();
  return written;
}
