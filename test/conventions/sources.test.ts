/**
 * docs/sources.md against the tests and the message catalogue: every row names tests that there are and messages that there are, and every test
 * of a bad input has its row. Tests are asked of vitest itself, so that rows of `it.each` count by the title that they run under.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { messageCodes } from '../../schemas/messages/catalogue.ts';
import { ROOT, read } from './source-files.ts';

const DOCUMENT = 'docs/sources.md';

/** Tests of inputs that are right, by file and the first words of their full title: they need no row. Another test needs one. */
const RIGHT: Readonly<Record<string, readonly string[]>> = {
  'test/connectors/care-system.test.ts': [
    'a walk that goes well > hands over every page',
    'a walk that goes well > maps wire fields',
  ],
  'test/connectors/care-resume.test.ts': [
    'an interrupted walk > goes on behind the',
    'two lists beside each other > staff are asked for',
    'two lists beside each other > one request at a time',
  ],
  'test/connectors/care-delta.test.ts': ['the complete list is asked for > ', 'a delta > brings what changed'],
  'test/pipelines/landing/care-delta.test.ts': [
    'the first night',
    'the next asks',
    'what was under review or broken is settled',
    'a night on which nothing changed',
    'the next night makes up',
    'staff that changed while',
  ],
  'test/connectors/files-inbox.test.ts': [
    'what lies in an inbox > is taken oldest first',
    'what lies in an inbox > counts as arrived',
    'the school of a file > is found in',
    'a delivery > is complete or not',
    'settling > ',
  ],
  'test/connectors/files-read.test.ts': [
    'encodings > reads utf-',
    'encodings > reads big5',
    'encodings > decides at the first Chinese character',
    'formats, told by content and not by name > reads tab',
    'formats, told by content and not by name > reads XLSX',
    'formats, told by content and not by name > reads ODS',
    'rows > keep their own school code',
    'courses > come with',
  ],
  'test/connectors/files-columns.test.ts': ['titles > ', 'reads back what papaparse writes'],
  'test/connectors/files-profiles.test.ts': [
    'the import layout of SFS3 > is recognised',
    'an export of 全誼 > ',
    'titles of a school, as configured > are ',
    'titles of a school, as configured > must stand',
  ],
  'test/connectors/workbooks.test.ts': [
    'dates > counted from 1900',
    'dates > may be a time',
    'dates > come out of',
    'an XLS workbook > is read',
    'in xls > the letterhead',
    'in xlsx > the letterhead',
    'in ods > the letterhead',
  ],
  'test/connectors/parser-pool.test.ts': [
    'a pool of parsers > starts nothing',
    'a pool of parsers > reads hundreds',
    'a pool of parsers > keeps the rows',
    'a pool of parsers > leaves no child',
  ],
  'test/connectors/files-archive.test.ts': [
    'an archive with one folder per school > comes as',
    'an archive with one folder per school > holds workbooks',
    'an archive with one folder per school > may have names in UTF-8',
    'an archive with one folder per school > "',
    'an archive in the inbox > leaves once',
    'an archive in the inbox > whose parts',
  ],
  'test/connectors/files-sftp.test.ts': [
    'an inbox on an SFTP server > is listed',
    'an inbox on an SFTP server > opens with',
    'an inbox on an SFTP server > takes a ZIP',
  ],
  'test/connectors/cloudschool.test.ts': [
    'what a school says > comes out',
    'what a school says > is of the ',
    'what a school says > gives one kind',
    'schools beside each other > each speak',
    'a token that comes from another address',
  ],
  'test/connectors/oneroster-files.test.ts': [
    'a person of a bundle > of 1.2',
    'a person of a bundle > has the same key',
    'a person of a bundle > with several roles',
    'a person of a bundle > of a department',
    'a person of a bundle > is named',
    'which id is the national one > is a type',
    'which id is the national one > and the title',
    'a bundle of changes > says nothing',
    'an inbox of bundles > has a part',
    'an inbox of bundles > hands bundles over',
    'a date is read only',
    'one edit is one letter',
    'the made-up tables',
  ],
  'test/connectors/oneroster-api.test.ts': [
    'a walk that goes well > hands over pages',
    'a walk that goes well > asks ',
    'a walk that goes well > sends client',
    'a person of the API > may have',
    'the proof knows a list',
  ],
  'test/connectors/kindergarten-map.test.ts': [
    'an answer of the map > becomes rows',
    'an answer of the map > reads sids',
    'an answer of the map > speaks for',
  ],
  'test/rehearsal/kindergarten-map.test.ts': [
    'first is a first load',
    'names openings',
    'a night in which',
    'the care system takes',
  ],
  'test/rehearsal/courses.test.ts': ['a second list', 'the same list again'],
  'test/rehearsal/contracts.test.ts': ['the first file', 'a night without', 'is accepted for all parts'],
  'test/pipelines/landing/contract-gate.test.ts': [
    'nothing to tell',
    'the first delivery is',
    'a column under another title',
    'every kind of source',
  ],
  'test/connectors/institution-list.test.ts': ['reads the '],
};

/** Every kind of source goes through the kit; of its tests those of a whole that fails are of bad inputs, and those of its made-up format of nobody's. */
const KIT = 'test/connectors/kit/conformance.test.ts';
const isRightInKit = (name: string): boolean =>
  name.startsWith('a made-up format > ') || !name.endsWith(', and nothing is handed over');

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

interface Listed {
  /** Full title, `describe > test`. */
  name: string;
  file: string;
}
let tests: Listed[];

beforeAll(async () => {
  const { VITEST: _vitest, ...env } = process.env;
  const vitest = `${ROOT}/node_modules/vitest/vitest.mjs`;
  const options = ['--no-static-parse', '--config', 'test/conventions/collect.config.ts', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [vitest, 'list', ...files, ...options], {
    cwd: ROOT,
    env,
    maxBuffer: 2 ** 24,
  });
  const listed = JSON.parse(stdout.slice(stdout.indexOf('['))) as Listed[];
  tests = listed.map(({ name, file }) => ({ name, file: file.slice(ROOT.length + 1) }));
});

const lastOf = (name: string): string => name.split(' > ').at(-1) as string;

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
