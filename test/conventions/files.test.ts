import { expect, it } from 'vitest';
import { files, read, typescript, withoutComments } from './source-files.ts';

const LONG = 300;
const HEAD_LINES = 12;

it('a file of more than 300 lines says at its head why it is long', () => {
  const unexplained = typescript()
    .map((file) => ({ file, lines: read(file).split('\n') }))
    .filter(
      ({ lines }) => lines.length - 1 > LONG && !/\b(long|lines) because\b/i.test(lines.slice(0, HEAD_LINES).join(' ')),
    )
    .map(({ file, lines }) => `${file}: ${lines.length - 1} lines without "Long because …" in the first ${HEAD_LINES}`);
  expect(unexplained).toEqual([]);
});

/** Who runs the tests is the one thing that a test cannot bring about: only that may decide whether it runs. */
const BY_USER = /^\(\s*(?:process\.gete?uid\?\.\(\) |!?isRoot\b)/;

it('no test is skipped, put off or run alone, but for who runs it', () => {
  const found = files('test/**/*.test.ts').flatMap((file) => {
    const code = withoutComments(read(file));
    const calls =
      /^\s*(?:it|test|describe|suite)(?:\.\w+)*\.(?:skip|only|todo|fails|skipIf|runIf)\b|^\s*(?:xit|fit|xdescribe|fdescribe)\(|\b(?:ctx|context|task)\.skip\(/gm;
    return [...code.matchAll(calls)]
      .filter((call) => !(call[0].endsWith('.skipIf') && BY_USER.test(code.slice(call.index + call[0].length))))
      .map(([call]) => `${file}: ${call.trim()}`);
  });
  expect(found).toEqual([]);
});

it('the lock file installs from whatever registry npm is set to', () => {
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Record<string, unknown>> };
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
  expect(packages.length).toBeGreaterThan(100);
  const hosted = packages.filter(([, entry]) => /^https?:/.test(String(entry.resolved ?? '')) || entry.link === true);
  expect(hosted.map(([path]) => path)).toEqual([]);
  expect(read('package-lock.json')).not.toMatch(/\bregistry\b/);
  expect(read('.npmrc')).not.toMatch(/^\s*registry\s*=|_auth/m);
  expect(packages.filter(([, entry]) => typeof entry.integrity !== 'string').map(([path]) => path)).toEqual([]);
});

it('every dependency is pinned to one exact version, and the lock holds that one', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version?: string }> };
  for (const group of ['dependencies', 'optionalDependencies', 'devDependencies']) {
    for (const [name, version] of Object.entries(manifest[group]!)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  }
});

it('every dependency that runs or is installed has its row in docs/dependencies.md, with its version', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const rows = read('docs/dependencies.md').split('\n');
  const known = ['dependencies', 'optionalDependencies', 'devDependencies'].flatMap((g) =>
    Object.entries(manifest[g]!),
  );
  const lost = known.filter(([name, version]) => !rows.some((row) => row.startsWith(`| \`${name}\` | ${version} |`)));
  expect(lost).toEqual([]);
  const named = rows.flatMap((row) => /^\| `([^`]+)` \| [\d.]/.exec(row)?.[1] ?? []);
  expect(named.filter((name) => !known.some(([n]) => n === name))).toEqual([]);
});

it('every dependency is used', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const code = typescript()
    .filter((file) => !file.startsWith('test/conventions/import'))
    .map(read)
    .join('\n');
  const tools = ['typescript', '@biomejs/biome', 'vitest', ...Object.keys(manifest.optionalDependencies!)];
  const idle = [...Object.keys(manifest.dependencies!), ...Object.keys(manifest.devDependencies!)].filter(
    (name) => !tools.includes(name) && !name.startsWith('@types/') && !new RegExp(`'${name}(/[^']*)?'`).test(code),
  );
  expect(idle).toEqual([]);
});
