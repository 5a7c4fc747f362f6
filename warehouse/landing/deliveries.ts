/** Pictures that were landed, by content: the same bytes read the same way change nothing, an older picture never replaces a newer (I4). */
import { SourceError } from '../../schemas/source-error.ts';
import { storableJson } from '../../schemas/storable.ts';
import type { Database, Transaction } from '../connect.ts';
import type { MergeCounts } from './merge.ts';

export interface Delivery {
  runId: number;
  source: string;
  digest: Buffer;
  asOf: string;
  complete: boolean;
  /** Said by the configuration alone. */
  completeByDefault: boolean;
  objects: readonly { id: number; name: string }[];
}

/** A picture that was landed, as kept. */
export interface LandedDelivery {
  id: number;
  source: string;
  digest: Buffer;
  asOf: string;
  complete: boolean;
  completeByDefault: boolean;
  objects: number[];
  /** Known records of which it could not be judged whether they are missing. */
  notJudged: number;
}

const currentOf = (deliveries: string): string => `
  SELECT d.* FROM ${deliveries} d
  WHERE d.id >= coalesce((SELECT max(n.id) FROM ${deliveries} n WHERE n.source = d.source AND n.complete), 0)
    AND NOT EXISTS (SELECT 1 FROM ${deliveries} n
                    WHERE n.source = d.source AND n.digest = d.digest AND n.complete = d.complete AND n.id > d.id)`;

/**
 * What a source's picture is made of: its newest complete delivery and what came after it; without one, everything. Of one that was read again
 * the last reading stands for all.
 */
export const CURRENT_DELIVERIES = currentOf('landing.delivery');

/** Sources that landed anything, of all or of these drops and parts. */
export async function landedSources(db: Database, only: readonly string[] | null): Promise<string[]> {
  const { rows } = await db.raw(
    `SELECT DISTINCT source COLLATE "C" AS source FROM landing.delivery
     WHERE :only::text[] IS NULL OR source = ANY(:only) OR split_part(source, '/', 1) = ANY(:only) ORDER BY 1`,
    { only } as never,
  );
  return (rows as { source: string }[]).map((row) => row.source);
}

/**
 * The deliveries that make up the current picture of a source, oldest first.
 * @param byDefault whether those are complete of which nothing says so, as configured today; null: as it was when they came
 */
export async function currentDeliveries(
  db: Database,
  source: string,
  byDefault: boolean | null,
): Promise<LandedDelivery[]> {
  const { rows } = await db.raw(
    `WITH own AS (SELECT id, source, digest, as_of, objects, notes, complete_by_default,
                         CASE WHEN complete_by_default THEN coalesce(:by_default::boolean, complete) ELSE complete END AS complete
                  FROM landing.delivery WHERE source = :source)
     SELECT id, source, digest, as_of AS "asOf", complete, complete_by_default AS "completeByDefault", objects,
            coalesce((notes->>'notJudged')::integer, 0) AS "notJudged"
     FROM (${currentOf('own')}) AS d ORDER BY id`,
    { source, by_default: byDefault } as never,
  );
  return (rows as LandedDelivery[]).map((row) => ({ ...row, objects: row.objects.map(Number) }));
}

/** The same bytes came again. @param at arrival; null: they are the newest, and nothing is to be told */
export async function markResent(trx: Transaction, source: string, id: number, at: string | null): Promise<void> {
  await trx.raw(
    `UPDATE landing.delivery SET resent_at = CASE WHEN id = :id THEN :at::timestamptz END
     WHERE source = :source AND (id = :id OR resent_at IS NOT NULL)`,
    { source, id, at } as never,
  );
}

/** A delivery that was landed before, by its bytes: how they were last read. */
export interface KnownDelivery {
  id: number;
  /** What decided how they were read; null where that is not known. */
  reading: Buffer | null;
  rows: number;
  counts: MergeCounts;
  /** Nothing newer was landed since. */
  latest: boolean;
  /** Moment of that picture, and of the newest one of the source. */
  asOf: string;
  newest: string;
  /** What of its notes still holds: who is missing could not be judged, and because of how many rows. */
  notJudged: { notJudged?: number; nameless?: number };
  /** How it was read then. */
  asRead: Record<string, string | number | string[]>;
}

