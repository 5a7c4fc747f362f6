/**
 * Untrusted workbooks are read in child processes (I7): a file that takes too much memory or time ends its child and nothing else. A
 * few children serve all files, one file at a time each; they start when first needed, are replaced when a limit struck or a large
 * file left them fat, and end when nobody needed them for a while.
 */
import { SourceError } from '../../../schemas/source-error.ts';
import { MAX_WORKBOOK_BYTES, PARSER_LIMITS, type ParserLimits } from '../limits.ts';
import type { Table, TableBatch } from '../table.ts';
import type { WorkbookFormat } from '../workbook-tables.ts';
import type { Answer } from './frames.ts';
import { type ParserProcess, startParser } from './parser-process.ts';

export interface OpenWorkbook {
  format: WorkbookFormat;
  tables: Table[];
  /** Gives the child back; to be called however reading ended. */
  close(): Promise<void>;
}

export interface ParserPool {
  /**
   * Sends a workbook to a child, waiting for a free one. `file` is the name that errors show; with `headOnly`, rows beyond the first
   * dozens may be left out, which is quicker.
   * @throws SourceError what is wrong with the file, or the limit that it struck; what `signal` is aborted with
   */
  open(body: AsyncIterable<Uint8Array>, file: string, signal: AbortSignal, headOnly?: boolean): Promise<OpenWorkbook>;
  /** `peakMiB` is the most that a child has taken, of those that lived to tell. */
  stats(): { started: number; pids: number[]; peakMiB: number };
  /** Ends all children and is done when they are gone. */
  close(): Promise<void>;
}

export interface ParserPoolOptions {
  size?: number;
  limits?: ParserLimits;
}

/** Each may take `memoryMiB`; two keep two cores busy. */
const SIZE = 2;
/** A fresh child takes some 80 MiB. One that kept more would strike the limit earlier than a fresh one: the same file must always end alike. */
const FAT_MIB = 160;
const IDLE_MS = 60_000;

export function openParserPool({ size = SIZE, limits = PARSER_LIMITS }: ParserPoolOptions = {}): ParserPool {
  const all = new Set<ParserProcess>();
  const idle: ParserProcess[] = [];
  const queue: (() => void)[] = [];
  let busy = 0;
  let started = 0;
  let peakMiB = 0;
  let closed = false;
  let idleTimer: NodeJS.Timeout | undefined;

  const endIdle = (): void => {
    for (const one of idle.splice(0)) void remove(one);
  };
  const remove = async (one: ParserProcess): Promise<void> => {
    await one.end();
    all.delete(one);
  };
  const take = async (signal: AbortSignal): Promise<ParserProcess> => {
    if (busy >= size) await turn(signal);
    else busy += 1;
    clearTimeout(idleTimer);
    for (let one = idle.pop(); one; one = idle.pop()) {
      if (one.alive) return one;
      all.delete(one);
    }
    const one = startParser(limits);
    started += 1;
    all.add(one);
    return one;
  };
  /** Whoever gives a child back hands its turn on, so `busy` stays as it is. */
  const turn = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        queue.splice(queue.indexOf(go), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      queue.push(go);
    });
  const give = async (one: ParserProcess, fit: boolean): Promise<void> => {
    if (fit && !closed) idle.push(one);
    else await remove(one);
    const next = queue.shift();
    if (next) next();
    else busy -= 1;
    if (busy === 0) idleTimer = setTimeout(endIdle, IDLE_MS).unref();
  };

  return {
    async open(body, file, signal, headOnly = false) {
      signal.throwIfAborted();
      if (closed) throw new Error('the pool of parsers is closed');
      const one = await take(signal);
      const abort = (): void => void one.end();
      signal.addEventListener('abort', abort, { once: true });
      let given = false;
      const close = async (): Promise<void> => {
        if (given) return;
        given = true;
        signal.removeEventListener('abort', abort);
        const answer = one.alive ? await one.ask({ kind: 'close' }).catch(() => null) : null;
        if (answer?.kind === 'closed') peakMiB = Math.max(peakMiB, answer.peakMiB);
        await give(one, answer?.kind === 'closed' && answer.rssMiB < FAT_MIB);
      };
      try {
        one.begin(file, headOnly);
        const opened = await sendFile(one, body, file).catch((error: unknown) => {
          throw signal.aborted ? signal.reason : error;
        });
        const tables = opened.sheets.map((sheet, table) => ({ sheet, batches: batchesOf(one, table, signal) }));
        return { format: opened.format, tables, close };
      } catch (error) {
        await close();
        throw error;
      }
    },
    stats: () => ({ started, pids: [...all].filter((one) => one.alive).map((one) => one.pid), peakMiB }),
    async close() {
      closed = true;
      clearTimeout(idleTimer);
      await Promise.all([...all].map(remove));
    },
  };
}

async function sendFile(one: ParserProcess, body: AsyncIterable<Uint8Array>, file: string) {
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > MAX_WORKBOOK_BYTES) throw new SourceError('file-too-large', { file, bytes, limit: MAX_WORKBOOK_BYTES });
    await one.send(piece);
  }
  return (await one.ask({ kind: 'end' })) as Answer & { kind: 'opened' };
}

/** The child reads the next batch while this one is worked on, and no further. */
async function* batchesOf(one: ParserProcess, table: number, signal: AbortSignal): AsyncGenerator<TableBatch> {
  const ask = (): Promise<Answer> => {
    const asked = one.ask({ kind: 'next', table });
    asked.catch(() => undefined); // Whoever stops early never looks at it.
    return asked;
  };
  for (let ahead = ask(); ; ) {
    const answer = await ahead.catch((error: unknown) => {
      throw signal.aborted ? signal.reason : error;
    });
    if (answer.kind !== 'batch') return;
    ahead = ask();
    const { rows, numbers, issues } = answer;
    yield { rows, numbers, issues: issues.length > 0 ? new Map(issues) : null };
  }
}
