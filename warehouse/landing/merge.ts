/**
 * Staged rows become their sources' pictures: set-based over all sources of a round, only what changed is written. The order matters and is
 * the rule: duplicates and contradictions inside a delivery first, then what is under review (R13), then the difference to the picture, last who
 * is missing. Every staged row is counted once, for its source.
 */
import type { RecordKind } from '../../schemas/records.ts';
import type { Silence } from '../../schemas/silent-columns.ts';
import type { Transaction } from '../connect.ts';
import { keepUntoldValues, notePrimarySince } from './carry-over.ts';
import { followCorrectedKeys } from './corrected-keys.ts';
import type { KeyCutOver } from './key-cut-over.ts';
import { keepLastGoodValues, writeQuarantine } from './merge-quarantine.ts';
import { pictureColumns, RECORD_TABLES, REJECTED_STAGE, type RecordTable } from './record-tables.ts';
import { settleNamed } from './settle-named.ts';
import { SEEN_STAGE } from './stage.ts';
import { sum, type Tally, tally, tallyOf } from './tally.ts';

export const OUTCOMES = ['accepted', 'unchanged', 'quarantined', 'excluded', 'duplicate'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type MergeCounts = Record<Outcome, number>;

/** What was staged, as the writer counted it: nothing of it need be counted again, and steps with nothing to do are left out. */
export interface StagedKind {
  kind: RecordKind;
  /** Per source. */
  rows: ReadonlyMap<string, number>;
  /** Rows under review or refused. */
  underReview: number;
}
export interface MergeRound {
  runId: number;
  sources: string[];
  /** Raw objects that the staged rows are of. */
  objects: readonly number[];
  /** Sources whose delivery is complete: who is not in it is missing. */
  complete: string[];
  /** Sources with rejected rows that could not even be named: any of those not seen may be one of them, so nobody new is called missing (`countNotJudged` tells how many). */
  nameless: string[];
  kinds: readonly StagedKind[];
  silences: readonly Silence[];
  /** Rows of which nothing was taken. */
  rejected: number;
  /** Rows taken without a value that could not be read. */
  incomplete: number;
  /** Quarantined rows that rows of the delivery say they correct, or that it holds no more because deleting them was the correction. */
  corrected: readonly { source: string; id: number }[];
}

/** Issue of a row whose key stands twice with different content. */
const CONFLICT = JSON.stringify([{ code: 'key-conflict', column: null, value: null }]);

const ANALYZE_FROM_ROWS = 2000;
/** For one merge of many rows; a production server's default of 4 MB would sort a million rows on disk. */
const WORK_MEM = '64MB';

/** Every record tells the raw object it came from. @throws where one of them is not there */
async function checkObjects(trx: Transaction, objects: readonly number[]): Promise<void> {
  const { rows } = await trx.raw(
    'SELECT id FROM unnest(?::bigint[]) AS given (id) WHERE NOT EXISTS (SELECT 1 FROM landing.object o WHERE o.id = given.id)',
    [objects as never],
  );
  if (rows.length > 0)
    throw new Error(`rows of raw objects that are not kept: ${rows.map((r: { id: number }) => r.id).join(', ')}`);
}

/** One key given twice with the same content: the first stands. With different content: all are quarantined, nothing is guessed. */
async function settleKeys(trx: Transaction, table: RecordTable): Promise<{ duplicate: Tally; conflicting: Tally }> {
  const repeated = await tally(
    trx,
    `SELECT source, count(*) AS n FROM (SELECT source FROM ${table.stage} GROUP BY source, key HAVING count(*) > 1) AS k GROUP BY source`,
  );
  if (repeated.length === 0) return { duplicate: [], conflicting: [] };
  const conflicting = await tally(
    trx,
    `WITH conflict AS (SELECT source, key FROM ${table.stage} GROUP BY source, key HAVING count(DISTINCT hash) > 1),
          gone AS (DELETE FROM ${table.stage} s USING conflict c WHERE s.source = c.source AND s.key = c.key
                   RETURNING s.source, s.key, s.object_id, s.row_no),
          rejected AS (
            INSERT INTO ${REJECTED_STAGE} (source, kind, key, object_id, row_no, issues, severity)
            SELECT source, '${table.kind}', key, object_id, row_no, '${CONFLICT}', 'row' FROM gone
            RETURNING source)
     SELECT source, count(*) AS n FROM rejected GROUP BY source`,
  );
  const duplicate = await tally(
    trx,
    `WITH ranked AS (SELECT ctid AS place, row_number() OVER (PARTITION BY source, key ORDER BY object_id, row_no) AS nth FROM ${table.stage}),
          gone AS (DELETE FROM ${table.stage} s USING ranked r WHERE s.ctid = r.place AND r.nth > 1 RETURNING s.source)
     SELECT source, count(*) AS n FROM gone GROUP BY source`,
  );
  return { duplicate, conflicting };
}

const listPending = (table: RecordTable, review: string, reviewing: string): string => `
  INSERT INTO landing.pending AS p (source, kind, key, institution_code, name, review, reviewing, has_previous, first_run_id, last_run_id)
  SELECT g.source, '${table.kind}', g.key, g.${table.institution}, g.${table.label}, ${review}, ${reviewing},
         EXISTS (SELECT 1 FROM ${table.picture} r WHERE r.source = g.source AND r.key = g.key), :run, :run
  FROM gone g
  ON CONFLICT (source, kind, key) DO UPDATE SET institution_code = excluded.institution_code, name = excluded.name, review = excluded.review,
    reviewing = excluded.reviewing, has_previous = excluded.has_previous, last_run_id = excluded.last_run_id
  RETURNING source`;

/** What is taken out of the stage was nevertheless in the delivery. */
const keepSeen = (table: RecordTable): string =>
  `INSERT INTO ${SEEN_STAGE} (source, kind, key) SELECT source, '${table.kind}', key FROM gone`;

/** Rows under review are listed and taken out; the last approved version stays as it is (R13). Once approved they come with the next run (R15). */
const excludeUnderReview = (trx: Transaction, table: RecordTable, round: MergeRound): Promise<Tally> =>
  tally(
    trx,
    `WITH gone AS (DELETE FROM ${table.stage} WHERE review <> '核定' RETURNING *),
          seen AS (${keepSeen(table)}),
          listed AS (${listPending(table, 'g.review', 'g.reviewing')})
     SELECT source, count(*) AS n FROM listed GROUP BY source`,
    { run: round.runId },
  );

/** Changed staff of an institution that is itself under review wait with it (reading of R13); a delta does not say again which ones are. */
const excludeStaffOfPendingInstitutions = (trx: Transaction, table: RecordTable, round: MergeRound): Promise<Tally> =>
  tally(
    trx,
    `WITH gone AS (
       DELETE FROM ${table.stage} s USING landing.pending i
       WHERE i.source = s.source AND i.kind = 'institution' AND (i.last_run_id = :run OR i.source <> ALL(:complete)) AND i.institution_code = s.institution_code
         AND NOT EXISTS (SELECT 1 FROM ${table.picture} r WHERE r.source = s.source AND r.key = s.key AND r.hash = s.hash)
       RETURNING s.*),
          seen AS (${keepSeen(table)}),
          listed AS (${listPending(table, `'異動待審'`, `'機構待審'`)})
     SELECT source, count(*) AS n FROM listed GROUP BY source`,
    { run: round.runId, complete: round.complete },
  );

/**
 * A value known from its digest alone is replaced by the plain one; nothing else of the vault changes, so what it has is not offered again. To a source
 * whose picture is empty hardly anybody is known: there the conflict alone tells.
 */
async function keepIdentifiers(trx: Transaction, table: RecordTable, known: boolean): Promise<void> {
  if (!table.content.some(([name]) => name === 'id_hmac')) return;
  const strong = table.kind === 'staff' ? 'id_strong' : 'true';
  await trx.raw(
    `INSERT INTO landing.identifier AS i (hmac, kind, strong, sealed)
     SELECT DISTINCT ON (id_hmac) id_hmac, id_kind, ${strong}, id_sealed FROM ${table.stage} s
     WHERE id_hmac IS NOT NULL
       ${known ? `AND NOT EXISTS (SELECT 1 FROM landing.identifier k WHERE k.hmac = s.id_hmac AND (k.kind <> 'hashed' OR s.id_kind = 'hashed'))` : ''}
     ORDER BY id_hmac, (id_kind = 'hashed')
     ON CONFLICT (hmac) DO UPDATE SET kind = excluded.kind, strong = excluded.strong, sealed = excluded.sealed
       WHERE i.kind = 'hashed' AND excluded.kind <> 'hashed'`,
  );
}

/** Whether the picture holds anything of these sources, present or missing: if not, every row is new and nobody is missing. */
async function isKnown(trx: Transaction, table: RecordTable, round: MergeRound): Promise<boolean> {
  const sql = `SELECT EXISTS (SELECT 1 FROM ${table.picture} WHERE source = ANY(?::text[])) AS known`;
  const { rows } = await trx.raw(sql, [round.sources]);
  return rows[0].known;
}

/**
 * Rows enter a picture in the order of the key: neighbours in the index are written together, however large the picture is. The key before the
 * source: sorting compares the first bytes of the first column, and those of one source's name are all the same.
 */
const insertStaged = (table: RecordTable, which: string): string => {
  const columns = pictureColumns(table);
  return `INSERT INTO ${table.picture} AS p (source, run_id, ${columns.join(', ')})
     SELECT s.source, :run, ${columns.map((c) => `s.${c}`).join(', ')} FROM ${table.stage} s ${which} ORDER BY s.key, s.source`;
};

/** To pictures that hold nothing of these sources. */
async function writeAll(trx: Transaction, table: RecordTable, round: MergeRound): Promise<void> {
  await trx.raw(insertStaged(table, ''), { run: round.runId });
}

/** @returns what was new or had changed */
function writeChanged(trx: Transaction, table: RecordTable, round: MergeRound): Promise<Tally> {
  const updates = pictureColumns(table).filter((c) => c !== 'key');
  const changed = `LEFT JOIN ${table.picture} r ON r.source = s.source AND r.key = s.key WHERE r.key IS NULL OR r.hash <> s.hash`;
  return tally(
    trx,
    `WITH written AS (
       ${insertStaged(table, changed)}
       ON CONFLICT (source, key) DO UPDATE SET run_id = excluded.run_id, missing_since = NULL, ${updates.map((c) => `${c} = excluded.${c}`).join(', ')}
       RETURNING source)
     SELECT source, count(*) AS n FROM written GROUP BY source`,
    { run: round.runId },
  );
}

/** Whether the delivery held the record `r`: it is still staged, was rejected (a conflict too) or taken out for review. */
export const seenIn = (table: RecordTable): string => `EXISTS (SELECT 1 FROM (
      SELECT source, key FROM ${table.stage}
      UNION ALL SELECT source, key FROM ${REJECTED_STAGE} WHERE kind = '${table.kind}' AND key IS NOT NULL
      UNION ALL SELECT source, key FROM ${SEEN_STAGE} WHERE kind = '${table.kind}') AS s
    WHERE s.source = r.source AND s.key = r.key)`;

/** I12: a row that was rejected or is under review is there; only a known key that a complete list does not hold at all is missing. */
async function markMissing(trx: Transaction, table: RecordTable, round: MergeRound): Promise<void> {
  const seen = seenIn(table);
  await trx.raw(
    `UPDATE ${table.picture} r SET missing_since = NULL WHERE r.source = ANY(?::text[]) AND r.missing_since IS NOT NULL AND ${seen}`,
    [round.sources],
  );
  const whole = round.complete.filter((source) => !round.nameless.includes(source));
  if (whole.length === 0) return;
  await trx.raw(
    `UPDATE ${table.picture} r SET missing_since = ? WHERE r.source = ANY(?::text[]) AND r.missing_since IS NULL AND NOT ${seen}`,
    [round.runId, whole],
  );
}

/** What a complete picture no longer shows under review is settled. */
async function settlePending(trx: Transaction, round: MergeRound): Promise<void> {
  await trx.raw('DELETE FROM landing.pending WHERE source = ANY(?::text[]) AND last_run_id <> ?', [
    round.complete,
    round.runId,
  ]);
}

/** Staged rows of one kind into its picture. Those that nothing took out, and that were not written, are unchanged. @returns how many contradicted each other */
async function mergeRows(
  trx: Transaction,
  table: RecordTable,
  round: MergeRound,
  staged: StagedKind,
  known: boolean,
  enter: (outcome: Outcome, counted: Tally) => void,
): Promise<number> {
  const left = new Map(staged.rows);
  const takeOut = (counted: Tally): Tally => {
    for (const { source, n } of counted) left.set(source, (left.get(source) ?? 0) - n);
    return counted;
  };
  const { duplicate, conflicting } = await settleKeys(trx, table);
  takeOut(conflicting);
  enter('duplicate', takeOut(duplicate));
  if (staged.underReview > 0) enter('excluded', takeOut(await excludeUnderReview(trx, table, round)));
  await keepIdentifiers(trx, table, known);
  if (table.kind === 'staff' && round.kinds.some((k) => k.kind === 'institution')) {
    enter('excluded', takeOut(await excludeStaffOfPendingInstitutions(trx, table, round)));
  }
  if (known && round.incomplete > 0) await keepLastGoodValues(trx, table);
  if (known) await keepUntoldValues(trx, table, round.silences);
  if (known && table.kind === 'staff') await notePrimarySince(trx);
  if (known) {
    const accepted = takeOut(await writeChanged(trx, table, round));
    enter('accepted', accepted);
    enter('unchanged', tallyOf(left));
    if (accepted.some((t) => t.n >= ANALYZE_FROM_ROWS)) await trx.raw(`ANALYZE ${table.picture} (source, key)`);
  } else {
    await writeAll(trx, table, round);
    enter('accepted', tallyOf(left));
  }
  await settleNamed(trx, table, round);
  return sum(conflicting);
}

const EMPTY: MergeCounts = { accepted: 0, unchanged: 0, quarantined: 0, excluded: 0, duplicate: 0 };

/**
 * Merges one round of staged deliveries, at most one per source.
 * @param cutOvers takes the units whose keys all changed
 * @returns the books of each source
 */
export async function mergeStage(
  trx: Transaction,
  round: MergeRound,
  cutOvers: KeyCutOver[] = [],
): Promise<Map<string, MergeCounts>> {
  const books = new Map<string, MergeCounts>(round.sources.map((source) => [source, { ...EMPTY }]));
  const enter = (outcome: Outcome, counted: Tally): void => {
    for (const { source, n } of counted) (books.get(source) as MergeCounts)[outcome] += n;
  };
  await checkObjects(trx, round.objects);
  let conflicts = 0;
  for (const staged of round.kinds) {
    const table = RECORD_TABLES[staged.kind];
    const known = await isKnown(trx, table, round);
    const rows = sum(tallyOf(staged.rows));
    if (rows >= ANALYZE_FROM_ROWS) {
      await trx.raw(`SET LOCAL work_mem = '${WORK_MEM}'; ANALYZE ${table.stage} (${table.planned.join(', ')})`);
    }
    if (staged.kind === 'staff' && known) {
      cutOvers.push(...(await followCorrectedKeys(trx, round, rows >= ANALYZE_FROM_ROWS)));
    }
    // Whole-picture joins: a nested loop, chosen on statistics from before the load, would take hours where a hash takes seconds.
    if (rows >= ANALYZE_FROM_ROWS) await trx.raw('SET LOCAL enable_nestloop = off');
    if (rows > 0) conflicts += await mergeRows(trx, table, round, staged, known, enter);
    if (known) await markMissing(trx, table, round);
  }
  if (round.kinds.some((k) => k.kind === 'institution')) await settlePending(trx, round);
  enter('quarantined', await writeQuarantine(trx, round, conflicts));
  return books;
}
