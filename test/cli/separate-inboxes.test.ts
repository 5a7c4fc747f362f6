import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { separateInboxes } from '../../cli/separate-inboxes.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { configSchema } from '../../schemas/config.ts';
import { runMingce } from '../support/run-mingce.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'mingce-inboxes-'));
  await mkdir(join(home, 'inbox'));
  await symlink('inbox', join(home, 'link'));
});
afterAll(() => rm(home, { recursive: true }));

const sftp = (folder: string, user = 'u') => ({
  sftp: { host: 'h', user, passwordEnv: 'P', hostKey: `SHA256:${'a'.repeat(43)}`, folder },
});
function look(roster: object, accounts: object): void {
  const sources = [
    { type: 'roster-files', name: 'roster', ...roster },
    { type: 'account-files', name: 'accounts', ...accounts },
  ];
  separateInboxes(configSchema.parse({ sources }).sources, home);
}

it.each([
  ['by the same words', { inbox: 'inbox' }, { inbox: 'inbox' }],
  ['by other words', { inbox: 'inbox' }, { inbox: './other/../inbox/' }],
  ['through a link', { inbox: 'inbox' }, { inbox: 'link' }],
  ['on a server', sftp('/in'), sftp('/in/')],
])('two sources with one inbox, %s, are refused and both named', (_, roster, accounts) => {
  expect(() => look(roster, accounts)).toThrow(/sources "roster" and "accounts" have one inbox \(.*in/);
  expect(() => look(roster, accounts)).toThrow(UsageError);
});

it('one written as an absolute path is the same too', () => {
  expect(() => look({ inbox: 'inbox' }, { inbox: join(home, 'inbox') })).toThrow(/have one inbox/);
});

it.each([
  ['here', { inbox: 'inbox/accounts' }, { inbox: 'inbox' }],
  ['on a server', sftp('.'), sftp('accounts')],
])("an inbox inside another's is refused, %s", (_, roster, accounts) => {
  expect(() => look(roster, accounts)).toThrow(/look into one another's inbox/);
});

it.each([
  ['beside each other', { inbox: 'inbox/a' }, { inbox: 'inbox/ab' }],
  ['of one name here and on a server', { inbox: '/in' }, sftp('/in')],
  ['of two users', sftp('in'), sftp('in', 'v')],
])('folders %s are two inboxes', (_, roster, accounts) => {
  expect(() => look(roster, accounts)).not.toThrow();
});

it('a command ends with 64 before it makes anything', async () => {
  const config = join(home, 'mingce.yaml');
  const source = (type: string, name: string) => `  - { type: ${type}, name: ${name}, inbox: inbox }\n`;
  await writeFile(config, `sources:\n${source('roster-files', 'roster')}${source('account-files', 'accounts')}`);
  const data = join(home, 'data');
  const ended = await runMingce({ MINGCE_CONFIG: config, MINGCE_HOME: data }, 'sync');
  expect(ended).toMatchObject({ status: 64, out: '' });
  expect(ended.err).toContain('sources "roster" and "accounts" have one inbox');
  await expect(rm(data, { recursive: true })).rejects.toThrow('ENOENT');
});
