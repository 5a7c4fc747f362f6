import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PARSER_LIMITS } from '../../connectors/tables/limits.ts';
import {
  openParserPool,
  type ParserPool,
  type ParserPoolOptions,
} from '../../connectors/tables/sandbox/parser-pool.ts';
import { until } from '../support/until.ts';
import { sourceError } from './support/handover.ts';
import { sheetOf, stringsOf, xlsxOf } from './support/workbook.ts';

const pools: ParserPool[] = [];
const open = (options?: ParserPoolOptions): ParserPool => {
  const pool = openParserPool(options);
  pools.push(pool);
  return pool;
};
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

const SMALL = xlsxOf({ sheet: sheetOf([['姓名'], ['王小明']]) });
const LARGE = xlsxOf({ sheet: sheetOf(Array.from({ length: 40_000 }, (_, i) => [`教師${i}`, '國語'])) });
const never = new AbortController().signal;

async function* body(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

async function read(pool: ParserPool, bytes: Uint8Array, signal = never): Promise<string[][]> {
  const book = await pool.open(body(bytes), 'a.xlsx', signal);
  try {
    const rows: string[][] = [];
    for (const table of book.tables) for await (const batch of table.batches) rows.push(...batch.rows);
    return rows;
  } finally {
    await book.close();
  }
}

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('a pool of parsers', () => {
  it('starts nothing before there is something to read', () => {
    expect(open().stats()).toEqual({ started: 0, pids: [], peakMiB: 0 });
  });

  it('reads hundreds of files with the few children it has', async () => {
    const pool = open({ size: 2 });
    const all = await Promise.all(Array.from({ length: 350 }, () => read(pool, SMALL)));
    expect(all.every((rows) => rows[1]?.[0] === '王小明')).toBe(true);
    expect(pool.stats().started).toBe(2);
  });

  it('keeps the rows of a large file in order, and a child whose file was left early', async () => {
    const pool = open({ size: 1 });
    const book = await pool.open(body(LARGE), 'a.xlsx', never);
    const first = await book.tables[0]!.batches[Symbol.asyncIterator]().next();
    expect(first.value?.rows[0]).toEqual(['教師0', '國語']);
    await book.close();
    const rows = await read(pool, LARGE);
    expect(rows).toHaveLength(40_000);
    expect(rows.at(-1)).toEqual(['教師39999', '國語']);
    expect(pool.stats()).toMatchObject({ started: 1 });
    expect(pool.stats().peakMiB).toBeLessThan(300);
  });

  it('gives its children nothing: no environment, no file to write', async () => {
    const pool = open({ size: 1 });
    await read(pool, SMALL);
    const [pid] = pool.stats().pids;
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean)).toEqual([
      'TZ=UTC',
      'LANG=C.UTF-8',
    ]);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    expect(command).toContain('--permission');
    expect(command.filter((flag) => flag.startsWith('--allow-')).map((flag) => flag.split('=')[0])).not.toContain(
      '--allow-fs-write',
    );
  });

  it('leaves no child behind when it is closed, also in the middle of a file', async () => {
    const pool = open({ size: 2 });
    await read(pool, SMALL);
    const book = await pool.open(body(LARGE), 'a.xlsx', never);
    const { pids } = pool.stats();
    await pool.close();
    expect(pids.filter(lives)).toEqual([]);
    expect(await sourceError(book.tables[0]!.batches[Symbol.asyncIterator]().next())).toMatchObject({
      code: 'file-reader-died',
    });
    await book.close();
  });
});

