/** The whole of it in order: what is the latest → fetch what differs, or the whole → verify → take over → report. Run again it changes nothing. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Described, download, fetchDelta, latest, RefusedError, report, type Server } from './api-client.ts';
import { readDelta } from './delta.ts';
import type { Imported, Roster, Signed } from './roster.ts';
import { verifyFolder } from './verify.ts';

export interface Wanted {
  campaign: string;
  kind: string;
  /** Public keys of the bureau, which came another way than the snapshots. */
  keys: Parameters<typeof verifyFolder>[1];
  /** Folder for what is fetched. */
  dir: string;
  /** Take the latest whole, also where what differs would do. */
  whole?: boolean;
}

const PROOF = ['datapackage.json', 'datapackage.json.jws'];
/** Of the forms in which the rows come, the one that needs no reader of its own. */
const ROWS = /\.jsonl$/;
const DELTA = 'delta.jsonl';

const tell = (server: Server, { id, fingerprint, imported, rejected }: Imported): Promise<void> =>
  report(server, id, {
    fingerprint,
    imported,
    rejected,
    reasons: rejected > 0 ? [{ code: 'required-value-missing', rows: rejected }] : [],
  });

/** What was signed of the snapshot: its manifest is fetched and proven, and of its files those that are named. */
async function fetchSigned(
  server: Server,
  folder: string,
  snapshot: Described,
  wanted: Wanted,
  taken: readonly string[],
) {
  for (const file of snapshot.files) {
    if (!taken.includes(file.path) && !PROOF.includes(file.path)) continue;
    await download(server, file, path.join(folder, file.path));
  }
  const { campaign, kind, keys } = wanted;
  const manifest = await verifyFolder(folder, keys, { id: snapshot.id, campaign, kind }, taken);
  const source = manifest.resources.find((r) => ROWS.test(r.path));
  if (!source) throw new RefusedError(`${snapshot.id} has no file of JSON lines`);
  const { hash, rows, schema } = source;
  return { source, signed: { manifest, fields: schema?.fields ?? [], rows, hash } satisfies Signed };
}

/** By what differs from the snapshot that stands; null where there is no delta between the two. */
async function byDelta(server: Server, roster: Roster, folder: string, snapshot: Described, wanted: Wanted) {
  const stands = roster.standing();
  if (stands === null) return null;
  const file = path.join(folder, DELTA);
  if (!(await fetchDelta(server, snapshot.id, stands.id, file))) return null;
  const { signed } = await fetchSigned(server, folder, snapshot, wanted, []);
  return roster.apply(signed, readDelta(file, stands.fingerprint, snapshot.fingerprint));
}

async function byWhole(server: Server, roster: Roster, folder: string, snapshot: Described, wanted: Wanted) {
  const rows = snapshot.files.find((file) => ROWS.test(file.path));
  if (!rows) throw new RefusedError(`${snapshot.id} has no file of JSON lines`);
  const { source, signed } = await fetchSigned(server, folder, snapshot, wanted, [rows.path]);
  return roster.replace(signed, path.join(folder, source.path));
}

/** @returns what stands afterwards. @throws RefusedError where what came is not to be imported; what stood before still stands */
export async function follow(server: Server, roster: Roster, wanted: Wanted): Promise<Imported> {
  const snapshot = await latest(server, wanted.campaign, wanted.kind);
  const stands = roster.standing();
  if (stands?.fingerprint === snapshot.fingerprint) {
    // The last run may have been ended before it was reported.
    await tell(server, stands);
    return stands;
  }
  const folder = path.join(wanted.dir, snapshot.id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Rows of people lie nowhere but in the roster; what was refused is fetched anew. What a broken connection brought stays, and is gone on with.
  const clear = () => rm(folder, { recursive: true, force: true });
  try {
    const differing = wanted.whole ? null : await byDelta(server, roster, folder, snapshot, wanted);
    const imported = differing ?? (await byWhole(server, roster, folder, snapshot, wanted));
    await clear();
    await tell(server, imported);
    return imported;
  } catch (error) {
    if (error instanceof RefusedError) await clear();
    throw error;
  }
}
