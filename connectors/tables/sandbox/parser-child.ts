/**
 * The root of a child process: reads the workbooks that it is given, one after the other, and hands out their rows when asked. It has
 * no environment, no files but the program's own, no database and no key; whatever a file does to it happens to it alone.
 */
import { readSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { SourceError } from '../../../schemas/source-error.ts';
import type { TableBatch } from '../table.ts';
import { workbookTables } from '../workbook-tables.ts';
import { type Answer, bodyLength, decode, encode, HEAD_BYTES, type Request } from './frames.ts';

const STDIN = 0;
const STDOUT = 1;
const MIB = 1024 * 1024;

/** null at the end: the parent has no more to ask, or is gone. */
function readBytes(length: number): Buffer | null {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; ) {
    const count = readSync(STDIN, bytes, at, length - at, null);
    if (count === 0) return null;
    at += count;
  }
  return bytes;
}

function nextRequest(): Request | null {
  const head = readBytes(HEAD_BYTES);
  const body = head && readBytes(bodyLength(head));
  return head && body && (decode(head, body) as Request);
}

function say(answer: Answer): void {
  for (const part of encode(answer)) {
    for (let at = 0; at < part.length; ) at += writeSync(STDOUT, part, at);
  }
}

/** Where it happened: a message could hold a value of the file. */
function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames.slice(0, 8).map((line) => line.trim())].join(' ');
}

function describe(error: unknown): Answer {
  if (!(error instanceof SourceError)) return { kind: 'failed', trace: traceOf(error) };
  const { code, params, cause } = error;
  return { kind: 'refused', code, params, trace: cause === undefined ? '' : traceOf(cause) };
}

let file = '';
let headOnly = false;
let pieces: Buffer[] = [];
let readers: AsyncIterator<TableBatch>[] = [];

async function answer(request: Request): Promise<Answer | null> {
  switch (request.kind) {
    case 'begin':
      ({ file, headOnly } = request);
      return null;
    case 'bytes':
      pieces.push(request.bytes);
      return null;
    case 'end': {
      const bytes = Buffer.concat(pieces);
      pieces = [];
      const { format, tables } = await workbookTables(bytes, file, headOnly);
      readers = tables.map((table) => table.batches[Symbol.asyncIterator]());
      return { kind: 'opened', format, sheets: tables.map(({ sheet }) => sheet) };
    }
    case 'next': {
      const next = await readers[request.table]!.next();
      if (next.done) return { kind: 'done' };
      const { rows, numbers, issues } = next.value;
      return { kind: 'batch', rows, numbers, issues: [...(issues ?? [])] };
    }
    case 'close': {
      for (const reader of readers) await reader.return?.();
      [readers, pieces] = [[], []];
      const peakMiB = process.resourceUsage().maxRSS / 1024;
      return { kind: 'closed', rssMiB: process.memoryUsage.rss() / MIB, peakMiB };
    }
  }
}

async function main(): Promise<void> {
  const [parent, memoryMiB, signal] = process.argv.slice(2);
  new Worker(new URL('./watchdog-thread.ts', import.meta.url), {
    // Otherwise it would open this process's own standard output, which then no longer waits for its reader.
    stdout: true,
    stderr: true,
    workerData: { parent: Number(parent), memoryMiB: Number(memoryMiB), signal },
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
  }).unref();
  for (let request = nextRequest(); request; request = nextRequest()) {
    const said = await answer(request).catch(describe);
    if (said) say(said);
  }
}

await main();
process.exit(0);
