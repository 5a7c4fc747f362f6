/** What changed since: when it is asked for, what is asked, and what its silence is worth. */
import { afterAll, describe, expect, it } from 'vitest';
import { chooseSince } from '../../connectors/care-system/choose-since.ts';
import type { LandedPicture } from '../../connectors/contract.ts';
import { openConnector } from '../../connectors/registry.ts';
import { type CareServer, careCity, startCareServer } from './support/care-server.ts';
import { environmentAt } from './support/environment.ts';
import { contextAt, keep, readAll, sourceError } from './support/handover.ts';

const PART = { source: 'care', drop: 'care', files: [] };
const FIRST = '2024-08-01T02:00:00+08:00';
const landed = (changes: Partial<LandedPicture> = {}): LandedPicture => ({
  asOf: FIRST,
  completeAsOf: FIRST,
  waiting: false,
  ...changes,
});
const servers: CareServer[] = [];
afterAll(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe('the complete list is asked for', () => {
  const config = { delta: true, completeEveryNights: 3 };
  const night = (day: number): string => `2024-08-0${day}T02:00:00+08:00`;

  it.each([
    ['where no delta is configured', { ...config, delta: false }, landed(), night(2), null],
    ['on the first night', config, null, night(2), null],
    ['where no complete one was ever landed', config, landed({ completeAsOf: null }), night(2), null],
    ['while changed staff wait for their institution', config, landed({ waiting: true }), night(2), null],
    ['on the third night after the last', config, landed({ asOf: night(3) }), night(4), null],
    ['every night where the configuration says so', { ...config, completeEveryNights: 1 }, landed(), night(2), null],
  ])('%s', (_, settings, picture, now, since) => {
    expect(chooseSince(settings, picture, now)).toBe(since);
  });

  it('and a delta since the newest landed picture in between, counted in nights of Taipei', () => {
    expect(chooseSince(config, landed(), night(2))).toBe(FIRST);
    expect(chooseSince(config, landed({ asOf: night(2) }), night(3))).toBe(night(2));
    // 2024-08-03 in Taipei, though still the second in Greenwich.
    expect(chooseSince(config, landed(), '2024-08-02T16:00:00Z')).toBe(FIRST);
    expect(chooseSince(config, landed(), '2024-08-03T16:00:00Z')).toBeNull();
  });
});

describe('a delta', () => {
  async function take(change: (server: CareServer) => void, picture: LandedPicture | null = landed()) {
    const server = await startCareServer(careCity(7));
    servers.push(server);
    server.data.asOf = '2024-08-02T02:00:00+08:00';
    change(server);
    const config = { ...server.config, delta: true };
    const connector = openConnector(config, environmentAt('/', 'right'));
    const remembered = { held: [], landed: picture };
    const [delivery] = await keep(connector, PART, contextAt('2024-08-02T02:00:00+08:00'), remembered);
    return { server, ...(await readAll(connector, delivery!)) };
  }
  const touch = (server: CareServer, ...people: number[]): void => {
    for (const i of people) server.data.staff[i]!.updatedAt = '2024-08-01T15:00:00+08:00';
  };

  it('brings what changed, and is not complete: its silence says nothing', async () => {
    const { server, delivery, rows, notes } = await take((s) => touch(s, 1, 3, 5));
    expect(delivery).toMatchObject({ complete: false, asOf: '2024-08-02T02:00:00+08:00' });
    expect(rows.map(({ values }) => values.staffId)).toEqual(['S00001', 'S00003', 'S00005']);
    expect(notes).toMatchObject({ changedSince: FIRST, institutions: 0, staff: 3, pages: 3 });
    const pages = server.requests.filter(({ path }) => path.startsWith('/v1/'));
    expect(pages.map(({ changedSince }) => changedSince)).toEqual(pages.map(() => FIRST));
  });

  it('may be empty', async () => {
    const { delivery, rows } = await take(() => undefined);
    expect(delivery.complete).toBe(false);
    expect(rows).toEqual([]);
  });

  it('that is cut short is refused like a complete list', async () => {
    const { delivery, server } = await take((s) => touch(s, 1, 3, 5));
    const connector = openConnector(server.config, environmentAt('/', 'right'));
    const shorter = { ...delivery, objects: delivery.objects.slice(0, -1) };
    expect(await sourceError(readAll(connector, shorter))).toMatchObject({ code: 'care-walk-unfinished' });
  });

  it('does not go on behind pages of another question', async () => {
    const { server, delivery } = await take((s) => touch(s, 1, 3, 5));
    const connector = openConnector(server.config, environmentAt('/', 'right'));
    const [complete] = await keep(connector, PART, contextAt(), { held: delivery.objects, landed: landed() });
    expect(complete!.complete).toBe(true);
    expect((await readAll(connector, complete!)).rows).toHaveLength(3 + 7);
  });
});
