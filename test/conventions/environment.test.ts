import { expect, it } from 'vitest';
import { rowsOf } from './document-tables.ts';
import { files, read, typescript } from './source-files.ts';

/** The system's own; passed on, not asked for. */
const OF_THE_SYSTEM = ['PATH', 'HOME', 'TZ', 'LANG', 'TMPDIR', 'USER', 'NODE_ENV', 'CI', 'UPDATE_SCHEMA'];

const OURS =
  /\b(MINGCE_[A-Z0-9_]+|DATABASE_URL|REDIS_URL|LOG_LEVEL)\b|\b(?:process\.env\.|env\.|env\[')([A-Z][A-Z0-9_]+)/g;

function used(paths: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of paths) {
    for (const [, named, asked] of read(file).matchAll(OURS)) {
      // What a test tells its own child process is between the two.
      const name = named ?? (file.startsWith('test/') ? undefined : asked);
      if (name !== undefined) found.set(name, file);
    }
  }
  return new Map([...found].filter(([name]) => !OF_THE_SYSTEM.includes(name)));
}

it('every environment variable that the code reads has its row in docs/configuration.md', () => {
  const rows = new Set(rowsOf('docs/configuration.md').map(({ name }) => name));
  const product = typescript().filter((file) => !file.startsWith('test/conventions/'));
  const variables = used([...product, ...files('samples/*.yaml')]);
  expect([...variables.keys()]).toContain('MINGCE_KEY_FILE');
  expect([...variables].filter(([name]) => !rows.has(name))).toEqual([]);
});

it('those that an operator sets stand in the README too', () => {
  const rows = new Set(rowsOf('README.md').map(({ name }) => name));
  const atTheDoor = read('cli/environment.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]+): optional\(/gm);
  const operators = [...[...atTheDoor].map(([, name]) => name!), 'LOG_LEVEL'];
  expect(operators.length).toBeGreaterThan(4);
  expect(operators.filter((name) => !rows.has(name))).toEqual([]);
});

it('only a process root reads the environment of the process', () => {
  const ROOTS = [
    'cli/main.ts',
    'cli/installation.ts',
    'warehouse/embedded/start-keeper.ts',
    'warehouse/embedded/server-environment.ts',
  ];
  const readers = typescript().filter(
    (file) => !/^(test|bench|samples)\//.test(file) && /process\.env\b/.test(read(file)),
  );
  expect(readers.filter((file) => !ROOTS.includes(file))).toEqual([]);
});
