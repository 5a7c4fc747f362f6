/** A credential is typed at a terminal without being shown, or comes from the environment; without either nothing is tried. */
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actingUser } from '../../cli/acting-user.ts';
import { askSecret } from '../../cli/ask-secret.ts';
import type { Cli } from '../../cli/command.ts';
import { readEnvironment } from '../../cli/environment.ts';
import { parseReason } from '../../cli/parse-reason.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { INSTALLATION } from '../../schemas/users.ts';
import { addUser, type IssuedCredential } from '../../warehouse/users.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

let small: SmallInstallation;
let ops: IssuedCredential;
beforeAll(async () => {
  small = await openSmallInstallation(1, { config: { users: { idleDays: 30 } } });
  const rules = { now: new Date().toISOString(), idleDays: 30 };
  ops = await addUser(small.db, { name: 'ops', role: 'ops', institutionCode: null }, { ...rules, by: INSTALLATION });
});
afterAll(() => small.close());

function terminal(isTTY = true) {
  const [input, output] = [new PassThrough(), new PassThrough()].map((stream) => Object.assign(stream, { isTTY }));
  return { input: input as PassThrough, output: output as PassThrough };
}
const cliWith = (env: Record<string, string>): Cli => ({
  log: small.log.logger,
  environment: () => readEnvironment(env),
  signal: small.ctx.signal,
  withInstallation: (work) => work(small.installation),
  answer: () => undefined,
  exit: () => undefined,
});
const NEVER = new AbortController().signal;

it('asks without showing what is typed, also where it is typed key by key and corrected', async () => {
  const at = terminal();
  const asked = askSecret('ops: ', at, NEVER);
  for (const key of ['s', 'e', 'x', '\u007f', 'c', 'r', 'e', 't', '\r']) at.input.write(key);
  expect(await asked).toBe('secret');
  expect(String(at.output.read())).toBe('ops: \n');
});

it('a typing that is ended is no secret, and one that is interrupted ends the command', async () => {
  const ended = terminal();
  const asked = askSecret('ops: ', ended, NEVER);
  ended.input.write('\u0004');
  expect(await asked).toBeNull();
  const stop = new AbortController();
  const waiting = askSecret('ops: ', terminal(), stop.signal);
  stop.abort(new Error('interrupted'));
  await expect(waiting).rejects.toThrow('interrupted');
  expect(await askSecret('ops: ', terminal(false), NEVER)).toBeNull();
});

it('the user who acts is proven by the environment, or by what is typed', async () => {
  const { installation } = small;
  const proven = { name: 'ops', role: 'ops', institutionCode: null };
  const known = cliWith({ MINGCE_CREDENTIAL: ops.credential });
  expect(await actingUser(known, installation, 'ops', terminal(false))).toEqual(proven);
  const at = terminal();
  const typed = actingUser(cliWith({}), installation, 'ops', at);
  at.input.write(`${ops.credential}\n`);
  expect(await typed).toEqual(proven);
  expect(small.log.text()).not.toContain(ops.credential);
});

it('without a credential nothing is tried; a wrong one is refused, and the configured idleness holds', async () => {
  const { installation, db } = small;
  for (const env of [{}, { MINGCE_CREDENTIAL: '' }]) {
    const asked = actingUser(cliWith(env), installation, 'ops', terminal(false));
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow('MINGCE_CREDENTIAL');
  }
  expect(await db('ops.audit').where({ action: 'sign-in-refused' })).toEqual([]);
  const wrong = actingUser(cliWith({ MINGCE_CREDENTIAL: 'x' }), installation, 'ops', terminal(false));
  await expect(wrong).rejects.toMatchObject({ code: 'user-not-accepted' });
  await db('ops.app_user').update({
    credential_set_at: db.raw(`now() - interval '31 days'`),
    last_used_at: db.raw(`now() - interval '31 days'`),
  });
  const away = actingUser(cliWith({ MINGCE_CREDENTIAL: ops.credential }), installation, 'ops', terminal(false));
  await expect(away).rejects.toMatchObject({ code: 'user-not-accepted' });
});

it('a reason is kept without what people should not write into it', () => {
  expect(parseReason('--reason', ' 核對無誤，家長 12 人 ')).toBe('核對無誤，家長 12 人');
  expect(parseReason('--reason', 'x'.repeat(500))).toHaveLength(500);
  for (const text of [
    '',
    '　',
    'x'.repeat(501),
    '學生 A123456789',
    'ｂ２２３４５６７８１',
    '7K3QD-9XWMA-PB2ZR-HT4NC-5VEJ8-GYF6S',
  ])
    expect(() => parseReason('--reason', text)).toThrow(UsageError);
});
