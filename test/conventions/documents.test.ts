import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { documents, ROOT, read, typescript } from './source-files.ts';

const withoutBlocks = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '');

it('every link between documents leads somewhere', () => {
  const broken = documents().flatMap((file) =>
    [...withoutBlocks(read(file)).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
      .map(([, target]) => target!)
      .filter((target) => !existsSync(join(ROOT, dirname(file), target)))
      .map((target) => `${file} → ${target}`),
  );
  expect(broken).toEqual([]);
});

it('every file that a document names in backticks exists', () => {
  const NAMED = /`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|ya?ml|json|md|txt|csv))`/g;
  const lost = documents().flatMap((file) =>
    [...withoutBlocks(read(file)).matchAll(NAMED)]
      .map(([, path]) => path!)
      .filter((path) => !existsSync(join(ROOT, path)))
      .map((path) => `${file} names ${path}`),
  );
  expect(lost).toEqual([]);
});

it('every document that code names exists', () => {
  const named = typescript()
    .filter((file) => !file.startsWith('test/'))
    .flatMap((file) => [...read(file).matchAll(/[\w./-]+\.md\b/g)].map(([path]) => ({ file, path })));
  expect(named.length).toBeGreaterThan(0);
  const lost = named.filter(({ path }) => !['', 'docs'].some((folder) => existsSync(join(ROOT, folder, path))));
  expect(lost).toEqual([]);
});

it('every document is reached from the README', () => {
  const readme = read('README.md');
  expect(documents().filter((file) => file.startsWith('docs/') && !readme.includes(`](${file})`))).toEqual([]);
});
