/** Notices of published snapshots: a real receiver, the queue on PostgreSQL, a real worker. */
import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openWebhooks } from '../../cli/open-webhooks.ts';
import { makeNotices, type Notices } from '../../jobs/notices.ts';
import { type JobQueue, openQueue } from '../../jobs/queue.ts';
import { openWorker, type RunningWorker } from '../../jobs/worker.ts';
import { createSnapshot, takeDueSnapshots } from '../../pipelines/snapshot.ts';
import { configSchema } from '../../schemas/config.ts';
import { useWorld } from '../pipelines/snapshot/use-world.ts';
import { CUT_OFF } from '../pipelines/snapshot/world.ts';
import { makeTestLogger } from '../support/test-logger.ts';
import { until } from '../support/until.ts';

const stage = useWorld();
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}
/** How a receiver answers its requests, one after the other; 204 when these are used up. */
type Script = (number | 'hang-up' | 'redirect')[];

interface Receiver {
  url: string;
  received: Received[];
  close(): Promise<void>;
}
function act(response: ServerResponse, step: Script[number]): void {
  if (step === 'hang-up') response.destroy();
  else if (step === 'redirect') response.writeHead(307, { location: '/elsewhere' }).end();
  else response.writeHead(step).end('a text that is not kept');
}
async function receive(script: Script = [], port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
      act(response, script[received.length - 1] ?? 204);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, received, close };
}

const log = makeTestLogger();
const closers: (() => Promise<unknown>)[] = [];
let queue: JobQueue;

beforeEach(() => {
  const { db } = stage.world;
  const databaseUrl = (db.client.config.connection as { connectionString: string }).connectionString;
  queue = openQueue({ databaseUrl, redisUrl: null }, () => undefined);
  return async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await queue.close();
  };
});
afterEach(() => expect(log.text()).not.toContain(SECRET.slice(6)));

const configOf = (webhooks: object[]) =>
  configSchema.parse({
    sources: [{ type: 'institution-list', name: 's', path: 's.csv', layout: 'schools' }],
    webhooks,
  });

function notices(...urls: string[]): Notices {
  const webhooks = urls.map((url, i) => ({
    consumer: `planning-${i + 1}`,
    kinds: ['teacher-plan'],
    url,
    secretEnv: 'SECRET',
    retryPauseSeconds: 0.02,
  }));
  const ctx = { ...stage.world.ctx, log: log.logger };
  return makeNotices({ ctx, queue, webhooks: openWebhooks(configOf(webhooks), () => SECRET) });
}
async function work(of: Notices): Promise<RunningWorker> {
  const { ctx, db } = stage.world;
  const databaseUrl = (db.client.config.connection as { connectionString: string }).connectionString;
  const none = async () => ({ specs: new Map(), systems: {} });
  const onSchedule = async () => undefined;
  const deps = { ctx: { ...ctx, log: log.logger }, databaseUrl, queue, sourcesFor: none, notices: of, onSchedule };
  const worker = await openWorker(deps);
  closers.push(() => worker.close());
  return worker;
}
async function receiver(script: Script = [], port = 0): Promise<Receiver> {
  const made = await receive(script, port);
  closers.push(() => made.close().catch(() => undefined));
  return made;
}
async function publish(): Promise<void> {
  const runId = await stage.world.run(CUT_OFF, { kind: 'closing' });
  await takeDueSnapshots(stage.world.ctx, { runId, epoch: 1 });
}
const deliveries = () => stage.world.db('ops.notice_delivery').orderBy(['notice_id', 'consumer']);
const delivered = (count = 1) =>
  until('it was delivered', async () => (await deliveries()).filter((d) => d.delivered_at !== null).length === count);

