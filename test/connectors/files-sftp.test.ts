/** Inboxes on an SFTP server. Long because it is a list: what a folder there may hold, and each way in which a server can fail. */
import { execFileSync } from 'node:child_process';
import { appendFile, readdir, rename, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, Part } from '../../connectors/contract.ts';
import type { Pause } from '../../connectors/files/settled-files.ts';
import { openConnector } from '../../connectors/registry.ts';
import { configSchema, sourceConfig } from '../../schemas/config.ts';
import { environmentAt } from './support/environment.ts';
import { contextAt, handOver, keep, sourceError } from './support/handover.ts';
import { type Inbox, makeInbox } from './support/inbox.ts';
import { PASSWORD, type SftpServer, startSftpServer, USER } from './support/sftp-server.ts';
import { zipOf } from './support/zip.ts';

const ROSTER = '姓名,職稱\n王小明,教師\n';
let inbox: Inbox;
let server: SftpServer;
beforeEach(async () => {
  inbox = await makeInbox();
  server = await startSftpServer(inbox.path);
});
afterEach(async () => {
  await server.close();
  await inbox.remove();
});

const settings = (more: Record<string, unknown> = {}) => ({
  host: '127.0.0.1',
  port: server.port,
  user: USER,
  passwordEnv: 'SFTP_PASSWORD',
  hostKey: server.hostKey,
  folder: '.',
  timeoutSeconds: 5,
  ...more,
});
function connect(more: Record<string, unknown> = {}, secret = PASSWORD): Connector {
  const config = sourceConfig.parse({ type: 'roster-files', name: 'roster', sftp: settings(more) });
  return openConnector(config, { ...environmentAt(inbox.path, secret), home: '/nowhere' });
}
const left = async () => (await readdir(inbox.path)).sort();

describe('an inbox on an SFTP server', () => {
  it('is listed, read and emptied as a folder here is: folders, schools, arrival, only what was landed', async () => {
    await inbox.put('new/064601_a.csv', ROSTER);
    await inbox.put('064602.csv', ROSTER.replace('王', '李'), '2024-08-01T09:00:00+08:00');
    await inbox.put('late_064603.csv', ROSTER, '2024-08-02T17:00:00+08:00');
    const connector = connect();
    const parts = await connector.discover(contextAt());
    expect(parts.map(({ source, files }) => ({ source, files }))).toEqual([
      { source: 'roster/064602', files: ['064602.csv'] },
      { source: 'roster/064601', files: ['new/064601_a.csv'] },
    ]);
    const [{ rows, delivery }] = (await handOver(connector, parts[0]!)) as [Awaited<ReturnType<typeof handOver>>[0]];
    expect(rows.map((row) => row.values.name)).toEqual(['李小明']);
    expect(delivery.asOf).toBe('2024-08-01T09:00:00.000+08:00');
    await connector.settle(parts[0]!);
    await connector.settle(parts[0]!);
    expect(await left()).toEqual(['late_064603.csv', 'new']);
    expect(server.steps.filter((step) => step.startsWith('REMOVE'))).toEqual(['REMOVE ./064602.csv']);
  });

  it('opens with a key, too, and does the night over one connection', async () => {
    await writeFile(join(inbox.path, '.key'), server.userKey, { mode: 0o600 });
    for (const code of ['064601', '064602', '064603']) await inbox.put(`${code}.csv`, ROSTER);
    let connections = 0;
    const connector = connect({ keyFile: '.key', passwordEnv: undefined });
    server.onConnect = () => {
      connections += 1;
    };
    const parts = await connector.discover(contextAt());
    for (const part of parts) {
      await handOver(connector, part);
      await connector.settle(part);
    }
    expect([parts.length, connections]).toEqual([3, 1]);
    expect(await left()).toEqual(['.key']);
  });

  it('tells links and pipes without following one, and leaves out hidden and half-transferred files', async () => {
    await inbox.put('real/064601.csv', ROSTER);
    await symlink(join(inbox.path, 'real/064601.csv'), join(inbox.path, '064602.csv'));
    await symlink(join(inbox.path, 'real'), join(inbox.path, '064603'));
    execFileSync('mkfifo', [join(inbox.path, '064604.csv')]);
    for (const name of ['.064605.csv', '064606.csv.filepart']) await inbox.put(name, ROSTER);
    const connector = connect();
    const parts = await connector.discover(contextAt());
    expect(parts.map((part) => part.source)).toEqual(['roster/064601', 'roster/unknown-entries']);
    expect(await sourceError(handOver(connector, parts[1]!))).toMatchObject({
      code: 'inbox-irregular',
      params: { count: 3, files: '064602.csv、064603、064604.csv' },
    });
    await connector.settle(parts[1]!);
    expect(await left()).toContain('064602.csv');
  });

  it('is asked for nothing that an interrupted run kept', async () => {
    await inbox.put('064601.csv', ROSTER);
    const connector = connect();
    const [part] = (await connector.discover(contextAt())) as [Part];
    const whole = await keep(connector, part, contextAt());
    const before = [...server.steps];
    const again = await keep(connect(), part, contextAt(), { held: whole[0]!.objects, landed: null });
    expect(again).toEqual(whole);
    expect(server.steps).toEqual(before);
  });

  it('takes a ZIP apart there, with its note beside it', async () => {
    await inbox.put(
      '全市.zip',
      zipOf(['064601', '064602'].map((code) => ({ name: `${code}/名冊.csv`, content: ROSTER }))),
    );
    const connector = connect();
    const [first, second] = (await connector.discover(contextAt())) as [Part, Part];
    expect(await handOver(connector, first)).toHaveLength(1);
    await connector.settle(first);
    expect(await left()).toEqual(['.全市.zip.landed', '全市.zip']);
    expect(await connector.discover(contextAt())).toMatchObject([{ source: 'roster/064602' }]);
    await connector.settle(second);
    expect(await left()).toEqual([]);
  });
});

