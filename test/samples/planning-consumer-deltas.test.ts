/** The sample consumer follows ten publishes by what differs, and has in the end what a fresh import of the whole has. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { publicKeySet } from '../../pipelines/signing-keys.ts';
import { createSnapshot } from '../../pipelines/snapshot.ts';
import { follow, type Wanted } from '../../samples/planning-consumer/follow.ts';
import { openRoster, type Roster, type Signed } from '../../samples/planning-consumer/roster.ts';
import type { PlanKind } from '../../schemas/campaign.ts';
import { LIN } from '../support/users.ts';
import { consumerWorld } from '../web/api/consumer-world.ts';

const own = consumerWorld(800);
const PUBLISHES = 10;
let url: string;
let dir: string;
let keys: Wanted['keys'];

beforeAll(async () => {
  const server = own.serve();
  url = await server.listen({ host: '127.0.0.1', port: 0 });
  dir = await mkdtemp(path.join(tmpdir(), 'mingce-deltas-'));
  keys = JSON.parse(await publicKeySet(own.world.db)).keys;
  return () => rm(dir, { recursive: true });
});

/** Day of a publish. */
const dayOf = (n: number): string => `2024-08-${String(n + 3).padStart(2, '0')}`;

/** What comes to be known on a day of what was registered in time: people come and go, are renamed, get other titles, and identifiers go round. */
async function changes(n: number): Promise<void> {
  const { world } = own;
  const at = `${dayOf(n)}T02:00:00+08:00`;
  const runId = await world.run(at);
  const late = { recordedFrom: at, runId };
  const rows = await world.db('warehouse.assignment').select('id').orderBy('id');
  /** Other ones on each day. */
  const some = (count: number): number[] =>
    Array.from({ length: count }, (_, i) => rows[(n * 131 + i * 17) % rows.length].id as number);
  for (const [i, id] of some(25).entries()) {
    await world.retire('assignment', id, at);
    const end = i % 3 === 0 ? { validTo: '2024-07-20', endReason: '離職' } : {};
    await world.assignmentVersion(id, { title: `職稱${n}`, titleCode: 6, ...late, ...end });
  }
  for (const id of some(10)) {
    const { person_id: person } = await world.db('warehouse.assignment').where({ id }).first();
    await world.retire('person', person, at);
    await world.named(person, `改名${n}-${person}`, late);
  }
  for (let i = 0; i < 12; i += 1) {
    const person = await world.person(`新人${n}-${i}`, nationalId(n * 100 + i), late);
    await world.assign(person, 1, late, `roster/new-${n}`);
  }
  // Three of them turn out to have each other's numbers.
  const three = await world.db('warehouse.person_identifier').orderBy('person_id', 'desc').limit(3);
  for (const [i, { hmac, person_id, run_id }] of three.entries()) {
    const next = three[(i + 1) % 3];
    await world.db('warehouse.past_identifier').insert({ hmac, person_id, run_id, until_run_id: runId });
    await world.db('warehouse.person_identifier').where({ hmac }).update({ person_id: next.person_id, run_id: runId });
  }
  if (n % 4 === 3) {
    const school = await world.institution({ code: `0647${String(n).padStart(2, '0')}`, ...late });
    await world.assign(await world.person(`遷入${n}`, null, late), school, late, 'roster/moved');
    await world.account(school, `lead-${n}`, late);
  }
}

async function publish(n: number): Promise<void> {
  await changes(n);
  for (const kind of ['teacher-plan', 'school-plan'] as const) {
    const correction = { by: LIN, reason: `第 ${n} 次更正`, at: `${dayOf(n)}T09:00:00+08:00` };
    await createSnapshot(own.world.ctx, { campaignId: '113', kind, correction });
  }
}

const dump = ({ db }: Roster): string =>
  db
    .prepare('SELECT * FROM roster ORDER BY place')
    .all()
    .map(({ id: _, ...row }) => JSON.stringify(row))
    .join('\n');

