/** The sample consumer against a real server: it imports what was signed, goes on after a break, and refuses everything else. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { request as ask, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { publicKeySet } from '../../pipelines/signing-keys.ts';
import { createSnapshot } from '../../pipelines/snapshot.ts';
import { follow, type Wanted } from '../../samples/planning-consumer/follow.ts';
import { openRoster, type Roster } from '../../samples/planning-consumer/roster.ts';
import { until } from '../support/until.ts';
import { LIN } from '../support/users.ts';
import { consumerWorld, TEACHERS } from '../web/api/consumer-world.ts';

const own = consumerWorld(5000);

/** What stands between consumer and server: breaks an answer off, or changes it. */
interface Between {
  /** Bytes of rows after which each connection breaks, first to last; then none does. */
  breaks: number[];
  /** Bytes that came through before the breaks. */
  kept: number;
  change: ((url: string, body: Buffer) => Buffer) | null;
}
const between: Between = { breaks: [], kept: 0, change: null };
let url: string;
let dir: string;
let roster: Roster;
let wanted: Wanted;

beforeEach(async () => {
  Object.assign(between, { breaks: [], kept: 0, change: null });
  const server = own.serve();
  const origin = new URL(await server.listen({ host: '127.0.0.1', port: 0 }));
  const proxy: Server = createServer((incoming, outgoing) => {
    const options = {
      host: origin.hostname,
      port: origin.port,
      path: incoming.url,
      method: incoming.method,
      headers: incoming.headers,
    };
    const onward = ask(options, async (answer) => {
      const pieces: Buffer[] = [];
      for await (const piece of answer) pieces.push(piece);
      const whole = Buffer.concat(pieces);
      const body = between.change?.(incoming.url ?? '', whole) ?? whole;
      outgoing.writeHead(answer.statusCode ?? 500, { ...answer.headers, 'content-length': String(body.length) });
      const cut = incoming.url?.endsWith('.jsonl') ? between.breaks.shift() : undefined;
      if (cut === undefined) return outgoing.end(body);
      between.kept += cut;
      outgoing.write(body.subarray(0, cut));
      // The connection breaks when its bytes have arrived: what is still under way then may be lost with it.
      await until(
        'the part was kept',
        async () => (await sizeOf(`${TEACHERS}/teacher-plan.jsonl.part`)) >= between.kept,
      );
      return outgoing.destroy();
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  dir = await mkdtemp(path.join(tmpdir(), 'mingce-consumer-'));
  roster = openRoster(path.join(dir, 'roster.sqlite'));
  const { keys } = JSON.parse(await publicKeySet(own.world.db));
  wanted = { campaign: '113', kind: 'teacher-plan', keys, dir };
  return async () => {
    roster.close();
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
    await rm(dir, { recursive: true });
  };
});
const sizeOf = (name: string): Promise<number> =>
  stat(path.join(dir, name)).then(
    ({ size }) => size,
    () => 0,
  );
const run = () => follow({ url, token: own.tokens.teachers }, roster, wanted);
const rows = () => roster.db.prepare('SELECT * FROM roster ORDER BY place').all() as Record<string, unknown>[];
const expected = async (id: string) => (await own.world.fileText(id, 'teacher-plan.jsonl')).trimEnd().split('\n');

async function holds(id: string): Promise<void> {
  const lines = await expected(id);
  const found = rows();
  expect(found).toHaveLength(lines.length);
  for (const [i, line] of lines.entries()) {
    const row = JSON.parse(line) as Record<string, unknown>;
    for (const [name, value] of Object.entries(row))
      expect(found[i]?.[name]).toEqual(Array.isArray(value) ? JSON.stringify(value) : value);
  }
}

it('it imports the latest whole, reports it, leaves no rows lying about, and changes nothing the second time', async () => {
  const imported = await run();
  expect(imported).toMatchObject({ id: TEACHERS, imported: 5000, rejected: 0 });
  await holds(TEACHERS);
  const { db } = own.world;
  expect(await db('ops.consumer_receipt')).toMatchObject([
    { consumer: 'planning-teacher', imported: 5000, rejected: 0 },
  ]);
  expect((await readdir(dir)).filter((name) => !name.startsWith('roster.sqlite'))).toEqual([]);
  const fetched = await db('ops.consumer_fetch').count('* as n');
  expect(await run()).toEqual(imported);
  expect(await db('ops.consumer_fetch').count('* as n')).toEqual(fetched);
  expect(await db('ops.consumer_receipt')).toHaveLength(1);
});

it('a download that breaks off goes on where it stopped', async () => {
  between.breaks = [100_000, 50_000, 1];
  await run();
  await holds(TEACHERS);
  const fetches = await own.world
    .db('ops.consumer_fetch')
    .where({ path: 'teacher-plan.jsonl' })
    .orderBy('id', 'desc')
    .limit(4);
  const starts = fetches.map(({ first_byte }) => first_byte).reverse();
  expect(starts[0]).toBeNull();
  expect(starts.slice(1)).toEqual([100_000, 150_000, 150_001]);
});

const flip = (at: number) => (body: Buffer) => {
  const changed = Buffer.from(body);
  changed[at] = (changed[at] as number) ^ 1;
  return changed;
};
it.each([
  ['a row', '.jsonl', flip(5000)],
  ['the manifest', '/manifest', flip(400)],
  ['the signature', '/signature', flip(100)],
  [
    'the signature, by one of another key',
    '/signature',
    (body: Buffer) => Buffer.from(`eyJhbGciOiJub25lIn0..${body.toString().split('.')[2]}`),
  ],
])('it refuses where %s was changed on the way, and what stood still stands', async (_, ending, change) => {
  between.change = (address, body) => (address.endsWith(ending) ? change(body) : body);
  await expect(run()).rejects.toMatchObject({ name: 'RefusedError' });
  expect(roster.standing()).toBeNull();
  between.change = null;
  await run();
  await holds(TEACHERS);
});

it('an answer that always comes empty ends the download after some tries', async () => {
  between.change = (address, body) => (address.endsWith('/signature') ? Buffer.alloc(0) : body);
  await expect(run()).rejects.toThrow('came short');
  expect(roster.standing()).toBeNull();
});

it('it refuses keys that are others', async () => {
  wanted.keys = [];
  await expect(run()).rejects.toThrow('signed by no key that is known');
});

it('an import that fails in the middle leaves what stood, and the correction comes in whole the next time', async () => {
  await run();
  const { world } = own;
  await world.assign(await world.person('遲到者'), 1, { recordedFrom: '2024-08-02T18:00:00+08:00' }, 'roster/x');
  await world.run('2024-08-03T02:00:00+08:00', { recordedAt: '2024-08-03T02:00:00+08:00' });
  const correction = { by: LIN, reason: '補登', at: '2024-08-03T08:00:00+08:00' };
  const { snapshot } = await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan', correction });
  const { replace } = roster;
  const broken: Roster = {
    ...roster,
    replace: (signed, file) => replace({ ...signed, rows: signed.rows + 1 }, file),
  };
  const whole = { ...wanted, whole: true };
  await expect(follow({ url, token: own.tokens.teachers }, broken, whole)).rejects.toThrow('rows were signed');
  expect(roster.standing()?.id).toBe(TEACHERS);
  await holds(TEACHERS);
  expect((await run()).id).toBe(snapshot.id);
  await holds(snapshot.id);
  expect(rows()).toHaveLength(5001);
});

it('as a program it says what stands, and what is refused with status 2', async () => {
  const keys = path.join(dir, 'keys.json');
  await writeFile(keys, await publicKeySet(own.world.db));
  const start = (token: string) =>
    new Promise<{ status: number; out: string; err: string }>((resolve) => {
      const args = ['samples/planning-consumer/main.ts', '--url', url, '--keys', keys, '--dir', path.join(dir, 'own')];
      const env = { PATH: process.env.PATH, PLANNING_TOKEN: token };
      execFile(process.execPath, args, { env }, (error, out, err) =>
        resolve({ status: typeof error?.code === 'number' ? error.code : 0, out, err }),
      );
    });
  const done = await start(own.tokens.teachers);
  expect([done.status, JSON.parse(done.out)]).toEqual([0, expect.objectContaining({ rejected: 0 })]);
  const refused = await start(own.tokens.schools);
  expect(refused).toMatchObject({ status: 2, err: expect.stringContaining('403') });
  expect(refused.err).not.toContain(own.tokens.schools);
});
