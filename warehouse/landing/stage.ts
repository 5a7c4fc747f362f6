import type { RecordKind } from '../../schemas/records.ts';
import type { Transaction } from '../connect.ts';
import { ORIGIN, RECORD_TABLES, REJECTED_STAGE } from './record-tables.ts';

/** Makes the temporary tables of one delivery; they go with the transaction. */
export async function createStage(trx: Transaction): Promise<void> {
  const statements = Object.values(RECORD_TABLES).map((table) => {
    const columns = [...table.content, ...table.stageOnly, ...ORIGIN].map(([name, type]) => `${name} ${type}`);
    return `CREATE TEMP TABLE ${table.stage} (${columns.join(', ')}) ON COMMIT DROP`;
  });
  await trx.raw(`
    ${statements.join(';\n')};
    CREATE TEMP TABLE ${REJECTED_STAGE} (kind text NOT NULL, key text, object_id bigint NOT NULL, row_no integer NOT NULL, issues jsonb NOT NULL) ON COMMIT DROP;
  `);
}

/** Empties the stage for the next delivery of the same part. */
export async function clearStage(trx: Transaction): Promise<void> {
  const kinds = Object.keys(RECORD_TABLES) as RecordKind[];
  await trx.raw(`TRUNCATE ${[...kinds.map((kind) => RECORD_TABLES[kind].stage), REJECTED_STAGE].join(', ')}`);
}
