/** A city with both snapshots, consumers with tokens, and a server that answers them. */
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { takeDueSnapshots } from '../../../pipelines/snapshot.ts';
import type { PlanKind } from '../../../schemas/campaign.ts';
import { configSchema } from '../../../schemas/config.ts';
import { addToken } from '../../../warehouse/api-tokens.ts';
import { makeServer } from '../../../web/server.ts';
import { CAMPAIGN, CUT_OFF, World } from '../../pipelines/snapshot/world.ts';
import { createTestDatabase } from '../../support/database.ts';
import { makeTestLogger, type TestLog } from '../../support/test-logger.ts';
import { addBureau, asks, OPS } from '../../support/users.ts';

export const NOW = '2024-08-03T09:00:00+08:00';
export const TEACHERS = '113-teacher-plan-v1';
export const SCHOOLS = '113-school-plan-v1';

export const configOf = (web: object = {}) =>
  configSchema.parse({
    simulation: true,
    sources: [{ type: 'institution-list', name: 'schools', path: 's.csv', layout: 'schools' }],
    web,
  });

export interface ConsumerWorld {
  readonly world: World;
  /** What was logged by the server. */
  readonly log: TestLog;
  /** The moment of the next request. */
  at: string;
  /** Tokens by what they open. */
  readonly tokens: { teachers: string; schools: string; both: string };
  serve(web?: object): FastifyInstance;
  token(consumer: string, kinds: PlanKind[], through?: string): Promise<{ id: number; token: string }>;
  get(
    url: string,
    options?: { token?: string | null; headers?: Record<string, string>; method?: 'GET' | 'HEAD' },
  ): Promise<LightMyRequestResponse>;
}

/** For a whole test file. @param people teachers of the one school */
export function consumerWorld(people = 300): ConsumerWorld {
  const log = makeTestLogger();
  const own = { at: NOW, log } as { -readonly [K in keyof ConsumerWorld]: ConsumerWorld[K] };
  const servers: FastifyInstance[] = [];
  let site: FastifyInstance;
  let drop: () => Promise<void>;
  own.serve = (web = {}) => {
    const { db, ctx } = own.world;
    const config = configOf(web);
    const server = makeServer({
      db,
      keyring: ctx.keyring,
      log: log.logger,
      config,
      campaigns: [CAMPAIGN],
      now: () => own.at,
    });
    servers.push(server);
    return server;
  };
  own.token = (consumer, kinds, through = '2025-07-31') =>
    addToken(own.world.db, { consumer, kinds, through }, asks(OPS, '2024-08-01T09:00:00+08:00'));
  own.get = (url, { token = own.tokens.both, headers = {}, method = 'GET' } = {}) =>
    site.inject({
      url: url.startsWith('/') ? url : `/api/v1/${url}`,
      method,
      headers: { host: 'roster.example', ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    });
  beforeAll(async () => {
    const database = await createTestDatabase();
    own.world = new World(database.url);
    drop = () => database.drop();
    const { world } = own;
    const school = await world.institution({ code: '064601', name: '臺中國小' });
    await world.assign(await world.person('王小明', 'A123456789'), school);
    await world.account(school, 'lead01');
    await world.crowd(school, people - 1);
    const runId = await world.run(CUT_OFF, { kind: 'closing' });
    await takeDueSnapshots({ ...world.ctx, log: pino({ level: 'silent' }) }, { runId, epoch: 1 });
    await addBureau(world.db, ['lin']);
    own.tokens = {
      teachers: (await own.token('planning-teacher', ['teacher-plan'])).token,
      schools: (await own.token('planning-school', ['school-plan'])).token,
      both: (await own.token('both', ['school-plan', 'teacher-plan'])).token,
    };
    site = own.serve();
  });
  afterAll(async () => {
    for (const server of servers) await server.close();
    await own.world.close();
    await drop();
  });
  return own;
}
