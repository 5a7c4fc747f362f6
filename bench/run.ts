/**
 * `npm run bench`: seeded roster files of growing size through every stage, against yardsticks measured in the same run on the same machine: a
 * bare COPY of the same rows into one table, reading and parsing the same file, and a bare INSERT … SELECT of what apply wrote. Ratios compare; seconds of one machine do not.
 * After the first load come a night on which one person of a hundred changed, and one on which nobody did; then snapshots of everybody, against a bare COPY (SELECT …) TO.
 * Then the same rows as workbooks, from file to landed, with the peak of the process that lands and of the child that reads.
 * And the care feed against a bare download and parse of the same pages (`care-feed.ts`).
 * And downloads of the snapshot API, 100 at the same time, against nginx or a plain server of the same files (`measure-api.ts`).
 * And a year of nights: the same questions asked of before the first of them and of now (`measure-history.ts`).
 * Options: --sizes 10000,100000,1000000 (an empty one leaves the files out)  --workbooks xlsx:100000,ods:19999,xls:19999  --history 100000 (people; 0 leaves it out)
 *   --care false leaves the care feed out  --api false leaves the downloads out  --runs 3 (the median is shown)
 */
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, stat, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import pg from 'pg';
import { openEmbedded } from '../warehouse/embedded/open-embedded.ts';
import { migrate } from '../warehouse/migrate.ts';
import { benchCareFeed } from './care-feed.ts';
import { benchApi } from './measure-api.ts';
import { writeRosterFile } from './roster-file.ts';
import { untilStopped } from './until-stopped.ts';

const run = promisify(execFile);
const MEASURE = path.join(import.meta.dirname, 'measure.ts');
const WORKBOOK = path.join(import.meta.dirname, 'workbook-file.ts');
const ARRIVED = new Date('2024-07-29T10:00:00+08:00');
const CODE = '064601';

