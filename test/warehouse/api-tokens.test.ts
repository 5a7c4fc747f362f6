/** Tokens of consumers, by a clock that the test holds. */
import { createHash } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { addToken, consumerOf, listTokens, revokeToken } from '../../warehouse/api-tokens.ts';
import { verifyAudit } from '../../warehouse/verify-audit.ts';
import { ownDatabase } from '../support/own-database.ts';
import { addBureau, asks, LIN, OPS } from '../support/users.ts';

const own = ownDatabase();
const NOW = '2024-08-01T12:00:00+08:00';
const request = asks(OPS, NOW);
const add = (consumer: string, through = '2024-08-31', kinds: ('teacher-plan' | 'school-plan')[] = ['teacher-plan']) =>
  addToken(own.db, { consumer, kinds, through }, request);

beforeAll(() => addBureau(own.db, ['lin']));

it('a token opens what it was made for, until its last day ends in Taipei', async () => {
  const { id, token } = await add('planning-teacher');
  expect(token).toMatch(/^mingce_[\w-]{43}$/);
  const told = { name: 'planning-teacher', token: id, kinds: ['teacher-plan'] };
  expect(await consumerOf(own.db, token, NOW)).toEqual(told);
  expect(await consumerOf(own.db, token, '2024-08-31T23:59:59+08:00')).toEqual(told);
  expect(await consumerOf(own.db, token, '2024-09-01T00:00:00+08:00')).toBeNull();
});

it('only its digest is kept, and two of one consumer are not alike', async () => {
  const [one, two] = [await add('twice'), await add('twice', '2024-08-02', ['school-plan', 'teacher-plan'])];
  expect(one.token).not.toBe(two.token);
  const { rows } = await own.db.raw(
    `SELECT digest, t::text AS whole FROM ops.api_token t WHERE consumer = 'twice' ORDER BY id`,
  );
  expect(rows[0].digest).toEqual(createHash('sha256').update(one.token).digest());
  for (const { whole } of rows) expect(whole).not.toMatch(/mingce_/);
  const { rows: trail } = await own.db.raw('SELECT a::text AS row FROM ops.audit a');
  expect(trail.some(({ row }: { row: string }) => row.includes('token-added'))).toBe(true);
  for (const { row } of trail) for (const { token } of [one, two]) expect(row).not.toContain(token.slice(7));
  expect((await verifyAudit(own.db)).broken).toBeNull();
});

it('a revoked token opens nothing, its other one goes on, and the list says who revoked it and why', async () => {
  const [old, fresh] = [await add('changes'), await add('changes')];
  await revokeToken(own.db, { id: old.id, reason: '外洩' }, request);
  expect(await consumerOf(own.db, old.token, NOW)).toBeNull();
  expect(await consumerOf(own.db, fresh.token, NOW)).toMatchObject({ token: fresh.id });
  await expect(revokeToken(own.db, { id: old.id, reason: '再' }, request)).rejects.toMatchObject({
    code: 'token-revoked-already',
  });
  const lines = (await listTokens(own.db, NOW)).filter(({ consumer }) => consumer === 'changes');
  expect(lines).toMatchObject([
    { token: old.id, status: 'revoked', revokedBy: 'ops', revokedWhy: '外洩' },
    { token: fresh.id, status: 'active', lastUsedAt: NOW },
  ]);
  const later = (await listTokens(own.db, '2024-09-01T00:00:00+08:00')).filter(
    ({ consumer }) => consumer === 'changes',
  );
  expect(later.map(({ status }) => status)).toEqual(['revoked', 'expired']);
});

it('when it was last used is written once a minute', async () => {
  const { id, token } = await add('busy');
  const lastUsed = async (at: string): Promise<string> => {
    await consumerOf(own.db, token, at);
    return (await own.db('ops.api_token').where({ id }).first('last_used_at')).last_used_at;
  };
  expect(await lastUsed('2024-08-01T12:00:00+08:00')).toBe('2024-08-01T12:00:00+08:00');
  expect(await lastUsed('2024-08-01T12:00:59+08:00')).toBe('2024-08-01T12:00:00+08:00');
  expect(await lastUsed('2024-08-01T12:01:00+08:00')).toBe('2024-08-01T12:01:00+08:00');
});

it.each([
  '',
  'mingce_',
  `mingce_${'A'.repeat(43)}`,
  `mingce_${'A'.repeat(44)}`,
  "' OR 1=1 --",
  '\u0000',
])('what is no token (%j) opens nothing', async (typed) => {
  expect(await consumerOf(own.db, typed, NOW)).toBeNull();
});

it('names and days that cannot be are refused, and so is whoever is not of role ops', async () => {
  for (const name of ['A', 'Planning', 'a b', 'x'.repeat(41), 'a123456789'])
    await expect(add(name), name).rejects.toMatchObject({ code: 'consumer-name-unfit' });
  await expect(add('late', '2024-07-31')).rejects.toMatchObject({ code: 'token-expiry' });
  await expect(add('far', '2030-01-01')).rejects.toMatchObject({ code: 'token-expiry' });
  expect((await add('today', '2024-08-01')).id).toBeGreaterThan(0);
  await expect(
    addToken(own.db, { consumer: 'lins', kinds: ['teacher-plan'], through: '2024-08-31' }, asks(LIN, NOW)),
  ).rejects.toMatchObject({ code: 'user-not-allowed' });
  await expect(revokeToken(own.db, { id: 1, reason: 'x' }, asks(LIN, NOW))).rejects.toMatchObject({
    code: 'user-not-allowed',
  });
  await expect(revokeToken(own.db, { id: 999_999, reason: 'x' }, request)).rejects.toMatchObject({
    code: 'token-unknown',
  });
});

it('a token is never deleted', async () => {
  await expect(own.db('ops.api_token').del()).rejects.toThrow('stays as it was told');
});
