/** Who has which snapshot, and who has one that was corrected since (R24; 個人資料保護法 §11: whoever was given data that were corrected is told). */
import type { ConsumerLine, OutdatedLine } from '../../schemas/outputs/consumers.ts';
import { PROOF_PATHS } from '../../schemas/snapshot.ts';
import type { Database } from '../connect.ts';

/** What holds no data of people. */
const PACKAGING = [...PROOF_PATHS];

/** By name. @param now ISO moment @param consumer that one only */
export async function listConsumers(
  db: Database,
  now: string,
  consumer: string | null = null,
): Promise<ConsumerLine[]> {
  const { rows } = await db.raw(
    `WITH fetched AS (
       SELECT consumer, snapshot_id, count(*)::int AS fetches, array_agg(DISTINCT path ORDER BY path) AS files,
              bool_or(path <> ALL (CAST(:packaging AS text[]))) AS data, min(at) AS first_at, max(at) AS last_at
       FROM ops.consumer_fetch GROUP BY consumer, snapshot_id
     ), said AS (
       SELECT DISTINCT ON (consumer, snapshot_id) consumer, snapshot_id, at, imported, rejected, reasons
       FROM ops.consumer_receipt ORDER BY consumer, snapshot_id, id DESC
     ), received AS (
       SELECT consumer, jsonb_agg(jsonb_build_object(
                'snapshot', snapshot_id, 'fetches', coalesce(f.fetches, 0), 'files', coalesce(to_jsonb(f.files), '[]'), 'data', coalesce(f.data, false),
                'firstAt', f.first_at, 'lastAt', f.last_at,
                'receipt', CASE WHEN s.at IS NOT NULL THEN jsonb_build_object('at', s.at, 'imported', s.imported, 'rejected', s.rejected, 'reasons', s.reasons) END)
              ORDER BY p.campaign, p.kind, p.version) AS received
       FROM fetched f FULL JOIN said s USING (consumer, snapshot_id) JOIN ops.snapshot p ON p.id = snapshot_id GROUP BY consumer
     )
     SELECT t.consumer, count(*) FILTER (WHERE t.counts)::int AS tokens,
            coalesce((SELECT array_agg(DISTINCT kind ORDER BY kind) FROM ops.api_token o, unnest(o.kinds) AS kind
                      WHERE o.consumer = t.consumer AND o.revoked_at IS NULL AND o.expires_at > CAST(:now AS timestamptz)), '{}') AS kinds,
            max(t.last_used_at) AS "lastUsedAt", coalesce((SELECT received FROM received r WHERE r.consumer = t.consumer), '[]') AS received
     FROM (SELECT *, revoked_at IS NULL AND expires_at > CAST(:now AS timestamptz) AS counts FROM ops.api_token) t
     WHERE CAST(:consumer AS text) IS NULL OR t.consumer = :consumer
     GROUP BY t.consumer ORDER BY t.consumer COLLATE "C"`,
    { now, consumer, packaging: PACKAGING },
  );
  return rows;
}

/** Whoever was handed data of a snapshot of which a newer version stands: of the same cut-off, or one that corrects it where the cut-off was moved. */
export async function listOutdated(db: Database): Promise<OutdatedLine[]> {
  const { rows } = await db.raw(
    `WITH fetched AS (
       SELECT consumer, snapshot_id, max(at) AS last_at FROM ops.consumer_fetch
       WHERE path <> ALL (CAST(:packaging AS text[])) GROUP BY consumer, snapshot_id
     )
     SELECT f.consumer, f.snapshot_id AS snapshot, f.last_at AS "lastAt", newer.id AS newer, newer.created_at AS "newerAt",
            EXISTS (SELECT 1 FROM fetched g WHERE g.consumer = f.consumer AND g.snapshot_id = newer.id) AS "fetchedNewer"
     FROM fetched f JOIN ops.snapshot s ON s.id = f.snapshot_id
     CROSS JOIN LATERAL (
       WITH RECURSIVE later AS (
         SELECT s.id, s.cut_off, s.version
         UNION
         SELECT n.id, n.cut_off, n.version FROM later l JOIN ops.snapshot n
           ON n.campaign = s.campaign AND n.kind = s.kind AND n.version > l.version AND (n.cut_off = l.cut_off OR n.corrects = l.id)
       )
       SELECT n.id, n.created_at FROM later JOIN ops.snapshot n USING (id) WHERE n.id <> s.id ORDER BY n.version DESC LIMIT 1) newer
     ORDER BY s.campaign, s.kind, s.version, f.consumer COLLATE "C"`,
    { packaging: PACKAGING },
  );
  return rows;
}