interface Measured {
  stages: Record<string, number>;
  peakMiB: number;
  /** Of the child processes that read workbooks; 0 where none was needed. */
  childMiB: number;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

async function measure(what: string, url: string, folder: string): Promise<Measured> {
  const { stdout } = await run(process.execPath, [MEASURE, what, url, folder], { maxBuffer: 1e7 });
  return JSON.parse(stdout);
}

/** A database of its own for every run of the whole pipeline: the first load of an empty warehouse. */
async function freshDatabase(adminUrl: string): Promise<string> {
  const name = `bench_${process.hrtime.bigint()}`;
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`).finally(() => client.end());
  const url = adminUrl.replace(/\/[^/?]+(\?|$)/, `/${name}$1`);
  await migrate(url);
  return url;
}

interface Row {
  name: string;
  seconds: number;
  peakMiB: number;
}

async function benchSize(adminUrl: string, folder: string, rows: number, runs: number): Promise<Row[]> {
  const source = path.join(folder, 'roster.csv');
  await writeRosterFile(source, CODE, rows);
  const collected = new Map<string, { seconds: number[]; peak: number[] }>();
  for (let nth = 0; nth < runs; nth += 1) {
    const url = await freshDatabase(adminUrl);
    for (const what of [
      'parse',
      'copy',
      'stage',
      'run',
      'copy-out',
      'snapshot-text',
      'snapshot-parquet',
      'snapshot-all',
      'delta',
    ]) {
      const inbox = path.join(folder, `inbox-${nth}`);
      await mkdir(inbox, { recursive: true });
      await copyFile(source, path.join(inbox, `${CODE}-roster.csv`));
      await utimes(path.join(inbox, `${CODE}-roster.csv`), ARRIVED, ARRIVED);
      const { stages, peakMiB } = await measure(what, url, inbox);
      for (const [name, seconds] of Object.entries(stages)) {
        const entry = collected.get(name) ?? { seconds: [], peak: [] };
        entry.seconds.push(seconds);
        entry.peak.push(peakMiB);
        collected.set(name, entry);
      }
      process.stderr.write(`${rows.toLocaleString('en-US')} rows, run ${nth + 1} of ${runs}: ${what} measured\n`);
    }
  }
  return [...collected].map(([name, { seconds, peak }]) => ({
    name,
    seconds: median(seconds),
    peakMiB: Math.max(...peak),
  }));
}

/** The same rows as a workbook, from file to landed. */
async function benchWorkbook(adminUrl: string, folder: string, format: string, rows: number, runs: number) {
  const csv = path.join(folder, 'roster.csv');
  const workbook = path.join(folder, `roster.${format}`);
  await writeRosterFile(csv, CODE, rows);
  await run(process.execPath, [WORKBOOK, csv, workbook]);
  const { size } = await stat(workbook);
  const measured: Measured[] = [];
  for (let nth = 0; nth < runs; nth += 1) {
    const inbox = path.join(folder, `workbooks-${nth}`);
    await mkdir(inbox);
    const file = path.join(inbox, `${CODE}-roster.${format}`);
    await copyFile(workbook, file);
    await utimes(file, ARRIVED, ARRIVED);
    measured.push(await measure('land', await freshDatabase(adminUrl), inbox));
    process.stderr.write(`${format}, ${rows.toLocaleString('en-US')} rows, run ${nth + 1} of ${runs}: measured\n`);
  }
  const seconds = median(measured.map((m) => m.stages['keep and land'] as number));
  const peak = (of: 'peakMiB' | 'childMiB'): string => `${Math.max(...measured.map((m) => m[of]))} MiB`.padStart(9);
  return [
    format.padEnd(6),
    rows.toLocaleString('en-US').padStart(9),
    `${(size / 2 ** 20).toFixed(1)} MiB`.padStart(10),
    seconds.toFixed(2).padStart(8),
    Math.round(rows / seconds)
      .toLocaleString('en-US')
      .padStart(10),
    peak('peakMiB'),
    peak('childMiB'),
  ].join(' ');
}

/** People spread over the primary schools of the list, a file each. */
async function writeCity(inbox: string, people: number): Promise<void> {
  const [head = '', ...lines] = (await readFile('samples/institutions/schools.csv', 'utf8')).trim().split('\n');
  const [code, section] = ['code', 'section'].map((name) => head.split(',').indexOf(name)) as [number, number];
  const cells = lines.map((line) => line.split(','));
  const codes = [...new Set(cells.filter((line) => line[section] === '國小').map((line) => line[code] as string))];
  const each = Math.floor(people / codes.length);
  for (const [nth, school] of codes.entries()) {
    const file = path.join(inbox, `${school}-roster.csv`);
    await writeRosterFile(file, school, each, 0, nth * each);
    await utimes(file, ARRIVED, ARRIVED);
  }
}

async function benchHistory(adminUrl: string, folder: string, people: number): Promise<string> {
  await writeCity(folder, people);
  const { stages } = await measure('history', await freshDatabase(adminUrl), folder);
  const names = [...new Set(Object.keys(stages).map((name) => name.slice(0, name.lastIndexOf(','))))];
  const lines = names.map((name) => {
    const [now, before] = ['now', 'before'].map((when) => stages[`${name}, ${when}`] as number) as [number, number];
    return [
      name.padEnd(56),
      ...[now, before].map((s) => s.toFixed(2).padStart(8)),
      `${(before / now).toFixed(2)}×`.padStart(8),
    ];
  });
  const head = ['asked'.padEnd(56), 'now'.padStart(8), 'before'.padStart(8), '÷ now'.padStart(8)];
  return [
    `\n${people.toLocaleString('en-US')} people, 365 nights in which one of 200 people and one of 200 posts changed; seconds, by now and as recorded before the first night`,
    ...[head, ...lines].map((line) => line.join(' ')),
  ].join('\n');
}

const LABELS: Readonly<Record<string, string>> = {
  parse: 'yardstick: read and parse',
  copy: 'yardstick: bare COPY',
  insert: 'yardstick: bare INSERT … SELECT of what apply wrote',
  'copy out': 'yardstick: bare COPY (SELECT …) TO of everybody',
  stage: 'landing to COPY (read … hash, HMAC, encrypt, COPY)',
  'keep and land': 'keep raw, land and merge',
};

/** Snapshots have a yardstick of their own. */
const isOut = ({ name }: Row): boolean =>
  name === 'copy out' || name.startsWith('snapshot') || name.startsWith('delta');

function snapshotTable(rows: number, measured: readonly Row[]): string {
  const yard = measured.find((m) => m.name === 'copy out')?.seconds ?? Number.NaN;
  const lines = measured.map(({ name, seconds, peakMiB }) =>
    [
      (LABELS[name] ?? name).padEnd(56),
      seconds.toFixed(2).padStart(8),
      Math.round(rows / seconds)
        .toLocaleString('en-US')
        .padStart(10),
      `${(seconds / yard).toFixed(1)}×`.padStart(8),
      `${peakMiB} MiB`.padStart(9),
    ].join(' '),
  );
  const head = ['snapshot of them all'.padEnd(56), ' seconds', '    rows/s', '÷ COPY TO'.padStart(8), '    peak'];
  return [head.join(' '), ...lines].join('\n');
}

function table(rows: number, bytes: number, measured: readonly Row[]): string {
  const yard = (name: string): number => measured.find((m) => m.name === name)?.seconds ?? Number.NaN;
  const lines = measured.map(({ name, seconds, peakMiB }) =>
    [
      (LABELS[name] ?? name).padEnd(56),
      seconds.toFixed(2).padStart(8),
      Math.round(rows / seconds)
        .toLocaleString('en-US')
        .padStart(10),
      `${(seconds / yard('copy')).toFixed(1)}×`.padStart(8),
      `${(seconds / yard('parse')).toFixed(1)}×`.padStart(8),
      `${(seconds / yard('insert')).toFixed(1)}×`.padStart(8),
      `${peakMiB} MiB`.padStart(9),
    ].join(' '),
  );
  const head = [
    'stage'.padEnd(56),
    'seconds'.padStart(8),
    'rows/s'.padStart(10),
    '÷ COPY'.padStart(8),
    '÷ parse'.padStart(8),
    '÷ INSERT'.padStart(8),
    'peak'.padStart(9),
  ];
  return [`\n${rows.toLocaleString('en-US')} rows, ${(bytes / 2 ** 20).toFixed(1)} MiB`, head.join(' '), ...lines].join(
    '\n',
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: 'string', default: '10000,100000,1000000' },
      workbooks: { type: 'string', default: 'xlsx:100000,ods:19999,xls:19999' },
      history: { type: 'string', default: '100000' },
      care: { type: 'string', default: 'true' },
      api: { type: 'string', default: 'true' },
      runs: { type: 'string', default: '3' },
    },
  });
  const sizes = values.sizes.split(',').filter(Boolean).map(Number);
  const workbooks = values.workbooks.split(',').filter(Boolean);
  const work = await mkdtemp(path.join(os.tmpdir(), 'mingce-bench-'));
  // Under root the account of PostgreSQL has to pass; otherwise the cluster would lie under /var/lib and stay there.
  await chmod(work, 0o711);
  const log = { info: () => undefined, warn: (text: string) => void process.stderr.write(`${text}\n`) };
  const database = await openEmbedded({ home: path.join(work, 'home'), log: log as never, lingerMs: 0 });
  const totals = new Map<number, Row[]>();
  try {
    process.stdout.write(`${os.cpus().length} cores, Node ${process.versions.node}, median of ${values.runs}\n`);
    for (const rows of sizes) {
      const folder = path.join(work, String(rows));
      await mkdir(folder);
      const measured = await benchSize(database.url, folder, rows, Number(values.runs));
      totals.set(rows, measured);
      const { size } = await stat(path.join(folder, 'roster.csv'));
      const within = measured.filter((row) => !isOut(row));
      process.stdout.write(`${table(rows, size, within)}\n\n${snapshotTable(rows, measured.filter(isOut))}\n`);
      await rm(folder, { recursive: true });
    }
    if (workbooks.length > 0)
      process.stdout.write(
        '\nkeep raw, land and merge\nformat      rows       size  seconds     rows/s      peak  its child\n',
      );
    for (const [format = '', rows = ''] of workbooks.map((one) => one.split(':'))) {
      const folder = path.join(work, format);
      await mkdir(folder);
      process.stdout.write(`${await benchWorkbook(database.url, folder, format, Number(rows), Number(values.runs))}\n`);
      await rm(folder, { recursive: true });
    }
    if (values.care === 'true')
      process.stdout.write(`${await benchCareFeed(Number(values.runs), () => freshDatabase(database.url))}\n`);
    if (Number(values.history) > 0) {
      const folder = path.join(work, 'history');
      await mkdir(folder);
      process.stdout.write(`${await benchHistory(database.url, folder, Number(values.history))}\n`);
    }
    if (values.api === 'true') {
      const folder = path.join(work, 'api');
      await mkdir(folder, { mode: 0o711 });
      process.stdout.write(`${await benchApi(folder, Number(values.runs))}\n`);
    }
    for (const name of ['stage', 'keep and land']) {
      const of = (rows: number): number | undefined => totals.get(rows)?.find((m) => m.name === name)?.seconds;
      const [large, small] = [of(1_000_000), of(100_000)];
      if (large && small)
        process.stdout.write(`\n${LABELS[name]}: 1,000,000 rows take ${(large / small).toFixed(1)} × 100,000\n`);
    }
  } finally {
    await database.close();
    await untilStopped(path.join(work, 'home'));
    await rm(work, { recursive: true, force: true });
  }
}

await main();