describe('a limit that strikes ends the child and the file, and nothing else', () => {
  const STRINGS = xlsxOf({ sheet: sheetOf([['姓名'], ['王小明']]), strings: stringsOf(700_000, 40) });

  it.each([
    ['memory of the whole process', { ...PARSER_LIMITS, memoryMiB: 130 }, 'file-needs-memory'],
    ["memory of JavaScript's heap", { ...PARSER_LIMITS, heapMiB: 24 }, 'file-needs-memory'],
    ['time', { ...PARSER_LIMITS, seconds: 0.2 }, 'file-needs-time'],
  ])('%s', async (_, limits, code) => {
    const pool = open({ size: 1, limits });
    // A first file, so that the time of starting up is not the file's.
    await read(pool, SMALL).catch(() => undefined);
    const before = pool.stats();
    expect(await sourceError(read(pool, STRINGS))).toMatchObject({
      code,
      retryable: false,
      params: { file: 'a.xlsx' },
    });
    expect(before.pids.filter(lives)).toEqual([]);
    const roomy = open({ size: 1 });
    expect(await read(roomy, STRINGS)).toEqual([['姓名'], ['王小明']]);
  });

  it('and the next file is read by another child', async () => {
    const pool = open({ size: 1, limits: { ...PARSER_LIMITS, memoryMiB: 130 } });
    await sourceError(read(pool, STRINGS));
    expect(await read(pool, SMALL)).toEqual([['姓名'], ['王小明']]);
    expect(pool.stats().started).toBe(2);
  });

  it('a child that somebody else ended may be tried again', async () => {
    const pool = open({ size: 1 });
    const book = await pool.open(body(LARGE), 'a.xlsx', never);
    process.kill(pool.stats().pids[0]!, 'SIGKILL');
    const batches = book.tables[0]!.batches[Symbol.asyncIterator]();
    const reading = (async () => {
      for (let next = await batches.next(); !next.done; next = await batches.next());
    })();
    expect(await sourceError(reading)).toMatchObject({ code: 'file-reader-died', retryable: true });
    await book.close();
    expect(await read(pool, SMALL)).toHaveLength(2);
  });

  it('a file that is called off ends at once, also while it waits for its turn', async () => {
    const pool = open({ size: 1 });
    const stop = new AbortController();
    const book = await pool.open(body(LARGE), 'a.xlsx', stop.signal);
    const waiting = read(pool, SMALL, stop.signal);
    const [pid] = pool.stats().pids;
    stop.abort(new Error('interrupted'));
    await expect(waiting).rejects.toThrow('interrupted');
    const batches = book.tables[0]!.batches[Symbol.asyncIterator]();
    await expect(batches.next()).rejects.toThrow('interrupted');
    await book.close();
    expect(lives(pid!)).toBe(false);
    expect(await read(pool, SMALL)).toHaveLength(2);
  });
});

describe('when the parent is killed', () => {
  let parent: ChildProcess | null = null;
  afterEach(() => parent?.kill('SIGKILL'));

  const STAY = 'await new Promise(() => setInterval(() => undefined, 1000));';
  const LAST = `process.stdout.write(String(pool.stats().pids[0]));`;

  it.each([
    ['waits', `${LAST} ${STAY}`],
    [
      'is busy',
      `const large = xlsxOf({ sheet: sheetOf([['a']]), strings: stringsOf(500_000, 40) });
       await pool.open((async function* () { yield large; ${LAST} })(), 'large.xlsx', never);
       ${STAY}`,
    ],
  ])('its child that %s ends too', async (_, then) => {
    const program = `
      import { openParserPool } from ${JSON.stringify(resolve('connectors/tables/sandbox/parser-pool.ts'))};
      import { sheetOf, stringsOf, xlsxOf } from ${JSON.stringify(resolve('test/connectors/support/workbook.ts'))};
      const pool = openParserPool({ size: 1 });
      const never = new AbortController().signal;
      const small = xlsxOf({ sheet: sheetOf([['a']]) });
      const book = await pool.open((async function* () { yield small; })(), 'small.xlsx', never);
      await book.close();
      ${then}`;
    parent = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(parent.stdout!, 'data')) as [Buffer];
    const child = Number(said.toString());
    expect(lives(child)).toBe(true);
    parent.kill('SIGKILL');
    await until('the child is gone', () => !lives(child));
  });
});