it('ten publishes by deltas end with the same bytes as a fresh import of the whole; a row keeps its number while it is the same person', async () => {
  const kinds: PlanKind[] = ['teacher-plan', 'school-plan'];
  const follower = (kind: PlanKind, name: string) => {
    const roster = openRoster(path.join(dir, `${kind}-${name}.sqlite`));
    const wanted: Wanted = { campaign: '113', kind, keys, dir: path.join(dir, name) };
    return { kind, roster, wanted };
  };
  const followers = kinds.map((kind) => follower(kind, 'deltas'));
  const step = async ({ roster, wanted }: (typeof followers)[number], more: Partial<Wanted> = {}) =>
    follow({ url, token: own.tokens.both }, roster, { ...wanted, ...more });
  for (const one of followers) await step(one);
  const kept = followers[0]?.roster.db.prepare("SELECT id, place FROM roster WHERE name = '王小明'").get();
  for (let n = 1; n <= PUBLISHES; n += 1) {
    await publish(n);
    for (const one of followers) await step(one);
  }
  for (const one of followers) {
    const fresh = follower(one.kind, 'whole');
    await step(fresh);
    expect(one.roster.standing()).toEqual(fresh.roster.standing());
    expect(dump(one.roster)).toBe(dump(fresh.roster));
    fresh.roster.close();
  }
  const last = followers[0]?.roster.db.prepare("SELECT id, place FROM roster WHERE name = '王小明'").get();
  expect(last?.id).toBe(kept?.id);
  const fetched = await own.world.db('ops.consumer_fetch').select('snapshot_id', 'path').orderBy('id');
  const whole = fetched.filter(({ path: file }) => file.endsWith('plan.jsonl')).map(({ snapshot_id: id }) => id);
  const deltas = fetched.filter(({ path: file }) => file.endsWith('.delta.jsonl')).map(({ snapshot_id: id }) => id);
  // Once at the beginning of each, and once by the fresh ones.
  const ends = [`113-teacher-plan-v${PUBLISHES + 1}`, expect.stringMatching(/^113-school-plan-v\d+$/)];
  expect(whole).toEqual(['113-teacher-plan-v1', '113-school-plan-v1', ...ends]);
  expect(deltas.filter((id) => id.includes('teacher-plan'))).toHaveLength(PUBLISHES);
  for (const { roster } of followers) roster.close();
}, 120_000);

it('a delta that was changed on the way is refused, and what stood still stands', async () => {
  const roster = openRoster(path.join(dir, 'refused.sqlite'));
  const wanted: Wanted = { campaign: '113', kind: 'teacher-plan', keys, dir: path.join(dir, 'refused') };
  const server = { url, token: own.tokens.both };
  await follow(server, roster, wanted);
  const before = dump(roster);
  await publish(PUBLISHES + 1);
  const { apply } = roster;
  const broken: Roster = {
    ...roster,
    apply: (signed, operations) =>
      apply(
        signed,
        (async function* () {
          for await (const operation of operations)
            yield operation.op === 'insert' ? { ...operation, after: { ...operation.after, name: '別人' } } : operation;
        })(),
      ),
  };
  await expect(follow(server, broken, wanted)).rejects.toThrow('not what was signed');
  expect(dump(roster)).toBe(before);
  expect((await follow(server, roster, wanted)).id).not.toBe('113-teacher-plan-v1');
  roster.close();
});

it('another planning year begins with its own first version, and an older version of the same is refused', async () => {
  const roster = openRoster(':memory:');
  const file = path.join(dir, 'rows.jsonl');
  await writeFile(file, '{"name":"王小明"}\n');
  const signed = (year: string, version: number): Signed => ({
    manifest: {
      name: `${year}-teacher-plan-v${version}`,
      resources: [],
      mingce: { campaign: { id: year }, kind: 'teacher-plan', version, fingerprint: `${year} ${version}` },
    },
    fields: [{ name: 'name', type: 'string' }],
    rows: 1,
    hash: '',
  });
  await roster.replace(signed('113', 2), file);
  await expect(roster.replace(signed('113', 1), file)).rejects.toThrow('is older than 113-teacher-plan-v2');
  expect((await roster.replace(signed('114', 1), file)).id).toBe('114-teacher-plan-v1');
  roster.close();
});
