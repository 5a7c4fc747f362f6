/**
 * I3: a snapshot and an export are there whole or not at all. Both are interrupted at 50 points in all: the process killed (-9), the session of the database killed (-9), no room left. A reader in
 * a process of its own looks all the while at the database, the API and the folders; after each interruption it looks once more, nothing is left over, and the same command succeeds.
 *
 * A disk that runs full is a small one that is mounted for it, which root alone may do: others leave these points out, and so the count of all. CI is root and runs them.
 */
import { readdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MANIFEST_PATH } from '../../schemas/snapshot.ts';
import { random } from '../support/random.ts';
import { until as untilWithin } from '../support/until.ts';
import { type Command, type Ended, KIND, openPublishPlace, type PublishPlace } from './support/publish-place.ts';
import { GIVEN } from './support/reader-order.ts';

const HOUR = 3_600_000;
const until = (what: string, condition: () => boolean | Promise<boolean>) => untilWithin(what, condition, 60_000);
const draw = random(113);
const spread = (points: number): number[] => Array.from({ length: points }, (_, i) => (i + 0.5) / points);

let place: PublishPlace;
/** What an undisturbed one takes: of the store, and of the export. */
const whole = { storeMs: 0, storedBytes: 0, exportMs: 0, exportedBytes: 0, largestFile: 0 };
/** Commands that did not come to their end by themselves, and how many of those left nothing to see. */
let interrupted = 0;
let absent = 0;

async function succeeds(args: readonly string[]): Promise<Ended> {
  const ended = await place.mingce(args).ended;
  expect(ended.status, ended.err).toBe(0);
  return ended;
}

let moments = 0;
/** Each asks for another moment after the cut-off, which is another snapshot; the first for that of the cut-off. */
function nextStore(): string[] {
  moments += 1;
  const of = ['snapshot', 'create', '--campaign', '113', '--kind', KIND];
  return moments === 1
    ? of
    : [...of, '--as-of', new Date(Date.parse('2024-08-03T00:00:00+08:00') + moments * HOUR).toISOString()];
}
const storedBytes = async (): Promise<number> =>
  (await place.world.db.raw(`SELECT pg_table_size('ops.snapshot_file') AS bytes`)).rows[0].bytes;
const snapshots = async (): Promise<number> => (await place.world.db('ops.snapshot').pluck('id')).length;

beforeAll(async () => {
  place = await openPublishPlace();
});
afterAll(async () => {
  await place.close();
}, 120_000);
afterEach(() => expect([...new Set(place.reader.turns.flatMap(({ wrong }) => wrong))]).toEqual([]));

async function struck(command: Command, strike: (command: Command) => Promise<unknown>): Promise<Ended> {
  try {
    await strike(command);
  } finally {
    // One that was struck has ended, or ends now; a test that failed leaves none.
    if (command.signalCode === null) command.kill('SIGKILL');
  }
  return command.ended;
}

/** Turns of the reader that got no answer: the database is away only where its own process was killed. */
const downs = (): number => place.reader.turns.filter(({ down }) => down).length;

/** @param late it may have been stored when the strike comes: else nothing of it is there */
async function strikeStore(
  args: string[],
  strike: (maker: Command) => Promise<unknown>,
  { late = false, falls = false }: { late?: boolean; falls?: boolean } = {},
): Promise<void> {
  const unanswered = downs();
  const before = await snapshots();
  const { status } = await struck(place.mingce(args), strike);
  await place.reader.looked();
  const after = await snapshots();
  if (!late) expect([status === 0, after]).toEqual([false, before]);
  if (status !== 0) interrupted += 1;
  if (after === before) absent += 1;
  await succeeds(args);
  expect(await snapshots()).toBe(before + 1);
  await place.reader.looked();
  if (!falls) expect(downs()).toBe(unanswered);
}

describe('a snapshot that is being stored', () => {
  // What it writes to, in its order: it waits before each, with all that came before written.
  const TABLES = ['ops.snapshot_key', 'ops.snapshot_file', 'ops.snapshot', 'ops.notice'];

  /** Holds the maker before it writes to a table, and tells which session is its own. */
  async function heldBefore(table: string, then: (session: number) => Promise<void>): Promise<void> {
    const hold = await place.world.db.transaction();
    try {
      await hold.raw(`LOCK TABLE ${table} IN SHARE MODE`);
      let session: number | undefined;
      await until(`the maker waits to write to ${table}`, async () => {
        const waiting = 'SELECT pid FROM pg_locks WHERE relation = ?::regclass AND NOT granted';
        session = (await place.world.db.raw(waiting, [table])).rows[0]?.pid;
        return session !== undefined;
      });
      await then(session as number);
    } finally {
      // A server that lost a session by force ended ours too.
      await hold.rollback().catch(() => undefined);
    }
  }

  it.each(TABLES)('its process killed before it writes to %s', async (table) => {
    await strikeStore(nextStore(), (maker) =>
      heldBefore(table, async () => {
        maker.kill('SIGKILL');
        await maker.ended;
      }),
    );
  });

  const answers = (): Promise<boolean> =>
    place.world.db.raw('SELECT 1').then(
      () => true,
      () => false,
    );
  it.each(TABLES)('its session killed before it writes to %s: the server begins anew', async (table) => {
    const kill = (maker: Command) =>
      heldBefore(table, async (session) => {
        process.kill(session, 'SIGKILL');
        await maker.ended;
        await until('the server answers', answers);
      });
    await strikeStore(nextStore(), kill, { falls: true });
  });

  it('undisturbed, it takes its time and its room', async () => {
    const before = await storedBytes();
    whole.storeMs = (await succeeds(nextStore())).ms;
    whole.storedBytes = (await storedBytes()) - before;
  });

  it.each(spread(7))('its process killed when %d of its bytes are written', async (share) => {
    const before = await storedBytes();
    await strikeStore(
      nextStore(),
      async (maker) => {
        await until('so much is written', async () => (await storedBytes()) - before >= share * whole.storedBytes);
        maker.kill('SIGKILL');
      },
      { late: true },
    );
  });

  it.each(spread(6).map((share) => share + draw() / 12))('its process killed after %d of its time', async (share) => {
    await strikeStore(
      nextStore(),
      async (maker) => {
        const at = performance.now() + share * whole.storeMs;
        while (performance.now() < at) await breathe();
        maker.kill('SIGKILL');
      },
      { late: true },
    );
  });

  it.skipIf(process.geteuid?.() !== 0).each(spread(6))('no room on the disk but for %d of it', async (share) => {
    const { stored } = place.disks as NonNullable<PublishPlace['disks']>;
    await stored.leave(Math.floor(share * whole.storedBytes));
    await strikeStore(nextStore(), async (maker) => {
      const { err } = await maker.ended;
      await stored.widen();
      // disk_full
      expect(err).toContain('SQLSTATE 53100');
    });
  });
});

