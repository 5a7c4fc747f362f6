/** Files that lie in inboxes on servers: when each was first seen as it is. One that is gone, or another one now, is forgotten. */
import type { Database } from '../connect.ts';

export interface SeenFile {
  /** Milliseconds since 1970. */
  arrived: number;
  counts: boolean;
  unchangedFor: number;
}

export interface Look {
  source: string;
  /** What stands for each file that lies there: path, size, modification time. */
  files: readonly Buffer[];
  /** Moment of the look: what was not seen before arrived then. */
  at: string;
  /** Which of them count: what arrived before this moment, and, if it is that of the look, what was first seen at it. */
  until: string;
  /** It speaks for a moment that has passed: what was not seen before did not lie there then, and is not written down. */
  past: boolean;
}

/** @returns one for each file, in the order given; null for one that a look into the past sees for the first time */
export async function seeFiles(db: Database, { source, files, at, until, past }: Look): Promise<(SeenFile | null)[]> {
  return db.transaction(async (trx) => {
    // A run and a look between runs may meet: one after the other.
    await trx.raw(`SELECT pg_advisory_xact_lock(hashtextextended('sights of ' || ?, 0))`, [source]);
    const all = { source, files: [...files], at, until, past } as never;
    await trx.raw('DELETE FROM landing.sight WHERE source = :source AND file <> ALL(:files::bytea[])', all);
    await trx.raw(
      `INSERT INTO landing.sight (source, file, seen_at)
       SELECT :source, file, :at::timestamptz FROM (SELECT DISTINCT unnest(:files::bytea[]) AS file) AS f WHERE NOT :past
       ON CONFLICT DO NOTHING`,
      all,
    );
    const { rows } = await trx.raw(
      `SELECT floor(extract(epoch FROM s.seen_at) * 1000)::double precision AS arrived,
              s.seen_at < :until::timestamptz OR (NOT :past AND s.seen_at = :until::timestamptz AND s.seen_at = :at::timestamptz) AS counts,
              greatest(0, extract(epoch FROM clock_timestamp() - s.looked_at) * 1000)::double precision AS "unchangedFor"
       FROM unnest(:files::bytea[]) WITH ORDINALITY AS f (file, nth)
       LEFT JOIN landing.sight s ON s.source = :source AND s.file = f.file ORDER BY f.nth`,
      all,
    );
    return rows.map((row: SeenFile & { arrived: number | null }) => (row.arrived === null ? null : row));
  });
}

/** What we removed from there ourselves: the same put there again arrives again. */
export async function forgetFiles(db: Database, source: string, files: readonly Buffer[]): Promise<void> {
  await db.raw('DELETE FROM landing.sight WHERE source = ? AND file = ANY(?::bytea[])', [source, [...files]]);
}
