/** Rows of a snapshot, once and for all its files. The order is one of business values alone; what ties is ordered by its own text. */
import type { Transaction } from '../../warehouse/connect.ts';
import type { Keyring } from '../../warehouse/keyring.ts';
import { type Digester, openDigester } from '../../warehouse/views/digester.ts';
import { askDigest, type SealedIdentifier } from '../../warehouse/views/snapshot-digests.ts';
import type { SnapshotInstitution } from '../../warehouse/views/snapshot-institutions.ts';
import { type IdentifiedRow, type TeacherRow, teacherRows } from '../../warehouse/views/snapshot-rows.ts';
import { type DigestedTeacher, TEACHER_COLUMNS } from './columns.ts';
import { lineOf } from './csv.ts';

interface Identified {
  row: TeacherRow;
  /** Of the run that was the last to teach one: several only where it taught several. */
  newest: { learned: number; identifiers: SealedIdentifier[] } | null;
}

const identifierOf = ({ kind, hmac, sealed }: IdentifiedRow): SealedIdentifier | null =>
  kind === null || hmac === null || sealed === null ? null : { kind, hmac, sealed };

/** One may have had several identifiers (a corrected number, a new resident number): the one learnt last stands. */
function add(person: Identified, row: IdentifiedRow): void {
  const identifier = identifierOf(row);
  if (identifier === null || row.learned === null) return;
  const { newest } = person;
  if (newest === null || row.learned > newest.learned)
    person.newest = { learned: row.learned, identifiers: [identifier] };
  else if (row.learned === newest.learned) newest.identifiers.push(identifier);
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
      last = { row, newest: null };
      add(last, row);
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
): Promise<DigestedTeacher[]> {
  let asked = '';
  for (const { newest } of people) for (const one of newest?.identifiers ?? []) asked += askDigest(one);
  const digests = asked === '' ? [] : (await digester.digests(asked)).split('\n');
  let at = 0;
  return people.map(({ row, newest }) => {
    const { code, section, moe_code, name: institution } = places[row.place] as SnapshotInstitution;
    const own = newest === null ? 0 : newest.identifiers.length;
    const [digest = ''] = own <= 1 ? digests.slice(at, at + own) : digests.slice(at, at + own).sort();
    at += own;
    const { name, title, title_code, subjects } = row;
    return { digest, name, code, moe_code, section, institution, title, title_code, subjects };
  });
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

/** As their lines in the CSV are ordered, which begin with the digest; who has none comes first. */
function byLine(a: DigestedTeacher, b: DigestedTeacher): number {
  if (a.digest !== b.digest) return a.digest < b.digest ? -1 : 1;
  const [one, other] = [lineOf(TEACHER_COLUMNS, a), lineOf(TEACHER_COLUMNS, b)];
  return one < other ? -1 : one > other ? 1 : 0;
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
  async function* opening() {
    for await (const block of peopleOf(teacherRows(trx, runId))) yield () => digested(digester, block, places);
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
