/** Who is let in: the right credential, five failures and 15 minutes, 90 days, and one answer for all others. By a clock that the test holds. */
import { expect, it } from 'vitest';
import { sensitiveIn } from '../../schemas/sensitive-text.ts';
import { authenticate } from '../../warehouse/authenticate.ts';
import { connect } from '../../warehouse/connect.ts';
import { makeCredential, matchesCredential, sealCredential } from '../../warehouse/credentials.ts';
import { addUser, disableUser, type IssuedCredential, listUsers, renewCredential } from '../../warehouse/users.ts';
import { verifyAudit } from '../../warehouse/verify-audit.ts';
import { until } from '../support/until.ts';
import { after, asks, days, LIN, OPS, refused, rules, userWorld } from '../support/users.ts';

const world = userWorld();

it('the right credential lets in with role and institution, as typed by a person too', async () => {
  const { lin } = await world.withLin();
  expect(await world.enter(lin, after(1))).toEqual(LIN);
  const school = await addUser(world.db, { name: 'chen', role: 'school', institutionCode: '064601' }, asks());
  const typed = school.credential.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
  expect(await authenticate(world.db, { name: 'chen', credential: ` ${typed}\n` }, rules(after(1)))).toEqual({
    name: 'chen',
    role: 'school',
    institutionCode: '064601',
  });
});

it('credentials are random, of at least 128 bits, and what is kept leads back to none', async () => {
  const made = new Set(Array.from({ length: 500 }, makeCredential));
  expect(made.size).toBe(500);
  for (const one of made) expect(one).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){5}$/);
  expect(30 * Math.log2(new Set([...made].join('').replaceAll('-', '')).size)).toBeGreaterThanOrEqual(128);
  const [credential = ''] = made;
  expect(sensitiveIn(`see ${credential}`)).toBe('credential');
  const [one, other] = [await sealCredential(credential), await sealCredential(credential)];
  expect(one.credential_hash.equals(other.credential_hash)).toBe(false);
  expect(await matchesCredential(one, credential)).toBe(true);
  for (const wrong of [credential.slice(0, -1), `${credential}0`, '', 'x'.repeat(100_000)])
    expect(await matchesCredential(one, wrong)).toBe(false);
  expect(await matchesCredential(null, credential)).toBe(false);
});

it('the fifth failure in a row locks for 15 minutes, also against the right credential; the fourth does not', async () => {
  const { lin } = await world.withLin();
  for (let n = 1; n <= 4; n++) await refused(world.wrongly(lin, after(n)));
  expect(await world.enter(lin, after(5))).toEqual(LIN);
  for (let n = 1; n <= 5; n++) await refused(world.wrongly(lin, after(10)));
  expect((await world.newest()).detail).toEqual({ why: 'wrong-credential', failures: 5, lockedForMinutes: 15 });
  await refused(world.enter(lin, after(10)));
  await refused(world.enter(lin, after(25, -1)));
  expect((await world.newest()).detail).toEqual({ why: 'locked', failures: 5 });
  expect(await world.enter(lin, after(25))).toEqual(LIN);
});

it('trying during the lock does not prolong it, and behind it five more failures are allowed for', async () => {
  const { lin } = await world.withLin();
  for (let n = 1; n <= 5; n++) await refused(world.wrongly(lin, after(0)));
  for (let n = 1; n <= 7; n++) await refused(world.wrongly(lin, after(14)));
  for (let n = 1; n <= 4; n++) await refused(world.wrongly(lin, after(15)));
  expect(await world.enter(lin, after(15))).toEqual(LIN);
  for (let n = 1; n <= 5; n++) await refused(world.wrongly(lin, after(20)));
  await refused(world.enter(lin, after(35, -1)));
});

it('failures at once are all counted, also between sessions', async () => {
  const { lin } = await world.withLin();
  const other = connect(world.url);
  try {
    const tries = Array.from({ length: 4 }, (_, n) =>
      authenticate(n % 2 === 0 ? world.db : other, { name: 'lin', credential: makeCredential() }, rules(after(1))),
    );
    for (const one of await Promise.allSettled(tries))
      expect(one).toMatchObject({ reason: { code: 'user-not-accepted' } });
  } finally {
    await other.destroy();
  }
  expect(await world.db('ops.app_user').where({ name: 'lin' }).first('failures', 'locked_until')).toEqual({
    failures: 4,
    locked_until: null,
  });
  await Promise.allSettled([1, 2, 3].map(() => world.wrongly(lin, after(1))));
  const told = await world.db('ops.audit').orderBy('id', 'desc').limit(7).pluck('detail');
  expect(told.map(({ why, failures }) => `${why} ${failures}`).reverse()).toEqual([
    ...[1, 2, 3, 4, 5].map((n) => `wrong-credential ${n}`),
    'locked 5',
    'locked 5',
  ]);
  await refused(world.enter(lin, after(2)));
  expect(await verifyAudit(world.db)).toMatchObject({ broken: null });
});