describe('in real operation', () => {
  const NOW = '2024-08-01T11:00:00+08:00';
  const SIGHT = { arrived: Date.parse(NOW), counts: true, unchangedFor: 60_000 };
  const real = (pause?: Pause) =>
    openConnector(sourceConfig.parse({ type: 'roster-files', name: 'roster', sftp: settings(), stableSeconds: 10 }), {
      ...environmentAt(inbox.path, PASSWORD),
      machineClock: () => Date.parse(NOW),
      pause: pause ?? (() => Promise.reject(new Error('waited'))),
    });

  it('a file arrived when it was first seen, whatever time its sender gave it; of files first seen together that time tells the newer', async () => {
    await inbox.put('064601_b.csv', ROSTER, '2014-08-01T10:00:00+08:00');
    await inbox.put('064601_a.csv', ROSTER, '2999-08-01T10:00:00+08:00');
    await inbox.put('064602.csv', ROSTER, '2014-08-01T10:00:00+08:00');
    const asked: unknown[] = [];
    const connector = real();
    const parts = await connector.discover({
      ...contextAt(NOW),
      sights: async (source, files) => {
        asked.push([source, files.map(({ path }) => path).sort()]);
        return files.map(({ path }) => ({ ...SIGHT, counts: path !== '064602.csv' }));
      },
    });
    expect(asked).toEqual([['roster', ['064601_a.csv', '064601_b.csv', '064602.csv']]]);
    expect(parts.map(({ files }) => files)).toEqual([['064601_b.csv', '064601_a.csv']]);
    const all = await handOver(connector, parts[0]!);
    expect(all.map(({ delivery }) => delivery.asOf)).toEqual(Array(2).fill('2024-08-01T11:00:00.000+08:00'));
    await connector.settle(parts[0]!);
    expect(await left()).toEqual(['064602.csv']);
    // Where nobody remembers what was seen, no other time stands in.
    await expect(connector.discover(contextAt(NOW))).rejects.toThrow('without a memory');
  });

  it('a file that is new there is waited for once; one that grew meanwhile is told and never taken half', async () => {
    await inbox.put('064601.csv', ROSTER);
    await inbox.put('064602.csv', ROSTER);
    const waits: number[] = [];
    const connector = real(async (ms) => {
      waits.push(ms);
      await inbox.put('064602.csv', `${ROSTER}李大華,教師\n`);
    });
    const ctx = {
      ...contextAt(NOW),
      sights: async (_: string, files: readonly object[]) => files.map(() => ({ ...SIGHT, unchangedFor: 0 })),
    };
    const [one, other] = (await connector.discover(ctx)) as [Part, Part];
    expect(await handOver(connector, one)).toHaveLength(1);
    expect(await sourceError(handOver(connector, other))).toMatchObject({
      code: 'file-changed',
      params: { file: '064602.csv' },
    });
    await connector.settle(other);
    expect([waits, await left()]).toEqual([[10_000], ['064601.csv', '064602.csv']]);
  });
});

