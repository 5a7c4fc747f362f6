/** Rows of a snapshot, once and for all its files. The order is one of business values alone; what ties is ordered by its own text. */
import type { Transaction } from '../../warehouse/connect.ts';
import type { Keyring } from '../../warehouse/keyring.ts';
import { type Digester, openDigester } from '../../warehouse/views/digester.ts';
import type { SnapshotInstitution } from '../../warehouse/views/snapshot-institutions.ts';
import { type TeacherBlock, teacherBlocks } from '../../warehouse/views/snapshot-rows.ts';
import { type DigestedTeacher, TEACHER_COLUMNS } from './columns.ts';
import { asText, csvLines } from './csv.ts';

async function digested(
  digester: Digester,
  { people, places, names, titles, title_codes, subjects, asked }: TeacherBlock,
  institutions: readonly SnapshotInstitution[],
  listOf: (list: readonly string[]) => readonly string[],
): Promise<DigestedTeacher[]> {
  const digests = (await digester.digests(asked)).split('\n');
  return people.map((entity, i) => {
    const { code, section, moe_code, name: institution } = institutions[places[i] as number] as SnapshotInstitution;
    return {
      entity,
      digest: digests[i] as string,
      name: names[i] as string,
      code,
      moe_code,
      section,
      institution,
      title: titles[i] as string | null,
      title_code: title_codes[i] as number | null,
      subjects: listOf(subjects[i] as string[]),
    };
  });
}

const KNOWN_LISTS = 10_000;
/** Few lists of subjects are unlike each other: those that are alike become one, which is written once (`csv.ts`). */
function lists(): (list: readonly string[]) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (list) => {
    const key = list.length === 1 ? `1${list[0]}` : JSON.stringify(list);
    const before = known.get(key);
    if (before) return before;
    if (known.size < KNOWN_LISTS) known.set(key, list);
    return list;
  };
}

const BLOCKS_AHEAD = 4;
/** While a block is written, the next ones are fetched and opened, in their order. Who stops before they were awaited is told by what stopped him. */
async function* ahead<From, To>(items: AsyncIterable<From>, work: (item: From) => Promise<To>): AsyncGenerator<To> {
  const source = items[Symbol.asyncIterator]();
  const begun: Promise<{ value: To } | null>[] = [];
  const begin = (): void => {
    const one = source.next().then(async ({ value, done }) => (done ? null : { value: await work(value) }));
    one.catch(() => undefined);
    begun.push(one);
  };
  for (let i = 0; i < BLOCKS_AHEAD; i += 1) begin();
  try {
    for (let one = await begun.shift(); one; one = await begun.shift()) {
      begin();
      yield one.value;
    }
  } finally {
    await Promise.allSettled(begun);
    await source.return?.(undefined);
  }
}

const lineOf = csvLines(TEACHER_COLUMNS, asText);

function byLine(a: DigestedTeacher, b: DigestedTeacher): number {
  if (a.digest !== b.digest) return a.digest < b.digest ? -1 : 1;
  const [one, other] = [lineOf(a), lineOf(b)];
  return one < other ? -1 : one > other ? 1 : a.entity - b.entity;
}

/** As many digits of a digest as a number holds exactly, and most people differ in. */
const TOLD_BY = 12;

/** People alike in institution and name as their lines in the CSV are ordered, which begin with the digest; who has none comes first. Two that are alike in all are told apart in no file. */
function inOrder(tied: DigestedTeacher[]): DigestedTeacher[] {
  if (tied.length < 2) return tied;
  const told = (digest: string): number => (digest === '' ? -1 : Number.parseInt(digest.slice(0, TOLD_BY), 16));
  return tied
    .map((row) => ({ row, by: told(row.digest) }))
    .sort((a, b) => a.by - b.by || byLine(a.row, b.row))
    .map(({ row }) => row);
}

/**
 * Blocks of teachers ordered by code, section and name, then by their line in the CSV.
 * @param places the institutions of the scope, in its order
 * @param people about how many there are
 */
export async function* planTeachers(
  trx: Transaction,
  keyring: Keyring,
  places: readonly SnapshotInstitution[],
  people: number,
): AsyncGenerator<DigestedTeacher[]> {
  const digester = openDigester(keyring, people);
  const listOf = lists();
  try {
    let tied: DigestedTeacher[] = [];
    for await (const block of ahead(teacherBlocks(trx), (some) => digested(digester, some, places, listOf))) {
      const rows: DigestedTeacher[] = [];
      for (const row of block) {
        const before = tied[0];
        if (before && (before.name !== row.name || before.code !== row.code || before.section !== row.section)) {
          for (const one of inOrder(tied)) rows.push(one);
          tied = [];
        }
        tied.push(row);
      }
      yield rows;
    }
    yield inOrder(tied);
  } finally {
    await digester.close();
  }
}
