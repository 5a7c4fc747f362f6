/** Rows of the warehouse become lines of a file. The order is one of business values alone; what ties is ordered by its own text. */
import type { Transaction } from '../../warehouse/connect.ts';
import type { Keyring } from '../../warehouse/keyring.ts';
import { digestsOfPeople } from '../../warehouse/views/snapshot-digests.ts';
import { type SchoolRow, schoolRows, type TeacherRow, teacherRows } from '../../warehouse/views/snapshot-rows.ts';
import type { SnapshotMoments } from '../../warehouse/views/snapshot-visible.ts';
import { type Column, type DigestedTeacher, SCHOOL_COLUMNS, TEACHER_COLUMNS } from './columns.ts';
import { lineOf } from './csv.ts';

/** Blocks of lines ordered by code, section and name, then by the line's own text. @param runId what was learnt later is not looked at */
export async function* teacherLines(
  trx: Transaction,
  keyring: Keyring,
  runId: number,
  columns: readonly Column<DigestedTeacher>[] = TEACHER_COLUMNS,
): AsyncGenerator<string[]> {
  let tied: { row: TeacherRow; line: string }[] = [];
  const settle = (): string[] => tied.map((t) => t.line).sort();
  for await (const block of teacherRows(trx)) {
    const digests = await digestsOfPeople(
      trx,
      keyring,
      block.map((row) => row.person_id),
      runId,
    );
    const lines: string[] = [];
    for (const row of block) {
      const before = tied[0]?.row;
      if (before && (before.name !== row.name || before.code !== row.code || before.section !== row.section)) {
        lines.push(...settle());
        tied = [];
      }
      tied.push({ row, line: lineOf(columns, { ...row, digest: digests.get(row.person_id) ?? '' }) });
    }
    yield lines;
  }
  yield settle();
}

/** Blocks of lines ordered by code and section. */
export async function* schoolLines(
  trx: Transaction,
  moments: SnapshotMoments,
  columns: readonly Column<SchoolRow>[] = SCHOOL_COLUMNS,
): AsyncGenerator<string[]> {
  for await (const block of schoolRows(trx, moments)) yield block.map((row) => lineOf(columns, row));
}