/** What a reading notes of the bytes themselves, whatever else became of them. */
const AS_READ = ['file', 'format', 'encoding', 'sheet', 'headerRow', 'columns', 'ignoredColumns', 'droppedColumns'];

/**
 * Counts for a delivery whose exact bytes the source made before: when nothing newer came since, its rows are as they were; else the whole
 * is an old picture, a duplicate. @returns null for a delivery never seen
 */
export async function countsOfKnownDelivery(
  trx: Transaction,
  source: string,
  digest: Buffer,
): Promise<KnownDelivery | null> {
  const { rows } = await trx.raw(
    `SELECT id, reading, rows, counts, NOT EXISTS (SELECT 1 FROM landing.delivery n WHERE n.source = d.source AND n.id > d.id) AS latest,
            as_of AS "asOf", (SELECT max(n.as_of) FROM landing.delivery n WHERE n.source = d.source) AS newest,
            jsonb_strip_nulls(jsonb_build_object('notJudged', notes->'notJudged', 'nameless', notes->'nameless')) AS "notJudged",
            (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(notes) WHERE key = ANY(?::text[])) AS "asRead"
     FROM landing.delivery d WHERE source = ? AND digest = ? ORDER BY id DESC LIMIT 1`,
    [AS_READ, source, digest],
  );
  const known = rows[0] as KnownDelivery | undefined;
  if (!known) return null;
  const none = { accepted: 0, unchanged: 0, quarantined: 0, excluded: 0, duplicate: 0 };
  if (!known.latest) return { ...known, counts: { ...none, duplicate: known.rows } };
  const { accepted, unchanged, ...rest } = known.counts;
  return { ...known, counts: { ...none, ...rest, unchanged: accepted + unchanged } };
}

/** What became of a delivery once it is landed. */
export interface SettledDelivery {
  id: number;
  complete: boolean;
  rows: number;
  counts: MergeCounts;
  notes: Record<string, unknown>;
  reading: Buffer;
}

/** Rows and outcomes of deliveries that were landed together. */
export async function settleDeliveries(trx: Transaction, landed: readonly SettledDelivery[]): Promise<void> {
  const told = landed.map(({ reading, ...delivery }) => ({ ...delivery, reading: reading.toString('hex') }));
  await trx.raw(
    `UPDATE landing.delivery d SET complete = s.complete, rows = s.rows, counts = s.counts, notes = s.notes, reading = decode(s.reading, 'hex')
     FROM jsonb_to_recordset(?::jsonb) AS s (id bigint, complete boolean, rows bigint, counts jsonb, notes jsonb, reading text) WHERE d.id = s.id`,
    [storableJson(told)],
  );
}

/** A delivery that broke while it was read was never landed. */
export async function dropDelivery(trx: Transaction, id: number): Promise<void> {
  await trx.raw('DELETE FROM landing.delivery WHERE id = ?', [id]);
}

type Dated = Pick<Delivery, 'digest' | 'asOf' | 'objects'>;

/** With the names of the first and the last object: a file is one, a page walk or a bundle many. */
function older(source: string, { asOf, objects }: Omit<Dated, 'digest'>, landed: string): SourceError {
  const [first, ...more] = objects.map(({ name }) => name);
  const file = [first, ...more.slice(-1)].join(' … ');
  return new SourceError('delivery-older-than-landed', { source, file, asOf, landed });
}

/** These bytes were landed before, and a newer picture since. */
export async function isOldPicture(db: Database, source: string, digest: Buffer): Promise<boolean> {
  const { rows } = await db.raw(
    `SELECT EXISTS (SELECT 1 FROM landing.delivery d JOIN landing.delivery n ON n.source = d.source AND n.id > d.id
                    WHERE d.source = ? AND d.digest = ?) AS old`,
    [source, digest],
  );
  return rows[0].old;
}

