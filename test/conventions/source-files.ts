/** The project's own files, as the conventions look at them: what version control would take, read from the disk. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

/** Folders that hold code. A new one is a decision: it needs its row in `import-rules.ts` and its reason in docs/architecture.md. */
export const CODE_FOLDERS = [
  'bench',
  'cli',
  'connectors',
  'jobs',
  'pipelines',
  'samples',
  'schemas',
  'test',
  'warehouse',
  'web',
] as const;

export const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const LEFT_OUT = /(^|\/)(node_modules|\.mingce|\.git|coverage)(\/|$)/;

/** @param patterns globs from the root of the checkout. @returns paths from there, sorted, with `/` */
export const files = (...patterns: string[]): string[] =>
  globSync(patterns, { cwd: ROOT, exclude: (path) => LEFT_OUT.test(path) }).sort();

/** Every TypeScript file of the project; also those in the root, which hold no code of ours but configuration. */
export const typescript = (): string[] => files('*.ts', '*/**/*.ts');

export const documents = (): string[] => files('*.md', 'docs/**/*.md');

/** Code without its comments, so that a sentence about an import or a skipped test is not taken for one. Strings stay. */
export const withoutComments = (code: string): string =>
  code.replaceAll(/("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '$1');
