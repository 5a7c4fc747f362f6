/** The sheet of one roster file: letterhead, titles, rows, and the list of what the pipeline should find wrong in it. */
import type { Big5Repertoire } from '../world/big5.ts';
import type { Post } from '../world/state.ts';
import type { RosterColumn } from './aliases.ts';
import { DIRT, type DirtClass } from './dirt.ts';
import type { ColumnUse, Profile } from './profile.ts';
import { type RosterLine, rosterCell } from './roster-values.ts';
import { strangerCode, strayPost } from './stray-row.ts';
import type { Cell, RowNote, Table } from './table.ts';

export interface RosterWish {
  profile: Profile;
  schoolName: string;
  complete: boolean;
  /** Several sections stand in one file under one code. */
  sections: number;
  lines: readonly RosterLine[];
  repertoire: Big5Repertoire;
}

/** Text as the file's encoding can carry it: a Big5 exporter writes `?` or an entity for what it lacks. */
export function legible(text: string, profile: Profile, repertoire: Big5Repertoire): string {
  if (profile.format !== 'csv-big5' || repertoire.holds(text)) return text;
  const lost = (c: string): string => (profile.lostGlyph === 'question' ? '?' : `&#${c.codePointAt(0)};`);
  return [...text].map((c) => (repertoire.has(c) ? c : lost(c))).join('');
}

/** What the encoding does to a name: flagged for glyph review, the row is kept. */
export function glyphNote(row: number, name: string, profile: Profile, repertoire: Big5Repertoire): RowNote[] {
  if (legible(name, profile, repertoire) === name) return [];
  return [{ row, fault: profile.lostGlyph === 'question' ? 'lost-glyph' : 'entity-glyph', outcome: 'warning' }];
}

/** Rows that one line becomes: itself, and what its fault puts beside it. */
function expand(line: RosterLine, profile: Profile): { line: RosterLine; fault: DirtClass | null }[] {
  const { dirt } = line;
  const clean: RosterLine = { ...line, dirt: undefined };
  const stray = (title: string, code: string, section: string): RosterLine => ({
    post: strayPost(line.post, title),
    stray: { code, section },
  });
  const section = line.post.unit.slice(line.post.unit.indexOf(':') + 1);
  switch (dirt) {
    case undefined:
      return [{ line, fault: null }];
    case 'duplicate-row':
      return [
        { line: clean, fault: null },
        { line: clean, fault: dirt },
      ];
    case 'key-conflict': {
      const { post } = line;
      const other: Post = { ...post, title: post.kind === 6 ? '專任教師' : '導師', kind: post.kind === 6 ? 7 : 6 };
      const person = { ...post.person, birth: post.person.birth === '1980-03-04' ? '1980-03-05' : '1980-03-04' };
      return [
        { line: clean, fault: dirt },
        { line: { ...clean, post: { ...other, person } }, fault: dirt },
      ];
    }
    case 'foreign-row':
      return [
        { line: clean, fault: null },
        { line: stray('導師', strangerCode(profile.code), section), fault: dirt },
      ];
    case 'kindergarten-row':
      return [
        { line: clean, fault: null },
        { line: stray('教保員', profile.code, '幼兒園'), fault: dirt },
      ];
    case 'unparsable-change-date':
      return [{ line: { ...line, change: { word: '留職停薪', on: '2024-02-01' } }, fault: dirt }];
    default:
      return [{ line, fault: dirt }];
  }
}

/** The school's columns, and at the end those that these rows cannot do without. */
function columnsFor(wish: RosterWish, lines: readonly RosterLine[]): Profile['columns'] {
  const needed: [RosterColumn, boolean][] = [
    ['學制', wish.sections > 1 || lines.some((line) => line.stray?.section === '幼兒園')],
    ['主聘', lines.some((line) => !line.post.primary)],
    ['異動別', lines.some((line) => line.change)],
    ['異動日期', lines.some((line) => line.change)],
    ['登錄時間', lines.some((line) => line.registeredAt)],
  ];
  const used = new Set(wish.profile.columns.map((use) => use.column));
  const missing = needed.filter(([column, need]) => need && !used.has(column));
  return [...wish.profile.columns, ...missing.map(([column]): ColumnUse<RosterColumn> => ({ column, header: column }))];
}

export function letterhead(profile: Profile, schoolName: string, title: string, listKind: string | null): string[] {
  const lines = [`臺中市 113學年度${title}`, `學校：${schoolName}　製表：人事室`, ''].slice(0, profile.letterhead);
  return listKind ? [...lines.filter((text) => text !== ''), `名冊別：${listKind}`] : lines;
}

const BIRTH_FAULTS: ReadonlySet<string> = new Set(['placeholder-birth', 'unparsable-birth']);

export function rosterTable(wish: RosterWish): Table {
  const { profile, repertoire } = wish;
  const rows = wish.lines.flatMap((line) => expand(line, profile));
  const columns = columnsFor(
    wish,
    rows.map((row) => row.line),
  );
  const hasBirth = columns.some((use) => use.column === '出生日期');
  const write = (cell: Cell): Cell => (typeof cell === 'string' ? legible(cell, profile, repertoire) : cell);
  const head = letterhead(
    profile,
    wish.schoolName,
    '教師名冊',
    wish.complete ? (profile.saysComplete ? '完整名冊' : null) : '異動',
  );
  const cells: Cell[][] = [...head.map((text): Cell[] => [write(text)]), columns.map((use) => use.header)];
  const notes: RowNote[] = [];
  if (profile.losesZero) notes.push({ row: null, fault: 'lost-leading-zero', outcome: 'repaired' });
  if (profile.floats) notes.push({ row: null, fault: 'float-number', outcome: 'repaired' });
  for (const [i, { line, fault }] of rows.entries()) {
    const row = cells.length + 1;
    const written = columns.map(({ column }) =>
      column === '序號' ? String(i + 1) : write(rosterCell(column, line, profile, wish.schoolName)),
    );
    cells.push(written);
    if (fault && (hasBirth || !BIRTH_FAULTS.has(fault))) notes.push({ row, fault, outcome: DIRT[fault].outcome });
    notes.push(...glyphNote(row, line.post.person.name, profile, repertoire));
  }
  return { cells, rows: rows.length, notes };
}
