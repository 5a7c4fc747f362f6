/** Who received which snapshot, what they say of it, and who must be told after a correction. */
import { expect, it } from 'vitest';
import { renderConsumer, renderOutdated } from '../../../pipelines/report/render-consumers.ts';
import { createSnapshot } from '../../../pipelines/snapshot.ts';
import { consumerLine, outdatedList } from '../../../schemas/outputs/consumers.ts';
import { listConsumers, listOutdated } from '../../../warehouse/views/consumers.ts';
import { CUT_OFF } from '../../pipelines/snapshot/world.ts';
import { LIN } from '../../support/users.ts';
import { consumerWorld, NOW, SCHOOLS, TEACHERS } from './consumer-world.ts';

const own = consumerWorld(5);
const site = () => own.serve();
const fingerprintOf = async (id: string): Promise<string> => (await own.get(`snapshots/${id}`)).json().fingerprint;

async function tell(id: string, said: object | string, token = own.tokens.teachers) {
  const server = site();
  const answer = await server.inject({
    method: 'POST',
    url: `/api/v1/snapshots/${id}/receipts`,
    headers: { host: 'roster.example', authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    payload: typeof said === 'string' ? said : JSON.stringify(said),
  });
  return { status: answer.statusCode, body: answer.json() };
}
const shown = async (name: string) => consumerLine.parse((await listConsumers(own.world.db, NOW, name))[0]);

it('a consumer that only looked received no data; one that fetched a part of a file did', async () => {
  await own.get(`snapshots/${TEACHERS}/manifest`, { token: own.tokens.teachers });
  expect((await shown('planning-teacher')).received).toMatchObject([{ snapshot: TEACHERS, data: false, fetches: 1 }]);
  expect((await shown('planning-school')).received).toEqual([]);
  await own.get(`snapshots/${TEACHERS}/files/teacher-plan.csv`, {
    token: own.tokens.teachers,
    headers: { range: 'bytes=0-9' },
  });
  expect((await shown('planning-teacher')).received).toMatchObject([
    { snapshot: TEACHERS, data: true, fetches: 2, files: ['datapackage.json', 'teacher-plan.csv'], receipt: null },
  ]);
});

it('what it says of its import is kept, once where it is said twice, and the last word counts', async () => {
  const fingerprint = await fingerprintOf(TEACHERS);
  const said = { fingerprint, imported: 4, rejected: 1, reasons: [{ code: 'unknown-institution', rows: 1 }] };
  expect(await tell(TEACHERS, said)).toMatchObject({
    status: 201,
    body: { snapshot: TEACHERS, imported: 4, rejected: 1, at: NOW },
  });
  expect((await tell(TEACHERS, said)).status).toBe(200);
  expect(await own.world.db('ops.consumer_receipt')).toHaveLength(1);
  expect((await tell(TEACHERS, { fingerprint, imported: 5, rejected: 0 })).status).toBe(201);
  expect((await tell(TEACHERS, said)).status).toBe(201);
  expect((await shown('planning-teacher')).received[0]?.receipt).toEqual({
    at: NOW,
    imported: 4,
    rejected: 1,
    reasons: said.reasons,
  });
  expect(renderConsumer(await shown('planning-teacher'))).toMatch(/匯入 4，退回 1；[\s\S]*unknown-institution/);
});

it.each([
  ['of another snapshot', { fingerprint: `sha256:${'0'.repeat(64)}`, imported: 1, rejected: 0 }, 409],
  ['without figures', { imported: 1 }, 400],
  ['with more reasons than rejected rows', { imported: 1, rejected: 1, reasons: [{ code: 'x', rows: 2 }] }, 400],
  ['with a text as a reason', { imported: 1, rejected: 1, reasons: [{ code: '王小明 不符', rows: 1 }] }, 400],
  ['with an identifier as a reason', { imported: 1, rejected: 1, reasons: [{ code: 'a123456789', rows: 1 }] }, 400],
  ['with something else', { imported: 1, rejected: 0, people: ['王小明'] }, 400],
  ['with figures that cannot be', { imported: -1, rejected: 0.5 }, 400],
  ['that is no JSON', '{', 400],
  ['that is endless', `{"imported": 1, "x": "${'x'.repeat(5000)}"}`, 413],
])('a receipt %s is refused', async (_, said, status) => {
  const fingerprint = await fingerprintOf(TEACHERS);
  const whole = typeof said === 'string' ? said : { fingerprint, ...said };
  const before = await own.world.db('ops.consumer_receipt').count('* as n');
  const answer = await tell(TEACHERS, whole);
  expect(answer.status).toBe(status);
  expect(JSON.stringify(answer.body)).not.toMatch(/王小明|a123456789/i);
  expect(answer.body.contacts.phone).toBe('07-7258600');
  expect(await own.world.db('ops.consumer_receipt').count('* as n')).toEqual(before);
});

it('of another kind nothing can be said', async () => {
  const said = { fingerprint: await fingerprintOf(SCHOOLS), imported: 1, rejected: 0 };
  expect((await tell(SCHOOLS, said)).status).toBe(403);
  expect((await tell('113-school-plan-v9', said)).status).toBe(403);
  expect((await tell('113-teacher-plan-v9', said)).status).toBe(404);
});

it('what was received and said stays as it was told', async () => {
  for (const table of ['ops.consumer_fetch', 'ops.consumer_receipt'])
    for (const change of [own.world.db(table).del(), own.world.db(table).update({ consumer: 'other' })])
      await expect(change).rejects.toThrow('stays as it was told');
});

it('after a correction whoever has the older data must be told, until it fetched the newer', async () => {
  expect(await listOutdated(own.world.db)).toEqual([]);
  await own.get(`snapshots/${SCHOOLS}/manifest`, { token: own.tokens.schools });
  const { world } = own;
  await world.assign(await world.person('遲到者'), 1, { recordedFrom: '2024-08-02T18:00:00+08:00' }, 'roster/x');
  await world.run('2024-08-03T02:00:00+08:00', { recordedAt: '2024-08-03T02:00:00+08:00' });
  const correction = { by: LIN, reason: '補登', at: '2024-08-03T08:00:00+08:00' };
  const { snapshot } = await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan', correction });
  expect(snapshot).toMatchObject({ id: '113-teacher-plan-v2', cutOff: CUT_OFF });
  const lines = outdatedList.parse(await listOutdated(world.db));
  expect(lines).toMatchObject([
    { consumer: 'planning-teacher', snapshot: TEACHERS, newer: '113-teacher-plan-v2', fetchedNewer: false },
  ]);
  expect(renderOutdated(lines)).toContain('須通知');
  const latest = await own.get('snapshots/latest?campaign=113&kind=teacher-plan', { token: own.tokens.teachers });
  expect(latest.json()).toMatchObject({ id: '113-teacher-plan-v2', corrects: TEACHERS });
  await own.get(`snapshots/${snapshot.id}/manifest`, { token: own.tokens.teachers });
  expect((await listOutdated(world.db))[0]?.fetchedNewer).toBe(false);
  await own.get(`snapshots/${snapshot.id}/files/teacher-plan.csv`, { token: own.tokens.teachers });
  expect((await listOutdated(world.db))[0]?.fetchedNewer).toBe(true);
});

it('a snapshot of another moment is not the latest, and outdates nothing', async () => {
  const { world } = own;
  const asOf = '2024-08-03T02:30:00+08:00';
  await world.run(asOf, { recordedAt: asOf });
  const { snapshot } = await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan', asOf });
  expect(snapshot.version).toBe(3);
  const latest = await own.get('snapshots/latest?campaign=113&kind=teacher-plan', { token: own.tokens.teachers });
  expect(latest.json().id).toBe('113-teacher-plan-v2');
  expect((await listOutdated(world.db)).map(({ newer }) => newer)).toEqual(['113-teacher-plan-v2']);
});
