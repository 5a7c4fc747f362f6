import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { binariesPackage, serverBinaries } from '../../../warehouse/embedded/server-binaries.ts';
import { accountOf, ownAccount } from '../../../warehouse/embedded/unix-account.ts';
import { test } from './embedded-test.ts';

/** A package as npm installs it when it does not run install scripts. */
function installedWithoutScripts(folder: string): string {
  const copy = join(folder, 'package');
  cpSync(binariesPackage(), copy, { recursive: true, verbatimSymlinks: true });
  const lib = join(copy, 'native', 'lib');
  for (const entry of readdirSync(lib, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) rmSync(join(lib, entry.name));
  }
  return copy;
}

function version(program: string): string {
  return spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout;
}

test('the library links that npm did not make are made', ({ home }) => {
  const copy = installedWithoutScripts(home);
  const { initdb } = serverBinaries(ownAccount(), home, copy);
  expect(dirname(dirname(initdb))).toBe(join(copy, 'native'));
  expect(version(initdb)).toMatch(/18\.\d+/);
});

test('programs that the account of the server cannot reach are copied, for everybody to read', ({ home }) => {
  const folder = join(home, 'closed');
  mkdirSync(folder, { mode: 0o700 });
  const copy = installedWithoutScripts(folder);
  for (const name of ['package', 'package/native', 'package/native/bin']) chmodSync(join(folder, name), 0o700);
  const stranger = { uid: 4_000_000, gid: 4_000_000, name: 'stranger' };
  const { postgres } = serverBinaries(stranger, home, copy);
  const { version: packageVersion } = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'));
  expect(postgres).toBe(join(home, `binaries-${packageVersion}`, 'bin', 'postgres'));
  expect(statSync(dirname(postgres)).mode & 0o777).toBe(0o755);
  expect(version(postgres)).toMatch(/18\.\d+/);
  expect(serverBinaries(stranger, home, copy).postgres).toBe(postgres);
  expect(existsSync(join(home, `binaries-${packageVersion}.new`))).toBe(false);
});

// It takes another account to find a package unwritable, and root to become one. CI is root, and runs it.
test.skipIf(process.geteuid?.() !== 0)('a package that the user cannot write is copied, with the links', ({ home }) => {
  const nobody = accountOf('nobody')!;
  const copy = installedWithoutScripts(home);
  const base = join(home, 'base');
  mkdirSync(base);
  chownSync(base, nobody.uid, nobody.gid);
  const module = new URL('../../../warehouse/embedded/server-binaries.ts', import.meta.url).href;
  const program = `const { serverBinaries } = await import(${JSON.stringify(module)});
    const account = { uid: ${nobody.uid}, gid: ${nobody.gid}, name: 'nobody' };
    console.log(serverBinaries(account, ${JSON.stringify(base)}, ${JSON.stringify(copy)}).initdb);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    uid: nobody.uid,
    gid: nobody.gid,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(new RegExp(`^${base}/binaries-`));
  expect(version(stdout.trim())).toMatch(/18\.\d+/);
});
