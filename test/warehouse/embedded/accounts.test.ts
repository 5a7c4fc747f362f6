import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { describe, expect } from 'vitest';
import { homeLayout } from '../../../warehouse/embedded/home-layout.ts';
import { serverAccount } from '../../../warehouse/embedded/server-account.ts';
import { accountOf, canReach, ownAccount } from '../../../warehouse/embedded/unix-account.ts';
import { untilStopped } from '../../support/embedded-home.ts';
import { keepersOf, postmasterOf, queryValue, test } from './embedded-test.ts';

const isRoot = process.geteuid?.() === 0;
const nobody = accountOf('nobody');

// Only root can start a server as another account; who is not has no account to give up. CI is root, and runs them.
describe.skipIf(!isRoot || nobody === undefined)('as root', () => {
  const somebody = nobody!;

  test('the server runs as an existing account, and nothing of it as root', async ({ home, open }) => {
    await open(home);
    const uid = processOwner(postmasterOf(home));
    expect(uid).toBe(serverAccount(undefined).uid);
    expect(uid).not.toBe(0);
    expect(readFileSync(`/proc/${postmasterOf(home)}/status`, 'utf8')).toMatch(/^CapEff:\s+0+$/m);
  });

  test('an ordinary user owns his server and his keeper', async ({ home, startClient }) => {
    chownSync(home, somebody.uid, somebody.gid);
    const client = await startClient({ home, account: somebody });
    expect(await queryValue(client.url, 'select 1')).toBe(1);
    expect(processOwner(postmasterOf(home))).toBe(somebody.uid);
    expect(processOwner(keepersOf(home)[0]!)).toBe(somebody.uid);
  });

  test('root and the owner of a home use it in turn and together', async ({ home, open, startClient }) => {
    chownSync(home, somebody.uid, somebody.gid);
    chmodSync(home, 0o700);
    const first = await open(home);
    await queryValue(first.url, 'create table kept as select 1 as n');
    expect(processOwner(keepersOf(home)[0]!)).toBe(somebody.uid);
    const together = await startClient({ home, account: somebody });
    expect(together.url).toBe(first.url);
    await together.leave();
    await first.close();
    await untilStopped(home);
    const later = await startClient({ home, account: somebody });
    expect(await queryValue(later.url, 'select n from kept')).toBe(1);
  });

  test('in a home below a closed folder the server lives elsewhere, and is found again', async ({ home, open }) => {
    const parent = `${home}/closed`;
    mkdirSync(parent, { mode: 0o700 });
    const closed = `${parent}/home`;
    const first = await open(closed);
    const base = readlinkSync(homeLayout(closed).elsewhere);
    try {
      expect(base).toMatch(/^\/var\/lib\/mingce\/home-/);
      expect(statSync(`${base}/data`).mode & 0o777).toBe(0o700);
      await queryValue(first.url, 'create table kept as select 1 as n');
      await first.close();
      await untilStopped(closed);
      const second = await open(closed);
      expect(await queryValue(second.url, 'select n from kept')).toBe(1);
      await second.close();
      await untilStopped(closed);
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
    await expect(open(closed)).rejects.toThrow(/kept its data in \S+, which is gone\. Put it back, or/);
  });

  test('a copy of a home whose database lies elsewhere is refused, a moved home is not', async ({ home, open }) => {
    const parent = `${home}/closed`;
    mkdirSync(parent, { mode: 0o700 });
    const original = `${parent}/home`;
    const first = await open(original);
    const base = readlinkSync(homeLayout(original).elsewhere);
    try {
      await queryValue(first.url, 'create table kept as select 1 as n');
      const copy = `${parent}/copy`;
      cpSync(original, copy, { recursive: true, verbatimSymlinks: true });
      await expect(open(copy)).rejects.toThrow(`in ${base}, belongs to ${original}/postgres: this home is a copy`);
      await first.close();
      await untilStopped(original);
      await expect(open(copy)).rejects.toThrow('this home is a copy');
      const moved = `${parent}/moved`;
      renameSync(original, moved);
      const second = await open(moved);
      expect(await queryValue(second.url, 'select n from kept')).toBe(1);
      await second.close();
      await untilStopped(moved);
      await expect(open(copy)).rejects.toThrow(`belongs to ${moved}/postgres`);
      rmSync(homeLayout(copy).elsewhere);
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  });

  test('a user who cannot write the home is told so', async ({ home, startClient }) => {
    chmodSync(home, 0o755);
    await expect(startClient({ home, account: somebody })).rejects.toThrow(
      new RegExp(`EmbeddedPostgresError: .*${home}/postgres: user nobody cannot write there.*Set MINGCE_HOME`),
    );
    expect(existsSync(`${home}/postgres`)).toBe(false);
  });

  test('a user who finds a home that root used is told so', async ({ home, open, startClient }) => {
    chmodSync(home, 0o755);
    await open(home);
    await expect(startClient({ home, account: somebody })).rejects.toThrow(/user nobody cannot write there/);
  });

  test('root without any account to drop to is told what to do', () => {
    expect(() => serverAccount(undefined, () => undefined)).toThrow(
      /none of the accounts postgres, .* exists .*Add one/,
    );
  });

  test('who can reach a folder is decided by the first matching class of owner, group and others', () => {
    const folder = mkdtempSync('/tmp/mingce-test-reach-');
    try {
      chmodSync(folder, 0o070);
      expect(canReach(somebody, folder)).toBe(false);
      chownSync(folder, 0, somebody.gid);
      expect(canReach(somebody, `${folder}/not/there/yet`)).toBe(true);
      chownSync(folder, somebody.uid, somebody.gid);
      expect(canReach(somebody, folder)).toBe(false);
      expect(canReach(ownAccount(), folder)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function processOwner(pid: number): number {
  return statSync(`/proc/${pid}`).uid;
}
