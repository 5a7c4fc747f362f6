/**
 * The shape of what each source hands over: as last accepted, as last seen, and what differs. A source may have two: a complete list and a list of
 * changes need not have the same columns.
 */
import { type Deviation, type SourceShape, sourceShape } from '../../schemas/drift.ts';
import type { Issue, RecordKind } from '../../schemas/records.ts';
import { storableJson } from '../../schemas/storable.ts';
import type { Database, Transaction } from '../connect.ts';
import { RECORD_TABLES, REJECTED_STAGE } from './record-tables.ts';

const form = (complete: boolean): string => (complete ? 'complete' : 'changes');

/** @returns null for a source that never handed in a picture of this form */
export async function acceptedShape(trx: Transaction, source: string, complete: boolean): Promise<SourceShape | null> {
  const row = await trx('landing.source_shape')
    .where({ source, form: form(complete) })
    .first('accepted');
  return row ? sourceShape.parse(row.accepted) : null;
}

export interface KeptShape {
  source: string;
  complete: boolean;
  /** Of the delivery that has it. */
  digest: Buffer;
  runId: number;
  accepted: SourceShape;
  observed: SourceShape;
  drift: readonly Deviation[];
}

/** Written only where something differs from what is kept (I11); its run is the one that first told what is told. */
export async function keepShape(trx: Transaction, shape: KeptShape): Promise<void> {
  const { source, complete, digest, runId, accepted, observed, drift } = shape;
  await trx.raw(
    `INSERT INTO landing.source_shape AS s (source, form, digest, accepted, observed, drift, run_id)
     VALUES (:source, :form, :digest, :accepted, :observed, :drift, :run)
     ON CONFLICT (source, form) DO UPDATE
       SET digest = excluded.digest, accepted = excluded.accepted, observed = excluded.observed, drift = excluded.drift,
           run_id = CASE WHEN (s.accepted, s.observed, s.drift) IS DISTINCT FROM (excluded.accepted, excluded.observed, excluded.drift)
                         THEN excluded.run_id ELSE s.run_id END
       WHERE (s.digest, s.accepted, s.observed, s.drift) IS DISTINCT FROM (excluded.digest, excluded.accepted, excluded.observed, excluded.drift)`,
    {
      source,
      form: form(complete),
      digest,
      accepted: storableJson(accepted),
      observed: storableJson(observed),
      drift: storableJson(drift),
      run: runId,
    },
  );
}

/**
 * What a replay finds of the shape: what is told of the delivery that was last seen is told anew, for the rules may know by now what they did not. The
 * accepted shape stays: a person, or a newer delivery that is not landed yet, may have changed it since the replayed one came.
 */
export async function retellDrift(trx: Transaction, shape: Omit<KeptShape, 'accepted' | 'runId'>): Promise<void> {
  const { source, complete, digest, observed, drift } = shape;
  await trx.raw(
    `UPDATE landing.source_shape SET observed = :observed, drift = :drift
     WHERE source = :source AND form = :form AND digest = :digest
       AND (observed, drift) IS DISTINCT FROM (CAST(:observed AS jsonb), CAST(:drift AS jsonb))`,
    { source, form: form(complete), digest, observed: storableJson(observed), drift: storableJson(drift) },
  );
}

/** Every staged row of one kind of a source is quarantined for one cause. @returns how many */
export async function rejectStaged(trx: Transaction, source: string, kind: RecordKind, issue: Issue): Promise<number> {
  // What was told of single values of these rows gives way: nothing of them is taken.
  await trx.raw(`DELETE FROM ${REJECTED_STAGE} WHERE source = ? AND kind = ? AND severity = 'value'`, [source, kind]);
  const person =
    kind === 'staff'
      ? 'name_key, birth_date, institution_code, institution_section, id_strong'
      : 'NULL, NULL::date, NULL, NULL, NULL::boolean';
  const { rowCount } = await trx.raw(
    `WITH gone AS (DELETE FROM ${RECORD_TABLES[kind].stage} WHERE source = :source RETURNING *)
     INSERT INTO ${REJECTED_STAGE} (source, kind, key, object_id, row_no, issues, severity, name_key, birth_date, institution_code, section, id_strong)
     SELECT source, :kind, key, object_id, row_no, CAST(:issues AS jsonb), 'row', ${person} FROM gone`,
    { source, kind, issues: storableJson([issue]) },
  );
  return rowCount ?? 0;
}

/**
 * A person takes what was last seen of a source for its shape from now on; of a configured source (`roster`) that of all its parts, as when a system that
 * many schools use changes its export. @returns how many things stop being told; null for a source never heard
 */
export async function acceptShape(db: Database, source: string): Promise<number | null> {
  return db.transaction(async (trx) => {
    const kept = await trx('landing.source_shape')
      .whereRaw(`source = :source OR split_part(source, '/', 1) = :source`, { source })
      .forUpdate()
      .select('source', 'form', 'accepted', 'observed', 'drift');
    if (kept.length === 0) return null;
    let told = 0;
    for (const row of kept) {
      const before = sourceShape.parse(row.accepted);
      const { fields, values } = sourceShape.parse(row.observed);
      const columns = [...new Set([...Object.keys(before.values), ...Object.keys(values)])];
      const accepted: SourceShape = {
        fields,
        values: Object.fromEntries(
          columns.map((c) => [c, [...new Set([...(before.values[c] ?? []), ...(values[c] ?? [])])]]),
        ),
      };
      await trx('landing.source_shape')
        .where({ source: row.source, form: row.form })
        .update({ accepted: JSON.stringify(accepted), drift: '[]' });
      told += row.drift.length;
    }
    return told;
  });
}