it('a connection lost while an archive is looked into is no broken archive: the folder is looked at again, or fails', async () => {
  await inbox.put('全市.zip', zipOf([{ name: '064601/名冊.csv', content: ROSTER }]));
  server.intercept = (step) => (step === 'READ' ? 'cut' : 'go');
  expect(await sourceError(connect().discover(contextAt()))).toMatchObject({
    code: 'sftp-unreachable',
    retryable: true,
  });
});

describe('a file on the server that is not finished', () => {
  it.each([
    ['grew since it was found', 'LSTAT'],
    ['grows while it is read', 'READ'],
  ])('is left when it %s', async (_, when) => {
    await inbox.put('064601.csv', ROSTER);
    const connector = connect();
    const [part] = (await connector.discover(contextAt())) as [Part];
    let done = false;
    server.intercept = async (step): Promise<'go'> => {
      if (step === when && !done) {
        done = true;
        await appendFile(join(inbox.path, '064601.csv'), '李大華,教師\n');
      }
      return 'go';
    };
    expect(await sourceError(handOver(connector, part))).toMatchObject({ code: 'file-changed', retryable: true });
    await connector.settle(part);
    expect(await left()).toEqual(['064601.csv']);
  });

  it('is left when it was replaced by a link, or is gone', async () => {
    await inbox.put('064601.csv', ROSTER);
    const connector = connect();
    const [part] = (await connector.discover(contextAt())) as [Part];
    await rename(join(inbox.path, '064601.csv'), join(inbox.path, '.real'));
    await symlink(join(inbox.path, '.real'), join(inbox.path, '064601.csv'));
    expect(await sourceError(handOver(connector, part))).toMatchObject({ code: 'file-changed' });
    await unlink(join(inbox.path, '064601.csv'));
    expect(await sourceError(handOver(connector, part))).toMatchObject({ code: 'file-changed' });
    await connector.settle(part);
  });
});

