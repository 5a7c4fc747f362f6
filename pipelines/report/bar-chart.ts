/**
 * Small charts as inline SVG: no script, no style attribute (a strict CSP forbids both), colours by class. The numbers stand in a table beside
 * each chart; the chart is for comparing at a glance.
 */
import { displayWidth } from './display-width.ts';
import { number } from './labels.ts';

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const ROW = 26;
const BAR = 16;
const WIDTH = 720;
const CHARACTER = 7.6;
const VALUE_ROOM = 64;

export interface Bar {
  label: string;
  value: number;
}

const frame = (title: string, height: number, body: readonly string[]): string =>
  `<div class="scroll"><svg class="chart" role="img" viewBox="0 0 ${WIDTH} ${height}" xmlns="http://www.w3.org/2000/svg"><title>${escapeXml(title)}</title>${body.join('')}</svg></div>`;

const labelRoom = (labels: readonly string[]): number =>
  Math.ceil(Math.max(...labels.map(displayWidth)) * CHARACTER) + 12;

/** Horizontal bars, one a kind, longest possible for the largest. */
export function barChart(title: string, bars: readonly Bar[]): string {
  if (bars.length === 0) return '';
  const left = labelRoom(bars.map((b) => b.label));
  const most = Math.max(...bars.map((b) => b.value), 1);
  const scale = (WIDTH - left - VALUE_ROOM) / most;
  const body = bars.map(({ label, value }, i) => {
    const y = i * ROW + 4;
    const length = value === 0 ? 0 : Math.max(2, Math.round(value * scale));
    return [
      `<text class="chart-label" x="${left - 8}" y="${y + 13}" text-anchor="end">${escapeXml(label)}</text>`,
      `<rect class="bar" x="${left}" y="${y}" width="${length}" height="${BAR}" rx="2"/>`,
      `<text class="chart-value" x="${left + length + 6}" y="${y + 13}">${number(value)}</text>`,
    ].join('');
  });
  return frame(title, bars.length * ROW + 6, body);
}

export interface StackedBar {
  label: string;
  parts: readonly { name: string; value: number }[];
}

/** Shares of a whole, each bar full width: what became of the rows of each source. Parts are told apart by class `part-1`, `part-2`, … */
export function shareChart(title: string, bars: readonly StackedBar[]): string {
  const shown = bars.filter((b) => b.parts.some((p) => p.value > 0));
  const names = shown[0]?.parts.map((p) => p.name) ?? [];
  if (names.length === 0) return '';
  const left = labelRoom(shown.map((b) => b.label));
  const room = WIDTH - left - VALUE_ROOM - 16;
  let x = left;
  const legend = names.map((name, i) => {
    const at = x;
    x += displayWidth(name) * CHARACTER + 34;
    return `<rect class="part-${i + 1}" x="${at}" y="2" width="12" height="12"/><text class="chart-value" x="${at + 17}" y="13">${escapeXml(name)}</text>`;
  });
  const body = shown.map(({ label, parts }, row) => {
    const y = row * ROW + 26;
    const total = parts.reduce((sum, p) => sum + p.value, 0);
    let from = left;
    const pieces = parts.map(({ value }, i) => {
      // A handful of bad rows among thousands must still be seen.
      const width = value === 0 ? 0 : Math.max(2, (value / total) * room);
      const piece =
        width === 0
          ? ''
          : `<rect class="part-${i + 1}" x="${from.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR}"/>`;
      from += width;
      return piece;
    });
    return `<text class="chart-label" x="${left - 8}" y="${y + 13}" text-anchor="end">${escapeXml(label)}</text>${pieces.join('')}<text class="chart-value" x="${(from + 6).toFixed(1)}" y="${y + 13}">${number(total)}</text>`;
  });
  return frame(title, shown.length * ROW + 30, [...legend, ...body]);
}
