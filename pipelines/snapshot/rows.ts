/** Rows of a snapshot, once and for all its files. The order is one of business values alone; what ties is ordered by its own text. */
import type { Transaction } from '../../warehouse/connect.ts';
import type { Keyring } from '../../warehouse/keyring.ts';
import { type Digester, openDigester } from '../../warehouse/views/digester.ts';
import type { SnapshotInstitution } from '../../warehouse/views/snapshot-institutions.ts';
import { type IdentifiedRow, teacherRows } from '../../warehouse/views/snapshot-rows.ts';
import { type DigestedTeacher, TEACHER_COLUMNS } from './columns.ts';
import { lineOf } from './csv.ts';

interface Identified {
  row: IdentifiedRow;
  /** The run that was the last to teach an identifier, and those that it taught. */
  learned: number;
  asked: string;
  count: number;
}

const begin = (row: IdentifiedRow): Identified => ({
  row,
  learned: row.learned ?? -1,
  asked: row.asked ?? '',
  count: row.asked === null ? 0 : 1,
});

/** One may have had several identifiers (a corrected number, a new resident number): the one learnt last stands. */
function add(person: Identified, { asked, learned }: IdentifiedRow): void {
  if (asked === null || learned === null || learned < person.learned) return;
  const alike = learned === person.learned;
  person.asked = alike ? person.asked + asked : asked;
  person.count = alike ? person.count + 1 : 1;
  person.learned = learned;
}

/** One for each person; whoever may go on in the next block waits for it. */
async function* peopleOf(blocks: AsyncIterable<readonly IdentifiedRow[]>): AsyncGenerator<Identified[]> {
  let last: Identified | null = null;
  for await (const block of blocks) {
    const people: Identified[] = [];
    for (const row of block) {
      if (last?.row.person_id === row.person_id) {
        add(last, row);
        continue;
      }
      if (last) people.push(last);
      last = begin(row);
    }
    yield people;
  }
  if (last) yield [last];
}

/** The smaller digest where one run taught several; '' where there is none. */
async function digested(
  digester: Digester,
  people: readonly Identified[],
  places: readonly SnapshotInstitution[],
  listOf: (json: string) => readonly string[],
): Promise<DigestedTeacher[]> {
  let asked = '';
  for (const person of people) asked += person.asked;
  const digests = asked === '' ? [] : (await digester.digests(asked)).split('\n');
  let at = 0;
  return people.map(({ row, count }) => {
    const { code, section, moe_code, name: institution } = places[row.place] as SnapshotInstitution;
    const [digest = ''] = count <= 1 ? [count === 0 ? '' : digests[at]] : digests.slice(at, at + count).sort();
    at += count;
    const { name, title, title_code } = row;
    const subjects = listOf(row.subjects);
    return { entity: row.person_id, digest, name, code, moe_code, section, institution, title, title_code, subjects };
  });
}

const KNOWN_LISTS = 10_000;
/** Few lists of subjects are unlike each other. */
function lists(): (json: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (json) => {
    const before = known.get(json);
    if (before) return before;
    const list: string[] = JSON.parse(json);
    if (known.size < KNOWN_LISTS) known.set(json, list);
    return list;
  };
}

/** While a block is written, the next one is opened. */
async function* ahead<T>(promises: AsyncIterable<() => Promise<T>>): AsyncGenerator<T> {
  let before: Promise<T> | null = null;
  for await (const begin of promises) {
    const now = begin();
    // It is awaited when its turn comes; who stops before is told by what stopped him.
    now.catch(() => undefined);
    if (before) yield await before;
    before = now;
  }
  if (before) yield await before;
}

/** As their lines in the CSV are ordered, which begin with the digest; who has none comes first. Two that are alike in all are told apart in no file. */
function byLine(a: DigestedTeacher, b: DigestedTeacher): number {
  if (a.digest !== b.digest) return a.digest < b.digest ? -1 : 1;
  const [one, other] = [lineOf(TEACHER_COLUMNS, a), lineOf(TEACHER_COLUMNS, b)];
  return one < other ? -1 : one > other ? 1 : a.entity - b.entity;
}

/**
 * Blocks of teachers ordered by code, section and name, then by their line in the CSV.
 * @param runId what was learnt later is not looked at
 * @param places the institutions of the scope, in its order
 * @param people about how many there are
 */
export async function* planTeachers(
  trx: Transaction,
  keyring: Keyring,
  runId: number,
  places: readonly SnapshotInstitution[],
  people: number,
): AsyncGenerator<DigestedTeacher[]> {
  const digester = openDigester(keyring, people);
  const listOf = lists();
  async function* opening() {
    for await (const block of peopleOf(teacherRows(trx, runId))) yield () => digested(digester, block, places, listOf);
  }
  try {
    let tied: DigestedTeacher[] = [];
    for await (const block of ahead(opening())) {
      const rows: DigestedTeacher[] = [];
      for (const row of block) {
        const before = tied[0];
        if (before && (before.name !== row.name || before.code !== row.code || before.section !== row.section)) {
          for (const one of tied.sort(byLine)) rows.push(one);
          tied = [];
        }
        tied.push(row);
      }
      yield rows;
    }
    yield tied.sort(byLine);
  } finally {
    await digester.close();
  }
}
