/**
 * docs/sources.md against the tests and the message catalogue: every row names tests that there are and messages that there are, and every test
 * of a bad input has its row. Tests are asked of vitest itself, so that rows of `it.each` count by the title that they run under.
 */
import { beforeAll, expect, it } from 'vitest';
import { messageCodes } from '../../schemas/messages/catalogue.ts';
import { type ListedTest, lastOf, listTests } from './listed-tests.ts';
import { RIGHT } from './right-inputs.ts';
import { read } from './source-files.ts';

const DOCUMENT = 'docs/sources.md';

/** Every kind of source goes through the kit; of its tests those of a whole that fails are of bad inputs, and those of its made-up formats of nobody's. */
const KIT = 'test/connectors/kit/conformance.test.ts';
const isRightInKit = (name: string): boolean =>
  name.startsWith('a made-up format') || !name.endsWith(', and nothing is handed over');

interface Row {
  section: string;
  files: string[];
  codes: string[];
  title: string;
}

const inBackticks = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string);

/** Rows of each section with the test files that stand above its table. */
function rowsOf(document: string): Row[] {
  return document.split(/^## /m).flatMap((part) => {
    const [section = ''] = part.split('\n');
    const files = inBackticks(/^Tests?: [\s\S]*?\n\n/m.exec(part)?.[0] ?? '');
    const cells = part
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => line.slice(2, -2).split(' | '));
    return cells
      .filter(([head]) => head !== 'Case')
      .map(([, , codes = '', title = '']) => ({ section, files, codes: inBackticks(codes), title }));
  });
}

const rows = rowsOf(read(DOCUMENT));
const files = [...new Set(rows.flatMap((row) => row.files))];

let tests: ListedTest[];
beforeAll(async () => {
  tests = await listTests(files);
});

it('every section names its test files, and every row has its four cells', () => {
  expect(rows.length).toBeGreaterThan(80);
  expect(rows.filter(({ files: named, title }) => named.length === 0 || title === '')).toEqual([]);
});

it('every test that a row names is in one of the files of its section', () => {
  const lost = rows.filter(
    ({ title, files: named }) => !tests.some(({ name, file }) => named.includes(file) && lastOf(name) === title),
  );
  expect(lost.map(({ section, title }) => `${section}: ${title}`)).toEqual([]);
});

it('every message that a row names is in the catalogue', () => {
  const known = new Set(messageCodes());
  expect(rows.flatMap(({ codes }) => codes).filter((code) => !known.has(code))).toEqual([]);
});

it('every test of these files has a row, unless its input is right', () => {
  const idle = tests.filter(({ name, file }) => {
    const right = (RIGHT[file] ?? []).some((start) => name.startsWith(start)) || (file === KIT && isRightInKit(name));
    return !right && !rows.some((row) => row.files.includes(file) && row.title === lastOf(name));
  });
  expect(idle.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
});

it('what is said to be right is there', () => {
  const gone = Object.entries(RIGHT).flatMap(([file, starts]) =>
    starts.filter((start) => !tests.some((t) => t.file === file && t.name.startsWith(start))),
  );
  expect(gone).toEqual([]);
});
