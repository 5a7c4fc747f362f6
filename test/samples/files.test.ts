import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT_ALIASES, EXTRA_COLUMNS, ROSTER_ALIASES } from '../../samples/inbox/aliases.ts';
import { allIdentifiers } from '../../samples/truth/all-identifiers.ts';
import { nightTruth } from '../../samples/truth/night-truth.ts';
import type { NightTruth } from '../../samples/truth/night-truth-shape.ts';
import { instant, NIGHTS } from '../../samples/world/clocks.ts';
import { readSheet, records } from './support/read-sheet.ts';
import { type SampleNights, sampleNights } from './support/sample-nights.ts';

let nights: SampleNights;
let truths: NightTruth[];
const ALL = [0, 1, 2, 3, 4, 5];

beforeAll(async () => {
  nights = await sampleNights(ALL);
  truths = NIGHTS.map((night) => nightTruth(nights.chronicle, night.clock));
});
afterAll(() => nights.remove());

const truthOf = (index: number): NightTruth => truths[index] as NightTruth;
const fileOf = (index: number, file: { inbox: string; path: string }): string =>
  join(nights.folder(index), file.inbox, file.path);

test('every file holds as many rows as the books say, and there is no other file', () => {
  for (const index of ALL) {
    const { files } = truthOf(index).read;
    const found = readdirSync(nights.folder(index), { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
    expect(found).toHaveLength(files.length);
    for (const file of files) {
      const sheet = readSheet(fileOf(index, file));
      expect(sheet.rows.length - sheet.titles - 1, file.path).toBe(file.read);
      expect(sheet.changes, file.path).toBe(!file.complete);
    }
  }
});

test('every school hands in a roster and accounts on the first night, later only those with something to say', () => {
  const codes = new Set(nights.chronicle.setting.reference.schools.map((school) => school.code));
  expect(truthOf(0).read.files).toHaveLength(codes.size * 2);
  expect(truthOf(1).read.files.length).toBeLessThan(codes.size / 4);
});

test('formats come in the shares of the field', () => {
  const share = new Map<string, number>();
  const rosters = truthOf(0).read.files.filter((file) => file.inbox === 'roster');
  for (const { format } of rosters) share.set(format, (share.get(format) ?? 0) + 1 / rosters.length);
  expect((share.get('csv-utf8') ?? 0) + (share.get('csv-utf8-bom') ?? 0)).toBeCloseTo(0.55, 1);
  expect(share.get('csv-big5')).toBeCloseTo(0.15, 1);
  expect(share.get('xlsx')).toBeCloseTo(0.2, 1);
  expect(share.get('ods')).toBeCloseTo(0.1, 1);
});

test('only titles of the alias tables are used, and no title stands for two columns', () => {
  for (const table of [ROSTER_ALIASES, ACCOUNT_ALIASES]) {
    const titles = Object.values(table).flat();
    expect(new Set(titles).size).toBe(titles.length);
  }
  for (const file of truthOf(0).read.files) {
    const table = file.inbox === 'roster' ? ROSTER_ALIASES : ACCOUNT_ALIASES;
    const known = new Set<string>([...Object.values(table).flat(), ...EXTRA_COLUMNS]);
    const sheet = readSheet(fileOf(0, file));
    for (const title of sheet.rows[sheet.titles] ?? []) expect(known.has(title), `${file.path}: ${title}`).toBe(true);
  }
});

test('each fault is in the row that the books name', () => {
  const seen = new Set<string>();
  const signs: Record<string, (row: Record<string, string>, text: string) => boolean> = {
    'masked-id': (row) => /^[A-Z]\d\d\*{4}\d{3}$/.test(row.身分證字號 ?? ''),
    'missing-id': (row) => (row.身分證字號 ?? row.身分證編碼) === '',
    'lower-case-id': (row) => /^[a-z]\d{9}$/.test(row.身分證字號 ?? ''),
    'full-width-id': (row) => /^[Ａ-Ｚ][０-９]{9}$/.test(row.身分證字號 ?? ''),
    'question-in-name': (row) => (row.姓名 ?? '').endsWith('?'),
    'entity-in-name': (row) => /&#\d+;$/.test(row.姓名 ?? ''),
    'lost-glyph': (row) => (row.姓名 ?? '').includes('?'),
    'entity-glyph': (row) => /&#\d+;/.test(row.姓名 ?? ''),
    'placeholder-birth': (row) => ['0000-00-00', '1970/01/01'].includes(row.出生日期 ?? ''),
    'kindergarten-row': (row) => row.學制 === '幼兒園',
    'unparsable-change-date': (row) => ['113/13/45', '八月一日', '113年2月30日'].includes(row.異動日期 ?? ''),
    'unknown-title': (row) => row.職別 === undefined || row.職別 === '',
  };
  for (const file of truthOf(0).read.files) {
    const sheet = readSheet(fileOf(0, file));
    const rows = records(sheet, file.inbox === 'roster' ? ROSTER_ALIASES : ACCOUNT_ALIASES);
    for (const { row, fault } of file.faults) {
      seen.add(fault);
      const record = row === null ? undefined : rows[row - sheet.titles - 2];
      if (record) expect(signs[fault]?.(record, fault) ?? true, `${file.path} row ${row}: ${fault}`).toBe(true);
    }
  }
  for (const fault of Object.keys(signs)) expect(seen.has(fault), fault).toBe(true);
  for (const fault of [
    'duplicate-row',
    'key-conflict',
    'foreign-row',
    'wrong-checksum',
    'lost-leading-zero',
    'float-number',
  ]) {
    expect(seen.has(fault), fault).toBe(true);
  }
});

test('a spreadsheet that lost a leading zero holds a number there', () => {
  const file = truthOf(0).read.files.find((one) => one.faults.some((f) => f.fault === 'lost-leading-zero'));
  if (!file) throw new Error('no such file');
  const [first] = records(readSheet(fileOf(0, file)), ROSTER_ALIASES);
  expect(`0${first?.學校代碼}`).toBe(file.code);
});

test('every plain identifier in the files is in the list of identifiers', () => {
  const ids = allIdentifiers(nights.chronicle);
  for (const index of ALL) {
    for (const file of truthOf(index).read.files.filter((one) => one.path.endsWith('.csv'))) {
      const text = readFileSync(fileOf(index, file), 'latin1');
      for (const [id] of text.matchAll(/(?<![0-9A-Za-z])[A-Z][0-9A-D]\d{8}(?![0-9A-Za-z])/g)) {
        expect(ids.has(id), `${file.path}: ${id}`).toBe(true);
      }
    }
  }
});

test('files are as old as their arrival: the night finds what came before it, one second decides at the cut-off', () => {
  for (const index of ALL) {
    for (const file of truthOf(index).read.files) {
      expect(statSync(fileOf(index, file)).mtimeMs).toBe(instant(file.arrival));
      expect(instant(file.arrival)).toBeLessThan(instant(NIGHTS[index]?.clock ?? ''));
      if (index > 0) expect(instant(file.arrival)).toBeGreaterThanOrEqual(instant(NIGHTS[index - 1]?.clock ?? ''));
    }
  }
  const arrivals = (index: number): string[] => truthOf(index).read.files.map((file) => file.arrival);
  expect(arrivals(4)).toContain('2024-08-02T16:59:59+08:00');
  expect(arrivals(5)).toContain('2024-08-02T17:00:00+08:00');
  expect(truthOf(4).registeredInFuture.length).toBeGreaterThan(0);
  expect(truthOf(5).claimsBeforeCutOff.length).toBeGreaterThan(0);
});
