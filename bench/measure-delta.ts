/** What differs between two snapshots of everybody, one person of a hundred under another name, and the delta of it. */
import type { PipelineContext } from '../pipelines/context.ts';
import { deltaLines, deltaOf } from '../pipelines/snapshot/difference/delta.ts';
import { diffSnapshots } from '../pipelines/snapshot/difference/diff-snapshots.ts';
import { createSnapshot } from '../pipelines/snapshot.ts';
import { openRecordedMoment } from '../warehouse/apply/identities.ts';
import type { Database } from '../warehouse/connect.ts';
import { campaignOf } from './measure-snapshot.ts';

const CHANGED_EVERY = 100;
const COPIED =
  'person_id, name_key, sex, birth_date, email, phone, certificate_no, valid_from, valid_to, source, source_key, object_id, row_no, rule, manual_value, judgement_id';

/** Versions as an apply leaves them. @returns the recorded moment */
const rename = (db: Database, clock: string): Promise<string> =>
  db.transaction(async (trx) => {
    const at = await openRecordedMoment(trx, () => clock);
    const [run] = await trx('ops.run')
      .insert({ kind: 'nightly', clock, simulated: true, status: 'complete', stage: 'done', recorded_at: at })
      .returning('id');
    await trx.raw(
      `WITH closed AS (
         UPDATE warehouse.person_version SET recorded_to = :at
         WHERE recorded_to = 'infinity' AND valid_to = 'infinity' AND person_id % ${CHANGED_EVERY} = 0 RETURNING *)
       INSERT INTO warehouse.person_version (${COPIED}, name, recorded_from, registered_at, run_id, reason)
       SELECT ${COPIED}, name || '改', :at, CAST(:at AS timestamptz) - interval '1 hour', :run, '資料更正' FROM closed`,
      { at, run: run.id },
    );
    await trx.raw('ANALYZE warehouse.person_version');
    return at;
  });

/** @param clocks of two nights after the last. @throws where not everybody who changed is told */
export async function measureDelta(
  ctx: PipelineContext,
  stages: Record<string, number>,
  clocks: readonly [string, string],
): Promise<void> {
  const taken: string[] = [];
  const campaigns = [campaignOf('300', clocks[1], ['csv', 'jsonl'])];
  for (const clock of clocks) {
    const asOf = await rename(ctx.db, clock);
    const { snapshot } = await createSnapshot(
      { ...ctx, campaigns },
      { campaignId: '300', kind: 'teacher-plan', asOf, correction: null },
    );
    taken.push(snapshot.id);
  }
  const [older = '', newer = ''] = taken;
  const began = performance.now();
  const difference = await diffSnapshots(ctx, older, newer);
  let bytes = 0;
  for (const lines of deltaLines(deltaOf(difference))) bytes += Buffer.byteLength(lines);
  stages['delta of 1 %'] = (performance.now() - began) / 1000;
  const { rows } = await ctx.db.raw(`SELECT count(*) AS n FROM warehouse.person WHERE id % ${CHANGED_EVERY} = 0`);
  if (difference.counts.updated !== rows[0].n || bytes === 0)
    throw new Error(`${difference.counts.updated} told of ${rows[0].n} who changed`);
  const told = difference.rows.find(({ why }) => why.join() !== 'correction');
  if (told) throw new Error(`${JSON.stringify(told)}: expected a correction`);
}
