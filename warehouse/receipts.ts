/** Receipts: what each sender was told, once per delivery. A file that lies in its inbox broken, night after night, is told of once. */
import type { Receipt } from '../schemas/outputs/receipt.ts';
import { storableJson } from '../schemas/storable.ts';
import type { Database, Transaction } from './connect.ts';
import { INSTITUTION_UNKNOWN } from './matching/waiting.ts';
import type { RunKind, RunSource } from './runs.ts';

export interface DueReceipt extends RunSource {
  clock: string;
  run_kind: RunKind;
  fingerprint: Buffer;
}

/** A feed has no files: each night is a delivery. Files are told apart by size and time, for their names are sealed. */
const FINGERPRINT = `sha256(convert_to(concat_ws('|', s.stamps::text, s.status, s.error_code,
  CASE WHEN s.files IS NULL THEN s.run_id END), 'UTF8'))`;

/** What was heard since the last run that came to its end, by this run or by one that failed before it told anybody. What a replay could not read says nothing. */
export async function dueReceipts(db: Database, runId: number): Promise<DueReceipt[]> {
  const { rows } = await db.raw(
    `SELECT DISTINCT ON (s.source, fingerprint) s.*, r.clock, r.kind AS run_kind, ${FINGERPRINT} AS fingerprint
     FROM ops.run_source s JOIN ops.run r ON r.id = s.run_id
     WHERE s.run_id <= :run AND s.run_id > coalesce((SELECT max(id) FROM ops.run WHERE id < :run AND status IN ('complete', 'held')), 0)
       AND (s.status = 'fresh' OR (s.status = 'failed' AND r.kind <> 'replay'))
       AND NOT EXISTS (SELECT 1 FROM ops.receipt t WHERE t.source = s.source AND t.fingerprint = ${FINGERPRINT})
     ORDER BY s.source, fingerprint, s.run_id`,
    { run: runId },
  );
  return rows;
}

/** A body has some kilobytes. */
const RECEIPTS_AT_ONCE = 200;

/** @param receipts each once, however often it is added */
export async function addReceipts(
  trx: Transaction,
  receipts: readonly { due: DueReceipt; body: Receipt }[],
): Promise<void> {
  for (let from = 0; from < receipts.length; from += RECEIPTS_AT_ONCE) {
    const some = receipts.slice(from, from + RECEIPTS_AT_ONCE);
    await trx.raw(
      `INSERT INTO ops.receipt (run_id, source, fingerprint, body)
       SELECT run_id, source, fingerprint, body::jsonb FROM unnest(?::bigint[], ?::text[], ?::bytea[], ?::text[]) AS r (run_id, source, fingerprint, body)
       ON CONFLICT DO NOTHING`,
      [
        some.map(({ due }) => due.run_id),
        some.map(({ due }) => due.source),
        some.map(({ due }) => due.fingerprint),
        some.map(({ body }) => storableJson(body)),
      ],
    );
  }
}

export interface KeptReceipt {
  run_id: number;
  source: string;
  drop_name: string;
  body: Receipt;
}

/** Receipts of these drops whose file is not written yet. */
export async function unwrittenReceipts(db: Database, drops: readonly string[]): Promise<KeptReceipt[]> {
  const { rows } = await db.raw(
    `SELECT t.run_id, t.source, s.drop_name, t.body FROM ops.receipt t JOIN ops.run_source s USING (run_id, source)
     WHERE t.file IS NULL AND t.body IS NOT NULL AND s.drop_name = ANY(?::text[]) ORDER BY t.run_id, t.source`,
    [[...drops]],
  );
  return rows;
}

/** Those whose file lies in its folder by now. */
export async function markWritten(
  db: Database,
  written: readonly (Pick<KeptReceipt, 'run_id' | 'source'> & { file: string })[],
): Promise<void> {
  await db.raw(
    `UPDATE ops.receipt t SET file = w.file FROM unnest(?::bigint[], ?::text[], ?::text[]) AS w (run_id, source, file)
     WHERE t.run_id = w.run_id AND t.source = w.source`,
    [written.map((w) => w.run_id), written.map((w) => w.source), written.map((w) => w.file)],
  );
}

/** @param run of that run only; null: the newest of each source. @param name a source, or the code of an institution */
export async function findReceipts(db: Database, name: string, run: number | null): Promise<Receipt[]> {
  const { rows } = await db.raw(
    `SELECT DISTINCT ON (source) body FROM ops.receipt
     WHERE body IS NOT NULL AND (source = :name OR split_part(source, '/', 2) = :name) AND (:run::bigint IS NULL OR run_id = :run)
     ORDER BY source, run_id DESC`,
    { name, run } as never,
  );
  return (rows as { body: Receipt }[]).map((row) => row.body);
}

/** How many records of each of these sources wait, for no list knows their institution. */
export async function waitingOf(db: Database, sources: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.raw(
    `SELECT split_part(subject, ' ', 1) AS source, count(DISTINCT subject)::int AS records FROM review.exception
     WHERE closed_at IS NULL AND code = ? AND split_part(subject, ' ', 1) = ANY(?::text[]) GROUP BY 1`,
    [INSTITUTION_UNKNOWN, [...sources]],
  );
  return new Map((rows as { source: string; records: number }[]).map((row) => [row.source, row.records]));
}

/** The newest receipt of each of these sources that has one. */
export async function newestReceipts(db: Database, sources: readonly string[]): Promise<Map<string, Receipt>> {
  const { rows } = await db.raw(
    `SELECT DISTINCT ON (source) source, body FROM ops.receipt WHERE source = ANY(?::text[]) ORDER BY source, run_id DESC`,
    [[...sources]],
  );
  return new Map((rows as { source: string; body: Receipt }[]).map(({ source, body }) => [source, body]));
}

/** Doubts of the newest picture of these sources. */
export async function warningsOf(
  db: Database,
  sources: readonly string[],
): Promise<{ source: string; code: string; rows: number }[]> {
  const { rows } = await db.raw(
    'SELECT source, code, rows FROM landing.warning WHERE source = ANY(?::text[]) ORDER BY source, rows DESC, code',
    [[...sources]],
  );
  return rows;
}
