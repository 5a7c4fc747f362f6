/**
 * The records of an XLS workbook, walked without reading them: SheetJS takes a stream that ends early, or is none at all, for a
 * shorter workbook.
 */
import { SourceError } from '../../schemas/source-error.ts';

const BEGIN: ReadonlySet<number> = new Set([0x0009, 0x0209, 0x0409, 0x0809]);
const END = 0x000a;
const SHEET = 0x0085;
const PASSWORD = 0x002f;
const HEAD_BYTES = 4;

/** @throws SourceError `file-workbook-broken` unless it begins as a workbook and holds every sheet that it names to its end; `file-encrypted` */
export function checkBiff(stream: Uint8Array, file: string): void {
  const broken = (): SourceError => new SourceError('file-workbook-broken', { file });
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  let depth = 0;
  let whole = 0;
  let sheets = 0;
  for (let at = 0; at + HEAD_BYTES <= view.byteLength; ) {
    const id = view.getUint16(at, true);
    if (BEGIN.has(id)) depth += 1;
    else if (depth === 0) break; // What fills up the last sector.
    if (id === PASSWORD) throw new SourceError('file-encrypted', { file });
    if (id === SHEET) sheets += 1;
    if (id === END && --depth === 0) whole += 1;
    at += HEAD_BYTES + view.getUint16(at + 2, true);
    if (at > view.byteLength) throw broken();
  }
  if (depth !== 0 || whole === 0 || whole < sheets + (sheets > 0 ? 1 : 0)) throw broken();
}
