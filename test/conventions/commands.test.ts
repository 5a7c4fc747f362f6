import { join } from 'node:path';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import type { Register } from '../../cli/command.ts';
import { rowsOf } from './document-tables.ts';
import { documents, files, ROOT, read } from './source-files.ts';

interface Documented {
  /** `snapshot create` */
  path: string;
  description: string;
  options: string[];
  arguments: string[];
}

/** The commands as the program has them: each file of `cli/commands/` registers on an empty program. */
async function registered(): Promise<Documented[]> {
  const program = new Command('mingce');
  for (const file of files('cli/commands/*.ts')) {
    const module = (await import(join(ROOT, file))) as Record<string, unknown>;
    for (const [name, value] of Object.entries(module)) {
      if (name.startsWith('register')) (value as Register)(program, {} as never);
    }
  }
  const leaves = (command: Command, path: readonly string[]): Documented[] =>
    command.commands.flatMap((sub) => {
      const at = [...path, sub.name()];
      if (sub.commands.length > 0) return leaves(sub, at);
      const options = sub.options.map((option) => option.long ?? option.short ?? '');
      const names = sub.registeredArguments.map((argument) => argument.name());
      return [{ path: at.join(' '), description: sub.description(), options, arguments: names }];
    });
  return leaves(program, []);
}

const commands = await registered();
const rows = rowsOf('README.md').filter(({ name }) => name.startsWith('mingce '));

it('cli/main.ts registers every command that there is a file for', () => {
  const main = read('cli/main.ts');
  const idle = files('cli/commands/*.ts').filter((file) => !main.includes(`'./${file.slice('cli/'.length)}'`));
  expect(idle).toEqual([]);
  expect(commands.length).toBeGreaterThan(5);
});

it('the first word of every command leads cli/main.ts to the file that registers it', () => {
  const main = read('cli/main.ts');
  const table = main.slice(main.indexOf('const COMMANDS'), main.indexOf('};'));
  const words = [...new Set(commands.map(({ path }) => path.split(' ')[0] as string))];
  const lost = words.filter((word) => {
    const entry = new RegExp(
      `^ {2}${word}(?:: (\\w+))?,$|^ {2}${word}: async \\(\\) => \\(await import\\('([^']+)'`,
      'm',
    ).exec(table);
    const loader = entry?.[2] ?? new RegExp(`^const ${entry?.[1] ?? word} = .*import\\('([^']+)'`, 'm').exec(main)?.[1];
    return loader === undefined || !read(`cli/${loader.slice(2)}`).includes(`'${word}`);
  });
  expect(lost).toEqual([]);
});

it('every command has a description and its row in the README', () => {
  expect(commands.filter(({ description }) => description === '').map(({ path }) => path)).toEqual([]);
  const lost = commands.filter(({ path }) => !rows.some(({ name }) => `${name} `.startsWith(`mingce ${path} `)));
  expect(lost.map(({ path }) => path)).toEqual([]);
});

it('the README names no command that is not there', () => {
  const known = commands.map(({ path }) => `mingce ${path} `);
  const gone = rows.filter(({ name }) => !known.some((command) => `${name} `.startsWith(command)));
  expect(gone.map(({ name }) => name)).toEqual([]);
});

it('every option stands in a document that names its command', () => {
  const texts = documents().map((file) => read(file));
  const lost = commands.flatMap(({ path, options }) => {
    const about = texts.filter((text) => text.includes(`mingce ${path}`));
    return options
      .filter((option) => !about.some((text) => new RegExp(`${option}(?![\\w-])`).test(text)))
      .map((option) => `mingce ${path} ${option}`);
  });
  expect(lost).toEqual([]);
});
