/** Stored snapshots as the API describes them: without their manifests, which grow with the city. */
import type { PlanKind } from '../schemas/campaign.ts';
import type { CoverageStatus } from '../schemas/snapshot.ts';
import type { Database } from './connect.ts';
import { SEALED_EXTRA_BYTES } from './keyring.ts';
import { HANDED_OUT } from './snapshots.ts';

export interface DescribedFile {
  path: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
  /** Of the resources of the manifest; null for the manifest itself, its signature and keys. */
  rows: number | null;
  mediaType: string | null;
}
export interface DescribedSnapshot {
  id: string;
  campaign: string;
  kind: PlanKind;
  version: number;
  cutOff: string;
  recordedThrough: string;
  createdAt: string;
  /** The version that it corrects. */
  corrects: string | null;
  /** Its rows are gone for good; its manifest stays. */
  shreddedAt: string | null;
  fingerprint: string;
  coverage: Record<CoverageStatus, number>;
  files: DescribedFile[];
}

export interface Wanted {
  kinds: readonly PlanKind[];
  id?: string | undefined;
  campaign?: string | undefined;
  cutOff?: string | undefined;
}

/** By campaign and kind, newest version first. */
export async function describeSnapshots(
  db: Database,
  {
    kinds,
    id = null,
    campaign = null,
    cutOff = null,
  }: { [K in keyof Wanted]: Wanted[K] | null } & Pick<Wanted, 'kinds'>,
): Promise<DescribedSnapshot[]> {
  const { rows } = await db.raw(
    `SELECT s.id, s.campaign, s.kind, s.version, s.cut_off AS "cutOff", s.recorded_through AS "recordedThrough", s.created_at AS "createdAt",
            s.corrects, (SELECT k.destroyed_at FROM ops.snapshot_key k WHERE k.snapshot_id = s.id) AS "shreddedAt",
            s.manifest -> 'mingce' ->> 'fingerprint' AS fingerprint,
            (SELECT jsonb_object_agg(status, coalesce((s.manifest -> 'mingce' -> 'counts' ->> status)::int, 0))
             FROM unnest(ARRAY['fresh', 'carried-forward', 'held', 'never-received']) AS status) AS coverage,
            (SELECT jsonb_agg(jsonb_build_object('path', f.path, 'bytes', f.bytes, 'sha256', f.sha256,
                                                 'rows', r.resource -> 'rows', 'mediaType', r.resource -> 'mediatype') ORDER BY f.path COLLATE "C")
             FROM ops.snapshot_file f
             LEFT JOIN LATERAL (SELECT resource FROM jsonb_array_elements(s.manifest -> 'resources') AS resource
                                WHERE resource ->> 'path' = f.path LIMIT 1) r ON true
             WHERE f.snapshot_id = s.id AND f.seq = 0 AND ${HANDED_OUT}) AS files
     FROM ops.snapshot s
     WHERE s.kind = ANY (CAST(:kinds AS text[])) AND (CAST(:id AS text) IS NULL OR s.id = :id)
       AND (CAST(:campaign AS text) IS NULL OR s.campaign = :campaign)
       AND (CAST(:cutOff AS timestamptz) IS NULL OR s.cut_off = CAST(:cutOff AS timestamptz))
     ORDER BY s.campaign DESC, s.kind, s.version DESC`,
    { kinds: [...kinds], id, campaign, cutOff },
  );
  return rows;
}

export interface FileToSend {
  path: string;
  bytes: number;
  sha256: string;
  mediaType: string | null;
  /** Bytes as stored, compressed with zstd. */
  stored: number;
}

/** A stored file never changes, so what this says may be kept; whether its rows were shredded since, it does not say. */
export async function findFile(db: Database, id: string, path: string): Promise<FileToSend | undefined> {
  const { rows } = await db.raw(
    `SELECT f.path, f.bytes, f.sha256, (f.size - f.chunks * :extra)::int8 AS stored,
            (SELECT resource ->> 'mediatype' FROM ops.snapshot s, jsonb_array_elements(s.manifest -> 'resources') AS resource
             WHERE s.id = :id AND resource ->> 'path' = f.path LIMIT 1) AS "mediaType"
     FROM (SELECT path, min(bytes) AS bytes, min(sha256) AS sha256, sum(octet_length(body)) AS size, count(*) AS chunks
           FROM ops.snapshot_file WHERE snapshot_id = :id AND path = :path GROUP BY path) f
     WHERE ${HANDED_OUT}`,
    { id, path, extra: SEALED_EXTRA_BYTES },
  );
  return rows[0];
}