it('a receiver that fails twice is told a third time: one id, each try signed anew, nobody in it', async () => {
  const to = await receiver([503, 'hang-up']);
  await publish();
  const told = notices(to.url);
  await work(told);
  await told.dispatch();
  await delivered();
  expect(to.received).toHaveLength(3);
  expect(new Set(to.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(to.received[0]?.headers['webhook-id']).toMatch(/^msg_[0-9a-f-]{36}$/);
  for (const { headers, body } of to.received) {
    new Verifier(SECRET).verify(body, headers as Record<string, string>);
    expect(() => new Verifier(SECRET).verify(`${body} `, headers as Record<string, string>)).toThrow();
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const mac = createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64'))
      .update(signed)
      .digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${mac}`);
    expect(headers['content-type']).toBe('application/json');
  }
  const { db } = stage.world;
  const { manifest, created_at } = await db('ops.snapshot').where({ id: '113-teacher-plan-v1' }).first();
  expect(JSON.parse(to.received[0]?.body ?? '')).toEqual({
    type: 'snapshot.published',
    timestamp: created_at,
    data: {
      id: '113-teacher-plan-v1',
      campaign: '113',
      kind: 'teacher-plan',
      version: 1,
      cutOff: CUT_OFF,
      fingerprint: manifest.mingce.fingerprint,
    },
  });
  expect(await deliveries()).toMatchObject([
    { consumer: 'planning-1', attempts: 3, last_answer: '204', given_up_at: null },
  ]);
});

it('a receiver that is away is told when it is back', async () => {
  const to = await receiver();
  const { port } = new URL(to.url);
  await to.close();
  await publish();
  const told = notices(to.url);
  await work(told);
  await told.dispatch();
  await until('a try was noted', async () => (await deliveries())[0]?.attempts >= 1);
  expect((await deliveries())[0]?.last_answer).toBe('ECONNREFUSED');
  const back = await receiver([], Number(port));
  await delivered();
  expect(back.received).toHaveLength(1);
});

it('each consumer is told of its kinds once, however often one looks, and one that fails keeps no other waiting', async () => {
  const [bad, good] = [await receiver(Array(15).fill(500)), await receiver()];
  await publish();
  const told = notices(bad.url, good.url);
  await work(told);
  await Promise.all([told.dispatch(), told.dispatch(), told.dispatch()]);
  await delivered();
  await told.dispatch();
  expect(good.received).toHaveLength(1);
  expect((await stage.world.db('ops.notice')).map((n) => n.snapshot_id).sort()).toEqual([
    '113-school-plan-v1',
    '113-teacher-plan-v1',
  ]);
  expect(await deliveries()).toMatchObject([
    { consumer: 'planning-1', delivered_at: null },
    { consumer: 'planning-2' },
  ]);
});

it('a queue that was lost loses no notice, and a worker that died before it noted the answer tells again under the same id', async () => {
  const to = await receiver();
  await publish();
  const told = notices(to.url);
  await told.dispatch();
  const { db } = stage.world;
  await db.raw('DELETE FROM bullmq.job');
  await work(told);
  await told.dispatch();
  await delivered();
  // As it stands where the process was killed between the answer and its note.
  await db('ops.notice_delivery').update({ delivered_at: null, attempts: 0 });
  // The watchdog looks again each minute: the first look may find the old job not yet put away.
  await until('it was delivered again', async () => {
    await told.dispatch();
    return (await deliveries())[0].delivered_at !== null;
  });
  expect(to.received.length).toBeGreaterThanOrEqual(2);
  expect(to.received[1]?.headers['webhook-id']).toBe(to.received[0]?.headers['webhook-id']);
});

it('a receiver that wants no more (410) is not asked again', async () => {
  const to = await receiver([410]);
  await publish();
  const told = notices(to.url);
  await work(told);
  await told.dispatch();
  await until(
    'a try was noted',
    async () => (await deliveries())[0]?.given_up_at !== null && (await deliveries()).length > 0,
  );
  await told.dispatch();
  expect(to.received).toHaveLength(1);
  expect(log.text()).toContain('must be told another way');
});

it('a redirect is not followed: the secret is of one address', async () => {
  const to = await receiver(['redirect']);
  await publish();
  const told = notices(to.url);
  await work(told);
  await told.dispatch();
  await delivered();
  expect(to.received).toHaveLength(2);
});

it('the last try gives the notice up, which is logged and owed no more', async () => {
  const to = await receiver([500]);
  await publish();
  const told = notices(to.url);
  await told.dispatch();
  const [{ notice_id: notice }] = await deliveries();
  await expect(told.deliver({ notice, consumer: 'planning-1' }, true)).rejects.toThrow('was not delivered: 500');
  expect(await deliveries()).toMatchObject([{ attempts: 1, delivered_at: null, last_answer: '500' }]);
  expect((await deliveries())[0]?.given_up_at).not.toBeNull();
  await told.deliver({ notice, consumer: 'planning-1' }, false);
  expect(to.received).toHaveLength(1);
});

it('a snapshot that is not made is told to nobody', async () => {
  const { world } = stage;
  await world.run(CUT_OFF, { kind: 'closing' });
  await world.db.raw(`ALTER TABLE ops.notice ADD CONSTRAINT full_disk CHECK (snapshot_id IS NULL)`);
  await expect(createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan' })).rejects.toThrow('full_disk');
  expect(await world.db('ops.snapshot')).toEqual([]);
  await world.db.raw('ALTER TABLE ops.notice DROP CONSTRAINT full_disk');
  await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan' });
  await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan' });
  expect(await world.db('ops.notice')).toHaveLength(1);
});

it('a consumer that is configured later is not told of what was published before', async () => {
  await publish();
  await notices().dispatch();
  const to = await receiver();
  const told = notices(to.url);
  await work(told);
  await told.dispatch();
  expect(await deliveries()).toEqual([]);
});

it.each([
  'http://planning.example/hook',
  'https://user:secret@planning.example/hook',
  'ftp://planning.example/hook',
  'hook',
])('an address that is not safe (%s) is refused', (url) => {
  const hook = { consumer: 'planning', kinds: ['teacher-plan'], url, secretEnv: 'SECRET' };
  expect(() => configOf([hook])).toThrow();
  expect(() => configOf([{ ...hook, url: 'https://planning.example/hook' }])).not.toThrow();
  expect(() => configOf([{ ...hook, url: 'http://127.0.0.1:1/hook' }, hook])).toThrow();
});

it.each([
  '',
  'right',
  'whsec_',
  'whsec_c2hvcnQ=',
  `whsec_${randomBytes(65).toString('base64')}`,
  'whsec_*',
])('a secret that is none (%s) is told without itself', (secret) => {
  const hook = { consumer: 'planning', kinds: ['teacher-plan'], url: 'https://planning.example/', secretEnv: 'HOOK' };
  expect(() => openWebhooks(configOf([hook]), () => secret)).toThrow(
    'webhooks[0].secretEnv: environment variable HOOK holds no secret of a webhook; expected whsec_ and base64 of 24 to 64 bytes',
  );
});
