import type { Transaction } from '../connect.ts';
import { ORIGIN, RECORD_TABLES, REJECTED_STAGE } from './record-tables.ts';

/** Keys that a delivery holds but that were taken out of the stage for review: not missing. */
export const SEEN_STAGE = 'stage_seen';

/** Staging tables belong to the session and are emptied by every commit: making them anew for a thousand small files would churn the catalogue. */
export async function createStage(trx: Transaction): Promise<void> {
  const tables: readonly (readonly [name: string, columns: string])[] = [
    ...Object.values(RECORD_TABLES).map((table): [string, string] => [
      table.stage,
      [['source', 'text NOT NULL'], ...table.content, ...table.carried, ...table.stageOnly, ...ORIGIN]
        .map((c) => c.join(' '))
        .join(', '),
    ]),
    [
      REJECTED_STAGE,
      'source text NOT NULL, kind text NOT NULL, key text, object_id bigint NOT NULL, row_no integer NOT NULL, issues jsonb NOT NULL, severity text NOT NULL, name_key text, birth_date date, institution_code text, section text, id_strong boolean',
    ],
    [SEEN_STAGE, 'source text NOT NULL, kind text NOT NULL, key text NOT NULL'],
  ];
  const { rows } = await trx.raw(`SELECT to_regclass('pg_temp.${SEEN_STAGE}') IS NOT NULL AS there`);
  if (rows[0].there) return;
  await trx.raw(
    tables.map(([name, columns]) => `CREATE TEMP TABLE ${name} (${columns}) ON COMMIT DELETE ROWS`).join(';\n'),
  );
}

/** Takes the rows of a source that failed while it was staged out again. */
export async function unstage(trx: Transaction, source: string): Promise<void> {
  for (const table of [...Object.values(RECORD_TABLES).map((t) => t.stage), REJECTED_STAGE]) {
    await trx.raw(`DELETE FROM ${table} WHERE source = ?`, [source]);
  }
}

/** Empties the stage, for the next round of a transaction. */
export async function clearStage(trx: Transaction): Promise<void> {
  const names = [...Object.values(RECORD_TABLES).map((t) => t.stage), REJECTED_STAGE, SEEN_STAGE];
  await trx.raw(`TRUNCATE ${names.join(', ')}`);
}
