/**
 * Killed (-9) in the middle of landing a large file: while it is kept as received, while its rows are staged, while they are merged. The run that is
 * taken up again ends with the hash and the books of an undisturbed one. What was kept before is not read from the inbox again: the server is not
 * asked for it, or it is gone from there, or another file stands under its name. MINGCE_KILL_ROWS says how many rows (1,000,000 for the whole claim).
 */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HEADER, writeRosterFile } from '../../bench/roster-file.ts';
import type { SftpServer } from '../connectors/support/sftp-server.ts';
import { until } from '../support/until.ts';
import { countStaged, writesTo } from './support/landing-moments.ts';
import { CODE, type Ended, makeRosterPlace, type RosterPlace, SOURCE } from './support/roster-place.ts';

const ROWS = Number(process.env.MINGCE_KILL_ROWS ?? 100_000);
const CLOCK = '2024-07-30T02:00:00+08:00';
const SYNC = ['sync', '--clock', CLOCK];
const GO_ON = ['worker', '--until-idle'];
/** As the inbox asks an SFTP server for a file. */
const BYTES_PER_READ = 128 * 1024;
const PATIENCE_MS = 60_000 + ROWS;
const TIMEOUT_MS = 600_000 + 4 * ROWS;
/** Going on from what was kept holds no more in memory than the first way there (I7), in a heap of the same limit, but for the collector's moods. */
const AT_MOST = 1.25;

const places: RosterPlace[] = [];
let work: string;
let roster: string;
let undisturbed: State;
let undisturbedMiB: number;
let chunks: number;

interface State {
  hash: string;
  /** Of every source. */
  books: Record<string, unknown>[];
  deliveries: Record<string, unknown>[];
  quarantine: Record<string, unknown>[];
}

async function makePlace(where?: 'sftp'): Promise<RosterPlace> {
  const place = await makeRosterPlace(roster, where);
  places.push(place);
  return place;
}

