/** People who may decide: who adds, renews and disables them. By a clock that the test holds. */
import { expect, it } from 'vitest';
import { userList } from '../../schemas/outputs/user-list.ts';
import { INSTALLATION } from '../../schemas/users.ts';
import { holdToRole } from '../../warehouse/hold-to-role.ts';
import { addUser, disableUser, listUsers, recoverOps, renewCredential } from '../../warehouse/users.ts';
import { until } from '../support/until.ts';
import { after, asks, BEGAN, days, LIN, OPS, refused, rules, userWorld } from '../support/users.ts';

const world = userWorld();
const INSTALLED = { ...rules(BEGAN), by: INSTALLATION } as const;

it('the first user is of role ops and asked for by the installation; all others by an ops person', async () => {
  await expect(addUser(world.db, LIN, INSTALLED)).rejects.toMatchObject({ code: 'user-first-is-ops' });
  await expect(addUser(world.db, LIN, asks())).rejects.toMatchObject({ code: 'user-not-allowed' });
  await world.first();
  expect(await world.newest()).toEqual({
    actor: 'installation',
    action: 'user-added',
    subject: 'user:ops',
    detail: { role: 'ops', institution: null },
  });
  const second = { ...OPS, name: 'ops2' };
  await expect(addUser(world.db, second, INSTALLED)).rejects.toMatchObject({ code: 'user-as-needed' });
  await addUser(world.db, LIN, asks());
  for (const change of [
    () => addUser(world.db, second, asks(LIN)),
    () => disableUser(world.db, { name: 'ops', reason: 'x' }, asks(LIN)),
    () => renewCredential(world.db, { name: 'ops' }, asks(LIN)),
    // What a caller says of its role is not believed.
    () => renewCredential(world.db, { name: 'ops' }, asks({ ...LIN, role: 'ops' })),
  ])
    await expect(change()).rejects.toMatchObject({ name: 'UserRefusedError', code: 'user-not-allowed' });
});

it('two first users at once: one of them', async () => {
  const both = ['ops', 'ops2'].map((name) => addUser(world.db, { ...OPS, name }, INSTALLED));
  const ended = await Promise.allSettled(both);
  expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(ended.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'user-as-needed' } });
});

it('an ops person who was disabled since they were let in changes nothing any more', async () => {
  await world.first();
  await addUser(world.db, { ...OPS, name: 'ops2' }, asks());
  await disableUser(world.db, { name: 'ops', reason: 'left' }, asks({ ...OPS, name: 'ops2' }));
  await expect(addUser(world.db, LIN, asks())).rejects.toMatchObject({ code: 'user-not-allowed' });
});