describe('a snapshot that is being exported', () => {
  const ID = `113-${KIND}-v1`;
  let exports = 0;
  const nextTarget = (parent = place.folders[0], name = 'export-'): string => {
    exports += 1;
    return path.join(parent, `${name}${exports}`);
  };
  const exportTo = (target: string): string[] => ['snapshot', 'export', ID, target];
  const staged = (target: string): string[] =>
    readdirSync(path.dirname(target))
      .filter((name) => name.startsWith(`.${path.basename(target)}.`))
      .map((name) => path.join(path.dirname(target), name));
  /** Files go by while it is looked: what is gone is nothing. */
  const bytesIn = (dir: string): number => {
    try {
      return readdirSync(dir).reduce((sum, name) => sum + statSync(path.join(dir, name)).size, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw error;
    }
  };

  async function strikeExport(
    target: string,
    strike: (exporter: Command) => Promise<unknown>,
    { limitKiB, killed = true }: { limitKiB?: number; killed?: boolean } = {},
  ): Promise<void> {
    const unanswered = downs();
    const { exported } = place.reader.turns.at(-1)?.seen ?? { exported: 0 };
    const { status } = await struck(place.mingce(exportTo(target), limitKiB), strike);
    if (!killed) expect([status === 0, staged(target)]).toEqual([false, []]);
    await place.reader.looked();
    if (status !== 0) interrupted += 1;
    if (place.reader.turns.at(-1)?.seen.exported === exported) absent += 1;
    await succeeds(exportTo(target));
    expect(staged(target)).toEqual([]);
    await place.reader.looked();
    expect(place.reader.turns.at(-1)?.seen.exported).toBe(exported + 1);
    expect(downs()).toBe(unanswered);
  }
  const killAt = (target: string, share: number) => async (exporter: Command) => {
    const enough = (): boolean => staged(target).some((dir) => bytesIn(dir) >= share * whole.exportedBytes);
    while (exporter.exitCode === null && !enough()) await breathe();
    exporter.kill('SIGKILL');
  };

  it('undisturbed, it takes its time and its room', async () => {
    const target = nextTarget();
    whole.exportMs = (await succeeds(exportTo(target))).ms;
    whole.exportedBytes = bytesIn(target);
    whole.largestFile = Math.max(...readdirSync(target).map((name) => statSync(path.join(target, name)).size));
    await place.reader.looked();
  });

  it.each([...spread(9), 1])('its process killed when %d of its bytes are written', async (share) => {
    const target = nextTarget();
    await strikeExport(target, killAt(target, share));
  });

  it.each(spread(3))('into an empty folder, its process killed when %d of its bytes are written', async (share) => {
    const target = nextTarget(place.folders[0], GIVEN);
    await mkdir(target);
    await strikeExport(target, killAt(target, share));
    expect(readdirSync(target)).toContain(MANIFEST_PATH);
  });

  it.each(spread(5).map((share) => share + draw() / 10))('its process killed after %d of its time', async (share) => {
    const strike = async (exporter: Command): Promise<void> => {
      const at = performance.now() + share * whole.exportMs;
      while (performance.now() < at) await breathe();
      exporter.kill('SIGKILL');
    };
    await strikeExport(nextTarget(), strike);
  });

  it.each(spread(4))('no file may grow beyond %d of the largest: what was begun is gone at once', async (share) => {
    const limitKiB = Math.floor((share * whole.largestFile) / 1024);
    const strike = async (exporter: Command) => expect((await exporter.ended).err).toContain('EFBIG');
    await strikeExport(nextTarget(), strike, { limitKiB, killed: false });
  });

  it.skipIf(process.geteuid?.() !== 0).each(spread(6))(
    'no room but for %d of it: what was begun is gone at once',
    async (share) => {
      const { exported } = place.disks as NonNullable<PublishPlace['disks']>;
      await exported.leave(Math.floor(share * whole.exportedBytes));
      const strike = async (exporter: Command): Promise<void> => {
        expect((await exporter.ended).err).toContain('ENOSPC');
        await exported.widen();
      };
      await strikeExport(nextTarget(place.folders[1]), strike, { killed: false });
    },
  );
});

it.skipIf(process.geteuid?.() !== 0)('these were 50 points, and of nearly all nothing was to be seen', () => {
  expect(interrupted).toBeGreaterThanOrEqual(50);
  expect(absent).toBeGreaterThanOrEqual(40);
});