/** Sources of a drop by the digest (hexadecimal) of their newest picture, where it is one of these and has at least a row. */
export async function newestPictures(
  db: Database,
  drop: string,
  digests: readonly Buffer[],
): Promise<Map<string, string[]>> {
  const { rows } = await db.raw(
    `SELECT encode(d.digest, 'hex') AS digest, array_agg(d.source ORDER BY d.source) AS sources FROM landing.delivery d
     WHERE d.digest = ANY(?::bytea[]) AND split_part(d.source, '/', 1) = ? AND d.rows > 0
       AND NOT EXISTS (SELECT 1 FROM landing.delivery n WHERE n.source = d.source AND n.id > d.id)
     GROUP BY d.digest`,
    [[...digests], drop],
  );
  return new Map((rows as { digest: string; sources: string[] }[]).map((row) => [row.digest, row.sources]));
}

/** The source landed a newer picture before, and these bytes never; `replaced` where a newer one was complete. null where it may be landed. */
export async function outdated(
  db: Database,
  source: string,
  delivery: Dated,
): Promise<{ fault: SourceError; replaced: boolean } | null> {
  const { digest, asOf } = delivery;
  const { rows } = await db.raw(
    `SELECT max(as_of) AS landed, bool_or(complete) AS replaced FROM landing.delivery WHERE source = ? AND as_of > ?
     HAVING max(as_of) IS NOT NULL AND NOT EXISTS (SELECT 1 FROM landing.delivery WHERE source = ? AND digest = ?)`,
    [source, asOf, source, digest],
  );
  return rows[0] ? { fault: older(source, delivery, rows[0].landed), replaced: rows[0].replaced } : null;
}

/** Moments of the newest picture that a source landed and of its newest complete one, and whether changed rows of it wait for another record; null before the first. */
export async function landedPicture(
  db: Database,
  source: string,
): Promise<{ asOf: string; completeAsOf: string | null; waiting: boolean } | null> {
  const { rows } = await db.raw(
    `SELECT max(as_of) AS "asOf", max(as_of) FILTER (WHERE complete) AS "completeAsOf",
            EXISTS (SELECT 1 FROM landing.pending p WHERE p.source = :source AND p.reviewing = '機構待審') AS waiting
     FROM landing.delivery WHERE source = :source HAVING count(*) > 0`,
    { source },
  );
  return rows[0] ?? null;
}

/** @returns its number. @throws SourceError `delivery-older-than-landed` (I4) */
export async function addDelivery(trx: Transaction, delivery: Delivery): Promise<number> {
  const { rows } = await trx.raw(
    'SELECT max(as_of) AS landed FROM landing.delivery WHERE source = ? HAVING max(as_of) > ?',
    [delivery.source, delivery.asOf],
  );
  if (rows.length > 0) throw older(delivery.source, delivery, rows[0].landed);
  const added = await trx.raw(
    'INSERT INTO landing.delivery (run_id, source, digest, as_of, complete, complete_by_default, objects, rows) VALUES (?, ?, ?, ?, ?, ?, ?, 0) RETURNING id',
    [
      delivery.runId,
      delivery.source,
      delivery.digest,
      delivery.asOf,
      delivery.complete,
      delivery.completeByDefault,
      delivery.objects.map((o) => o.id),
    ],
  );
  return added.rows[0].id;
}

/** Doubts of the newest picture of each source, counted per kind. */
export async function replaceWarnings(
  trx: Transaction,
  runId: number,
  warnings: ReadonlyMap<string, ReadonlyMap<string, number>>,
): Promise<void> {
  await trx('landing.warning')
    .whereIn('source', [...warnings.keys()])
    .delete();
  const rows = [...warnings].flatMap(([source, counts]) =>
    [...counts].map(([code, n]) => ({ source, code, rows: n, run_id: runId })),
  );
  if (rows.length > 0) await trx('landing.warning').insert(rows);
}