async function stateOf({ db, mingce }: RosterPlace): Promise<State> {
  const { rows: books } = await db.raw(
    `SELECT source, status, as_of, read, accepted, unchanged, quarantined, excluded, duplicate, missing FROM ops.run_source ORDER BY source`,
  );
  const { rows: deliveries } = await db.raw(
    `SELECT source, encode(digest, 'hex') AS digest, as_of, complete, rows, counts FROM landing.delivery ORDER BY source, id`,
  );
  const { rows: quarantine } = await db.raw(
    `SELECT source, issues, severity, count(*) AS rows FROM landing.quarantine GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
  );
  const { stdout } = await mingce('hash').ended;
  expect(stdout).toMatch(/^sha256:/);
  return { hash: stdout, books, deliveries, quarantine };
}

/** Raw objects of the roster, with what tells whether they were kept anew. */
const objectsOf = async ({ db }: RosterPlace): Promise<unknown[]> =>
  (
    await db.raw(
      `SELECT o.id, o.run_id, o.received_at, o.bytes, o.xmin, (SELECT count(*) FROM landing.object_chunk c WHERE c.object_id = o.id) AS chunks
       FROM landing.object o WHERE source = ?`,
      [SOURCE],
    )
  ).rows;
const held = async ({ db }: RosterPlace): Promise<string[]> =>
  db('landing.held_object').where({ source: SOURCE }).pluck('name');
/** Of the roster: waiting until the transaction that lands it commits. */
const statusOf = async ({ db }: RosterPlace): Promise<string> =>
  (await db('ops.run_source').where({ source: SOURCE }).first())?.status;

function quarterStaged({ db }: RosterPlace): () => Promise<boolean> {
  const staged = countStaged(db);
  return async () => (await staged()) > ROWS / 4;
}

async function expectUndisturbed(place: RosterPlace): Promise<void> {
  expect(await stateOf(place)).toEqual(undisturbed);
  expect(await held(place)).toEqual([]);
}

/** Stops the process at a sign, so that it can get no further, makes sure that nothing of the file was landed yet, and kills it. */
async function killAt(
  place: RosterPlace,
  args: readonly string[],
  what: string,
  sign: () => Promise<boolean>,
): Promise<void> {
  const child = place.mingce(...args);
  try {
    await until(what, sign, PATIENCE_MS);
    child.kill('SIGSTOP');
    expect(await statusOf(place), `${what}: the process was stopped too late`).toBe('waiting');
  } finally {
    child.kill('SIGKILL');
  }
  expect(await child.ended).toMatchObject({ status: null });
  expect(await statusOf(place)).toBe('waiting');
}

async function goOn({ mingce }: RosterPlace): Promise<Ended> {
  const end = await mingce(...GO_ON).ended;
  expect(end.status, end.stderr).toBe(0);
  expect(end.peakMiB).toBeGreaterThan(0);
  expect(end.peakMiB).toBeLessThan(undisturbedMiB * AT_MOST);
  return end;
}

function tell(what: string, { ms, peakMiB }: Ended): void {
  process.stderr.write(
    `${ROWS.toLocaleString('en-US')} rows, ${what}: ${(ms / 1000).toFixed(1)} s, peak ${peakMiB} MiB\n`,
  );
}

beforeAll(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'mingce-roster-'));
  roster = path.join(work, 'roster.csv');
  await writeRosterFile(roster, CODE, ROWS);
  const place = await makePlace();
  const end = await place.mingce(...SYNC).ended;
  expect(end.status, end.stderr).toBe(0);
  tell('undisturbed', end);
  undisturbedMiB = end.peakMiB;
  undisturbed = await stateOf(place);
  expect(undisturbed.books).toMatchObject([
    { source: SOURCE, status: 'fresh', read: ROWS, accepted: ROWS },
    { source: 'schools' },
  ]);
  [{ chunks }] = (await objectsOf(place)) as [{ chunks: number }];
}, TIMEOUT_MS);

afterAll(async () => {
  for (const place of places) await place.remove();
  await rm(work, { recursive: true });
});

it(
  'while the file is fetched: nothing of it is there, and it is fetched again; killed once more behind that, it is not',
  async () => {
    const place = await makePlace('sftp');
    const server = place.server as SftpServer;
    const reads = (from = 0): number => server.steps.slice(from).filter((step) => step.startsWith('READ')).length;
    const half = Math.floor((await stat(place.file)).size / BYTES_PER_READ / 2);
    server.intercept = (step) => (step === 'READ' && reads() >= half ? 'hang' : 'go');
    await killAt(place, SYNC, 'half of the file is fetched', async () => reads() >= half);
    expect(await objectsOf(place)).toEqual([]);
    expect(await held(place)).toEqual([]);
    server.intercept = () => 'go';
    const again = server.steps.length;
    await killAt(place, GO_ON, 'a quarter of the rows is staged', quarterStaged(place));
    expect(reads(again)).toBeGreaterThan(half);
    const kept = await objectsOf(place);
    expect(kept).toMatchObject([{ chunks }]);
    const enough = server.steps.length;
    tell('killed while it was fetched and while it was staged, gone on', await goOn(place));
    const after = server.steps.slice(enough);
    expect(
      after.filter((step) => /^(OPEN|READ) /.test(step)),
      'nothing is fetched again',
    ).toEqual([]);
    expect(after.filter((step) => step.startsWith('REMOVE'))).toHaveLength(1);
    await expectUndisturbed(place);
    expect(await objectsOf(place)).toEqual(kept);
    expect(await readdir(place.inbox)).toEqual([]);
  },
  TIMEOUT_MS,
);

it(
  'while its rows are staged, and again while they are merged: what was kept once is enough',
  async () => {
    const place = await makePlace();
    await killAt(place, SYNC, 'a quarter of the rows is staged', quarterStaged(place));
    const kept = await objectsOf(place);
    expect(kept).toMatchObject([{ chunks }]);
    expect(await held(place)).toEqual([`${CODE}.csv`]);
    await rm(place.file);
    const merging = () => writesTo(place.db, 'landing.staff_record');
    await killAt(place, GO_ON, 'the rows are merged', merging);
    expect(await objectsOf(place)).toEqual(kept);
    const another = `${HEADER}${CODE},國小,A123456789,王小明\n`;
    await writeFile(place.file, another);
    tell('killed while it was staged and while it was merged, gone on', await goOn(place));
    await expectUndisturbed(place);
    expect(await objectsOf(place)).toEqual(kept);
    expect(await readdir(place.inbox), 'what came meanwhile waits for the next run').toEqual([`${CODE}.csv`]);
  },
  TIMEOUT_MS,
);