it('whoever decides has one of the roles, and is not disabled until the decision stands', async () => {
  const { lin } = await world.withLin();
  const user = await world.enter(lin, after(1));
  const deciding = await world.db.transaction();
  await holdToRole(deciding, user, ['ops', 'bureau']);
  const disabling = disableUser(world.db, { name: 'lin', reason: 'left' }, asks());
  try {
    await until('disabling waits for the decision', async () => {
      const { rows } = await world.db.raw(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'update%app_user%'`,
      );
      return rows.length > 0;
    });
  } finally {
    await deciding.commit();
  }
  await disabling;
  const late = world.db.transaction((trx) => holdToRole(trx, user, ['ops', 'bureau']));
  await expect(late).rejects.toMatchObject({ name: 'UserRefusedError', code: 'user-not-allowed' });
  const ops = world.db.transaction((trx) => holdToRole(trx, OPS, ['bureau', 'school']));
  await expect(ops).rejects.toThrow('an active user of role bureau, school');
});

it('the last ops person who can sign in is not disabled, also where two disable each other at once', async () => {
  await world.first();
  await addUser(world.db, { ...OPS, name: 'ops2' }, asks());
  await addUser(world.db, LIN, asks());
  const each = [
    disableUser(world.db, { name: 'ops2', reason: 'x' }, asks()),
    disableUser(world.db, { name: 'ops', reason: 'x' }, asks({ ...OPS, name: 'ops2' })),
  ];
  const ended = await Promise.allSettled(each);
  expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const [left] = await world.db('ops.app_user').where({ role: 'ops', disabled_at: null }).pluck('name');
  const last = disableUser(world.db, { name: left, reason: 'x' }, asks({ ...OPS, name: left }));
  await expect(last).rejects.toMatchObject({ code: 'user-last-ops' });
});

it('an ops person who is away does not count as another one who could sign in', async () => {
  const ops = await world.first();
  await addUser(world.db, { ...OPS, name: 'ops2' }, asks());
  await world.enter(ops, days(89));
  const disabling = (now: string) => disableUser(world.db, { name: 'ops', reason: 'x' }, asks(OPS, now));
  await expect(disabling(days(90))).rejects.toMatchObject({ code: 'user-last-ops' });
  await disabling(days(90, -1));
});

it('a renewed credential is another one, ends a lock, and lets a disabled user in only where that is said', async () => {
  const { lin } = await world.withLin();
  for (let n = 1; n <= 5; n++) await refused(world.wrongly(lin, after(1)));
  const renewed = await renewCredential(world.db, { name: 'lin' }, asks(OPS, after(2)));
  await refused(world.enter(lin, after(2)));
  expect(await world.enter(renewed, after(2))).toEqual(LIN);
  await disableUser(world.db, { name: 'lin', reason: 'left' }, asks(OPS, after(3)));
  await refused(world.enter(renewed, after(3)));
  const again = renewCredential(world.db, { name: 'lin' }, asks(OPS, after(4)));
  await expect(again).rejects.toMatchObject({ name: 'UserRequestError', code: 'user-is-disabled' });
  const enabled = await renewCredential(world.db, { name: 'lin', enable: true }, asks(OPS, after(4)));
  expect(await world.newest()).toMatchObject({
    action: 'user-renewed',
    subject: 'user:lin',
    detail: { enabled: true },
  });
  expect(await world.enter(enabled, after(4))).toEqual(LIN);
});

it('recovery makes one new ops person and disables all others of them, so that it cannot pass unseen', async () => {
  const { ops, lin } = await world.withLin();
  await addUser(world.db, { ...OPS, name: 'ops2' }, asks());
  await expect(recoverOps(world.db, 'ops', rules(after(1)))).rejects.toMatchObject({ code: 'user-exists' });
  expect(await world.enter(ops, after(1))).toEqual(OPS);
  const made = await recoverOps(world.db, 'ops3', rules(after(2)));
  await refused(world.enter(ops, after(3)));
  expect(await world.enter(made, after(3))).toEqual({ ...OPS, name: 'ops3' });
  expect(await world.enter(lin, after(3))).toEqual(LIN);
  const told = await world.db('ops.audit').where({ actor: 'installation' }).orderBy('id', 'desc').limit(3);
  expect(told.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
    'user-added user:ops3',
    'user-disabled user:ops2',
    'user-disabled user:ops',
  ]);
});

it.each([
  ['Lin', 'bureau', null, 'user-name-unfit'],
  ['l', 'bureau', null, 'user-name-unfit'],
  ['a123456789', 'bureau', null, 'user-name-unfit'],
  ['installation', 'ops', null, 'user-name-unfit'],
  ['lin', 'school', null, 'user-institution'],
  ['lin', 'bureau', '064601', 'user-institution'],
  ['lin', 'school', 'A123456789', 'user-institution'],
  ['ops', 'bureau', null, 'user-exists'],
] as const)('refuses %s as %s of %s: %s', async (name, role, institutionCode, code) => {
  await world.first();
  const adding = addUser(world.db, { name, role, institutionCode }, asks());
  await expect(adding).rejects.toMatchObject({ name: 'UserRequestError', code });
  expect(await world.db('ops.app_user').pluck('name')).toEqual(['ops']);
});

it('who is not there can be neither disabled nor renewed, and nobody is disabled twice', async () => {
  await world.withLin();
  for (const name of ['nobody', 'a\0', ''])
    for (const change of [
      () => disableUser(world.db, { name, reason: 'x' }, asks()),
      () => renewCredential(world.db, { name }, asks()),
    ])
      await expect(change()).rejects.toMatchObject({ code: 'user-unknown' });
  await disableUser(world.db, { name: 'lin', reason: 'left' }, asks());
  const twice = disableUser(world.db, { name: 'lin', reason: 'again' }, asks());
  await expect(twice).rejects.toMatchObject({ code: 'user-disabled-already' });
});

it('a change and its audit row are one: a reason that the trail does not take changes nothing', async () => {
  await world.withLin();
  const before = await world.db('ops.audit').count();
  const disabling = disableUser(world.db, { name: 'lin', reason: 'A123456789 left' }, asks());
  await expect(disabling).rejects.toThrow('takes no identifier');
  expect((await listUsers(world.db, rules(after(1))))[0]).toMatchObject({ name: 'lin', status: 'active' });
  expect(await world.db('ops.audit').count()).toEqual(before);
});

it('the list says how each stands, as published, and nothing of a credential', async () => {
  const { lin } = await world.withLin();
  await addUser(world.db, { name: 'chen', role: 'school', institutionCode: '064601' }, asks());
  await disableUser(world.db, { name: 'chen', reason: '調職' }, asks(OPS, after(1)));
  for (let n = 1; n <= 5; n++) await refused(world.wrongly(lin, after(2)));
  const found = userList.parse(await listUsers(world.db, rules(after(3))));
  expect(found.map(({ name, status }) => [name, status])).toEqual([
    ['chen', 'disabled'],
    ['lin', 'locked'],
    ['ops', 'active'],
  ]);
  expect(found[0]).toMatchObject({ disabledAt: '2024-07-01T09:01:00+08:00', disabledWhy: '調職', createdBy: 'ops' });
  expect(found[1]?.lockedUntil).toBe('2024-07-01T09:17:00+08:00');
  expect(JSON.stringify(found)).not.toContain(lin.credential);
});

it('a user is never deleted, also not by hand', async () => {
  await world.withLin();
  for (const statement of [`DELETE FROM ops.app_user WHERE name = 'lin'`, 'TRUNCATE ops.app_user CASCADE'])
    await expect(world.db.raw(statement)).rejects.toMatchObject({ code: '23000' });
});
