/**
 * What parent and child say to each other over the child's standard input and output: frames of a kind, a length and that many bytes,
 * JSON but for the file's own bytes. One answer to each request, in order. The child reads and writes them synchronously, so it stands
 * still while nobody asks: what it has read ahead never piles up.
 */
import type { Issue } from '../../../schemas/records.ts';
import type { WorkbookFormat } from '../workbook-tables.ts';

/** Of the parent. `bytes` has no answer; `end` is answered by `opened`, `next` by `batch` or `done`, `close` by `closed`. */
export type Request =
  | { kind: 'begin'; file: string; headOnly: boolean }
  | { kind: 'bytes'; bytes: Buffer }
  | { kind: 'end' }
  | { kind: 'next'; table: number }
  | { kind: 'close' };

/** Of the child. `refused` is a SourceError, `failed` a mistake of ours: where it happened, never what it says. */
export type Answer =
  | { kind: 'opened'; format: WorkbookFormat; sheets: (string | null)[] }
  | { kind: 'batch'; rows: string[][]; numbers: number[]; issues: [number, Issue[]][] }
  | { kind: 'done' }
  | { kind: 'refused'; code: string; params: Record<string, string | number>; trace: string }
  | { kind: 'failed'; trace: string }
  | { kind: 'closed'; rssMiB: number; peakMiB: number };

export const HEAD_BYTES = 5;
const RAW = 1;
const JSON_TEXT = 2;
/** Far above any batch: rows are at most 256 cells of 32,768 characters, and a batch ends at a million characters. */
const MAX_FRAME_BYTES = 128 * 1024 * 1024;

export function encode(message: Request | Answer): Buffer[] {
  const raw = message.kind === 'bytes';
  const body = raw ? message.bytes : Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(raw ? RAW : JSON_TEXT, 0);
  head.writeUInt32LE(body.length, 1);
  return [head, body];
}

/** The one message that a head announces. */
export function decode(head: Buffer, body: Buffer): Request | Answer {
  return head[0] === RAW ? { kind: 'bytes', bytes: body } : JSON.parse(body.toString('utf8'));
}

/** @throws RangeError for a length that no message has */
export function bodyLength(head: Buffer): number {
  const length = head.readUInt32LE(1);
  if (length > MAX_FRAME_BYTES) throw new RangeError(`a message of ${length} bytes`);
  return length;
}

/** Cuts what arrives in pieces into messages. */
export function createSplitter(onMessage: (message: Request | Answer) => void): (piece: Buffer) => void {
  let held: Buffer[] = [];
  let size = 0;
  let wanted = HEAD_BYTES;
  return (piece) => {
    held.push(piece);
    size += piece.length;
    while (size >= wanted) {
      const all = held.length === 1 ? held[0]! : Buffer.concat(held);
      const end = HEAD_BYTES + bodyLength(all);
      if (size < end) {
        held = [all];
        wanted = end;
        break;
      }
      const rest = all.subarray(end);
      held = rest.length > 0 ? [rest] : [];
      size = rest.length;
      wanted = HEAD_BYTES;
      onMessage(decode(all.subarray(0, HEAD_BYTES), all.subarray(HEAD_BYTES, end)));
    }
  };
}
