/**
 * The care feed of a whole country's kindergartens: walked and proven, and landed, against a bare download and parse of the same pages from the same
 * server in the same run.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';

const STAFF = 60_000;
const PAGE_SIZE = 5000;
/** A walk is bound by the server, not by us. */
const MOST = 1.5;
/** The first two take a second each: often enough that the best of them is what the machine does undisturbed. */
const ROUNDS = { bare: 7, walk: 7, land: 1 } as const;

const LABELS = {
  bare: 'yardstick: bare download and parse',
  walk: 'walked and proven',
  land: 'walked, kept and landed',
} as const;
type Measure = keyof typeof LABELS;

const here = (file: string): string => path.join(import.meta.dirname, file);
const run = promisify(execFile);

/** @param runs how often all of it is measured. @param freshDatabase a database of its own for every landing. @returns the lines to print */
export async function benchCareFeed(runs: number, freshDatabase: () => Promise<string>): Promise<string> {
  const server = spawn(process.execPath, [here('care-server.ts'), String(STAFF), String(PAGE_SIZE)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(server.stdout, 'data')) as [Buffer];
    const url = `http://127.0.0.1:${port.toString().trim()}`;
    const seconds: Record<Measure, number[]> = { bare: [], walk: [], land: [] };
    let peak = 0;
    const measure = async (what: Measure, database: string): Promise<void> => {
      const { stdout } = await run(process.execPath, [here('measure-care.ts'), what, url, database, String(PAGE_SIZE)]);
      const measured = JSON.parse(stdout) as { seconds: number; peakMiB: number };
      seconds[what].push(measured.seconds);
      peak = Math.max(peak, measured.peakMiB);
    };
    for (let nth = 0; nth < runs; nth += 1) {
      const database = await freshDatabase();
      for (let round = 0; round < ROUNDS.bare; round += 1) {
        for (const what of Object.keys(LABELS) as Measure[]) if (round < ROUNDS[what]) await measure(what, database);
      }
      process.stderr.write(`care feed, run ${nth + 1} of ${runs}: measured\n`);
    }
    const bare = Math.min(...seconds.bare);
    const ratio = (what: Measure): number => Math.min(...seconds[what]) / bare;
    const lines = (Object.keys(LABELS) as Measure[]).map(
      (what) =>
        `${LABELS[what].padEnd(52)} ${Math.min(...seconds[what])
          .toFixed(2)
          .padStart(8)} ${`${ratio(what).toFixed(2)}×`.padStart(8)}`,
    );
    const verdict = `walk ÷ bare ${ratio('walk').toFixed(2)}, at most ${MOST}: ${ratio('walk') <= MOST ? 'held' : 'NOT HELD'}; peak ${peak} MiB`;
    return [
      `\ncare feed, ${STAFF.toLocaleString('en-US')} staff at ${PAGE_SIZE.toLocaleString('en-US')} a page`,
      `${''.padEnd(52)} ${'seconds'.padStart(8)} ${'÷ bare'.padStart(8)}`,
      ...lines,
      verdict,
    ].join('\n');
  } finally {
    server.kill();
  }
}