describe('a server', () => {
  const fails = (more: Record<string, unknown> = {}, secret?: string) =>
    sourceError(connect(more, secret).discover(contextAt()));

  it('with another key is refused before anything is said to it', async () => {
    const hostKey = `SHA256:${'A'.repeat(43)}`;
    let asked = false;
    server.onLogin = () => {
      asked = true;
    };
    const error = await fails({ hostKey });
    expect(error).toMatchObject({
      code: 'sftp-host-key',
      retryable: false,
      params: { found: server.hostKey, expected: hostKey },
    });
    expect(asked).toBe(false);
  });

  it('that refuses the login, or a key that is none, is final and says no secret', async () => {
    const refused = await fails({}, 'wrong horse');
    expect(refused).toMatchObject({ code: 'sftp-credentials', retryable: false, params: { user: USER } });
    expect(`${refused.stack} ${JSON.stringify(refused)} ${refused.cause}`).not.toMatch(/wrong horse/);
    await writeFile(join(inbox.path, '.key'), 'no key at all');
    for (const keyFile of ['.key', '.gone']) {
      const error = await fails({ keyFile, passwordEnv: undefined });
      expect(error).toMatchObject({ code: 'sftp-key-file', retryable: false });
      expect(`${error.stack} ${error.cause}`).not.toContain('no key at all');
    }
  });

  it('that does not answer is a matter of time, with an end', async () => {
    server.intercept = (step) => (step === 'OPENDIR' ? 'hang' : 'go');
    expect(await fails({ timeoutSeconds: 0.3 })).toMatchObject({ code: 'sftp-timeout', retryable: true });
    expect(server.steps.filter((step) => step.startsWith('OPENDIR')).length).toBeGreaterThan(1);
    await server.close();
    expect(await fails()).toMatchObject({
      code: 'sftp-unreachable',
      retryable: true,
      params: { reason: 'ECONNREFUSED' },
    });
    server = await startSftpServer(inbox.path);
  });

  it('that cuts the connection once is asked again; in the middle of a file the part is', async () => {
    await inbox.put('064601.csv', ROSTER);
    let cuts = 1;
    server.intercept = (step) => (step === 'OPENDIR' && cuts-- > 0 ? 'cut' : 'go');
    const connector = connect();
    const [part] = (await connector.discover(contextAt())) as [Part];
    cuts = 1;
    server.intercept = (step) => (step === 'READ' && cuts-- > 0 ? 'cut' : 'go');
    const error = await sourceError(handOver(connector, part));
    expect(error).toMatchObject({ code: 'sftp-unreachable', retryable: true });
    expect(await handOver(connector, part)).toHaveLength(1);
  });

  it('that cuts the connection while the letterhead is looked at does not make a list of changes a whole one', async () => {
    await inbox.put('064601.csv', `名冊別：異動\n${ROSTER}`);
    const connector = connect();
    const [part] = (await connector.discover(contextAt())) as [Part];
    let cuts = 1;
    server.intercept = (step) => (step === 'READ' && cuts-- > 0 ? 'cut' : 'go');
    expect(await sourceError(handOver(connector, part))).toMatchObject({ retryable: true });
    expect((await handOver(connector, part))[0]!.delivery.complete).toBe(false);
  });

  it('without the folder, or that shuts it or a file, is told apart', async () => {
    expect(await fails({ folder: 'gone' })).toMatchObject({
      code: 'inbox-missing',
      params: { inbox: 'sftp://127.0.0.1/gone' },
    });
    await inbox.put('064601.csv', ROSTER);
    server.intercept = (step) => (step === 'OPENDIR' ? 'refuse' : 'go');
    expect(await fails()).toMatchObject({ code: 'inbox-unreadable' });
    server.intercept = (step) => (step === 'OPEN' ? 'refuse' : 'go');
    const connector = connect();
    const [part] = (await connector.discover(contextAt())) as [Part];
    expect(await sourceError(handOver(connector, part))).toMatchObject({ code: 'file-unreadable' });
  });
});

it('the configuration wants one inbox, one way to log in, and a pinned key', () => {
  const problem = (source: object) =>
    configSchema.safeParse({ sources: [{ type: 'roster-files', name: 'roster', ...source }] }).error?.issues[0]
      ?.message;
  const sftp = settings();
  expect(problem({ sftp })).toBeUndefined();
  expect(problem({})).toBe('give either inbox or sftp');
  expect(problem({ inbox: 'x', sftp })).toBe('give either inbox or sftp');
  expect(problem({ sftp: { ...sftp, keyFile: 'k' } })).toBe('give either keyFile or passwordEnv');
  expect(problem({ sftp: { ...sftp, passwordEnv: undefined } })).toBe('give either keyFile or passwordEnv');
  expect(problem({ sftp: { ...sftp, hostKey: 'MD5:00' } })).toContain('ssh-keygen -lf');
});
