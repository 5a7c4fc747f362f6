/** docs/rules.md against code and tests: each rule of the letter has one row, its number stands in its code and in the titles of its tests, and nothing is claimed that is not there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { rowsOf } from './document-tables.ts';
import { type ListedTest, lastOf, listTests } from './listed-tests.ts';
import { CODE_FOLDERS, files, ROOT, read } from './source-files.ts';

const DOCUMENT = 'docs/rules.md';
const RULES = 31;
const NONE = '–';

const ruleName = (n: number): string => `R${String(n).padStart(2, '0')}`;

/** Numbers of rules that a text mentions: `R13`, and each of `R24–R31`. */
function rulesIn(text: string): Set<string> {
  const ranges = [...text.matchAll(/\bR(\d\d)(?:–R(\d\d))?\b/g)];
  return new Set(
    ranges.flatMap(([, from, to = from]) => {
      const [first, last] = [Number(from), Number(to)];
      return Array.from({ length: last - first + 1 }, (_, i) => ruleName(first + i));
    }),
  );
}

interface NamedTest {
  file: string;
  title: string;
}
interface Rule {
  rule: string;
  code: string[];
  tests: NamedTest[];
  /** `yes`, `partly` or `not yet`, and what is said of it. */
  status: string;
  said: string;
}

const parts = (cell: string, between: string): string[] => (cell === NONE ? [] : cell.split(between));

function namedTest(part: string): NamedTest {
  const [, file, title] = /^`([^`]+)`: (.+)$/.exec(part) ?? [];
  if (file === undefined || title === undefined) throw new Error(`${DOCUMENT}: no file and title of a test: ${part}`);
  return { file, title };
}

const rules: Rule[] = rowsOf(DOCUMENT).map(({ name, cells: [, , code = '', tests = '', product = ''] }) => {
  const [, status = '', said = ''] = /^(yes|partly|not yet)(?:: (.+))?$/.exec(product) ?? [];
  return {
    rule: name,
    code: parts(code, ', ').map((file) => file.replaceAll('`', '')),
    tests: parts(tests, '<br>').map(namedTest),
    status,
    said,
  };
});

/** Rows of the second table: the last cell names what each reading lives in. */
const readings: string[][] = read(DOCUMENT)
  .split('\n## Readings\n')[1]!
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| Reading |'))
  .map((line) => line.slice(2, -2).split(' | '));

let listed: ListedTest[];
beforeAll(async () => {
  listed = await listTests([...new Set(rules.flatMap(({ tests }) => tests.map(({ file }) => file)))]);
});

/** The test's whole title, with the blocks that it stands in; what no file has is undefined. */
const fullTitle = ({ file, title }: NamedTest): string | undefined =>
  listed.find((one) => one.file === file && lastOf(one.name) === title)?.name;

it('every rule has exactly one row, in their order', () => {
  expect(rules.map(({ rule }) => rule)).toEqual(Array.from({ length: RULES }, (_, i) => ruleName(i + 1)));
});

it('every row says whether the rule is in the product; what is missing is said where something is', () => {
  expect(rules.filter(({ status, said }) => status === '' || (status !== 'yes' && said === ''))).toEqual([]);
});

it('a rule in the product has code and a test; one that is not yet there names no test', () => {
  const wrong = rules.filter(({ status, code, tests }) =>
    status === 'not yet' ? tests.length > 0 : tests.length === 0 || code.length === 0,
  );
  expect(wrong.map(({ rule }) => rule)).toEqual([]);
});

it('every code file that a row names exists and mentions the rule by its number', () => {
  const silent = rules.flatMap(({ rule, code }) =>
    code
      .filter((file) => !existsSync(join(ROOT, file)) || !rulesIn(read(file)).has(rule))
      .map((file) => `${rule} ${file}`),
  );
  expect(silent).toEqual([]);
});

it('every test that a row names is in its file, and its title or block has the number of the rule', () => {
  const lost = rules.flatMap(({ rule, tests }) =>
    tests
      .filter((test) => !rulesIn(fullTitle(test) ?? '').has(rule))
      .map(({ file, title }) => `${rule} ${file}: ${title}`),
  );
  expect(lost).toEqual([]);
});

it('every story of test/rules is of a rule in the product that names its file', () => {
  const named = new Set(rules.flatMap(({ tests }) => tests.map(({ file }) => file)));
  expect(files('test/rules/*.test.ts').filter((file) => !named.has(file))).toEqual([]);
});

it('code and tests mention no rule that the table lacks', () => {
  const known = new Set(rules.map(({ rule }) => rule));
  const sources = CODE_FOLDERS.flatMap((folder) => files(`${folder}/**/*.{ts,eta,yaml}`));
  expect(sources.length).toBeGreaterThan(300);
  const strangers = sources.flatMap((file) =>
    [...rulesIn(read(file))].filter((rule) => !known.has(rule)).map((rule) => `${file}: ${rule}`),
  );
  expect(strangers).toEqual([]);
});

it('every reading is of a rule, and names a key of the configuration or a file', () => {
  const keys = new Set(rowsOf('docs/configuration.md').map(({ name }) => name));
  const known = new Set(rules.map(({ rule }) => rule));
  expect(readings.length).toBeGreaterThan(20);
  const wrong = readings.filter(([, of = '', where = '']) => {
    const places = where.split(', ').map((place) => place.replaceAll('`', ''));
    const named = places.every((place) => keys.has(place) || existsSync(join(ROOT, place)));
    return !named || !of.split(', ').every((rule) => known.has(rule));
  });
  expect(wrong).toEqual([]);
});