it('a failure is counted whatever becomes of what surrounds it, so a transaction is not taken', async () => {
  const { lin } = await world.withLin();
  const surrounding = world.db.transaction(async (trx) => {
    await trx.raw('SELECT 1');
    await world.wrongly(lin, after(1));
  });
  await refused(surrounding);
  expect(await world.db('ops.app_user').where({ name: 'lin' }).first('failures')).toEqual({ failures: 1 });
  const inside = world.db.transaction((trx) => authenticate(trx, lin, rules(after(1))));
  await expect(inside).rejects.toThrow('expected the database, not a transaction');
});

it('whoever was away for 90 days is not let in until an ops person renews; one moment less is no matter', async () => {
  const { lin } = await world.withLin();
  expect(await world.enter(lin, days(90, -1))).toEqual(LIN);
  await refused(world.enter(lin, days(180, -1)));
  expect((await world.newest()).detail).toEqual({ why: 'idle', failures: 0 });
  expect((await listUsers(world.db, rules(days(180, -1))))[0]).toMatchObject({ name: 'lin', status: 'idle' });
  const renewed = await renewCredential(world.db, { name: 'lin' }, asks(OPS, days(200)));
  await refused(world.enter(lin, days(200)));
  expect(await world.enter(renewed, days(290, -1))).toEqual(LIN);
});

it('a new user who never came is idle after 90 days, too, and the days are configured', async () => {
  const { lin } = await world.withLin();
  await refused(world.enter(lin, days(90)));
  await refused(authenticate(world.db, lin, { now: days(30), idleDays: 30 }));
  expect(await authenticate(world.db, lin, { now: days(90), idleDays: 91 })).toEqual(LIN);
});

it('one who is disabled, unknown, locked, away or wrong is told the same and takes alike long', async () => {
  const { lin } = await world.withLin();
  const others = { wu: 'bureau', hsu: 'bureau', kao: 'bureau' } as const;
  const made: Record<string, IssuedCredential> = { lin };
  for (const [name, role] of Object.entries(others))
    made[name] = await addUser(world.db, { name, role, institutionCode: null }, asks());
  await disableUser(world.db, { name: 'wu', reason: 'left' }, asks());
  await world
    .db('ops.app_user')
    .whereIn('name', ['lin', 'kao', 'wu'])
    .update({ last_used_at: days(100) });
  for (let n = 1; n <= 5; n++) await refused(world.wrongly(made.kao as IssuedCredential, days(100)));
  const cases: Record<string, { name: string; credential: string }> = {
    wrong: { name: 'lin', credential: makeCredential() },
    disabled: made.wu as IssuedCredential,
    away: made.hsu as IssuedCredential,
    locked: made.kao as IssuedCredential,
    unknown: { name: 'nobody', credential: lin.credential },
    'no name at all': { name: 'a\0b', credential: lin.credential },
  };
  const told = new Set<string>();
  const took: Record<string, number> = {};
  for (const [what, presented] of Object.entries(cases)) {
    for (let n = 1; n <= 3; n++) {
      const began = process.cpuUsage();
      const error = await authenticate(world.db, presented, rules(days(100))).catch((e: Error) => e);
      told.add((error as Error).message);
      took[what] = Math.min(took[what] ?? Infinity, process.cpuUsage(began).user);
    }
  }
  expect(told.size).toBe(1);
  for (const name of Object.keys(made)) expect([...told][0]).not.toMatch(new RegExp(`\\b${name}\\b`));
  // Work, not time: a busy machine makes any of them wait. Whoever left the scrypt out would have done a tenth of it.
  const most = Math.max(...Object.values(took));
  for (const [what, work] of Object.entries(took)) expect(work, what).toBeGreaterThan(most / 2);
});

it('why somebody was refused stands in the audit trail, without what was typed as a name', async () => {
  const { lin } = await world.withLin();
  await refused(authenticate(world.db, { name: lin.credential, credential: 'lin' }, rules(after(1))));
  expect(await world.newest()).toEqual({
    actor: 'unproven',
    action: 'sign-in-refused',
    subject: 'user:unknown',
    detail: { why: 'unknown-user', failures: 0 },
  });
  await disableUser(world.db, { name: 'lin', reason: '調職' }, asks());
  expect(await world.newest()).toMatchObject({ actor: 'ops', action: 'user-disabled', detail: { reason: '調職' } });
  await refused(world.enter(lin, after(2)));
  expect(await world.newest()).toMatchObject({ subject: 'user:lin', detail: { why: 'disabled' } });
  const { rows } = await world.db.raw('SELECT string_agg(a::text, $$ $$) AS text FROM ops.audit a');
  expect(rows[0].text).not.toContain(lin.credential);
});

it('a credential that is renewed while it is looked at lets nobody in', async () => {
  const { lin } = await world.withLin();
  const renewing = await world.db.transaction();
  await renewing.raw(`SELECT 1 FROM ops.app_user WHERE name = 'lin' FOR UPDATE`);
  const entering = refused(world.enter(lin, after(1)));
  try {
    await until('the sign-in waits for the user', async () => {
      const { rows } = await world.db.raw(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%ops.app_user%FOR UPDATE'`,
      );
      return rows.length > 0;
    });
    await renewing('ops.app_user')
      .where({ name: 'lin' })
      .update(await sealCredential(makeCredential()));
  } finally {
    await renewing.commit();
  }
  await entering;
  expect((await world.newest()).detail).toMatchObject({ why: 'wrong-credential' });
});
