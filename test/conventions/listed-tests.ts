/** Which tests there are, asked of vitest itself, so that rows of `it.each` count by the title that they run under. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from './source-files.ts';

export interface ListedTest {
  /** Full title, `describe > test`. */
  name: string;
  /** From the root of the checkout. */
  file: string;
}

/** @param files test files, from the root of the checkout */
export async function listTests(files: readonly string[]): Promise<ListedTest[]> {
  const { VITEST: _vitest, ...env } = process.env;
  const vitest = `${ROOT}/node_modules/vitest/vitest.mjs`;
  const options = ['--no-static-parse', '--config', 'test/conventions/collect.config.ts', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [vitest, 'list', ...files, ...options], {
    cwd: ROOT,
    env,
    maxBuffer: 2 ** 24,
  });
  const listed = JSON.parse(stdout.slice(stdout.indexOf('['))) as ListedTest[];
  return listed.map(({ name, file }) => ({ name, file: file.slice(ROOT.length + 1) }));
}

/** The test's own title. */
export const lastOf = (name: string): string => name.split(' > ').at(-1) as string;
