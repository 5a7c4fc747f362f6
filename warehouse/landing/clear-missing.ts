import type { RecordKind } from '../../schemas/records.ts';
import type { Transaction } from '../connect.ts';
import { RECORD_TABLES } from './record-tables.ts';

/** Nobody of these sources is missing: none of their lists is complete any more. */
export async function clearMissing(
  trx: Transaction,
  sources: readonly string[],
  kinds: readonly RecordKind[],
): Promise<void> {
  if (sources.length === 0) return;
  for (const kind of kinds) {
    await trx.raw(
      `UPDATE ${RECORD_TABLES[kind].picture} SET missing_since = NULL WHERE source = ANY(?::text[]) AND missing_since IS NOT NULL`,
      [[...sources]],
    );
  }
}
