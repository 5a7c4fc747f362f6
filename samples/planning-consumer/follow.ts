/** The whole of it in order: what is the latest → fetch → verify → replace → report. Run again it changes nothing. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { download, latest, RefusedError, report, type Server } from './api-client.ts';
import type { Imported, Roster } from './roster.ts';
import { verifyFolder } from './verify.ts';

export interface Wanted {
  campaign: string;
  kind: string;
  /** Public keys of the bureau, which came another way than the snapshots. */
  keys: Parameters<typeof verifyFolder>[1];
  /** Folder for what is fetched. */
  dir: string;
}

const PROOF = ['datapackage.json', 'datapackage.json.jws'];
/** Of the forms in which the rows come, the one that needs no reader of its own. */
const ROWS = /\.jsonl$/;

const tell = (server: Server, { id, fingerprint, imported, rejected }: Imported): Promise<void> =>
  report(server, id, {
    fingerprint,
    imported,
    rejected,
    reasons: rejected > 0 ? [{ code: 'required-value-missing', rows: rejected }] : [],
  });

/** @returns what stands afterwards. @throws RefusedError where what came is not to be imported; what stood before still stands */
export async function follow(server: Server, roster: Roster, { campaign, kind, keys, dir }: Wanted): Promise<Imported> {
  const snapshot = await latest(server, campaign, kind);
  const stands = roster.standing();
  if (stands?.fingerprint === snapshot.fingerprint) {
    // The last run may have been ended before it was reported.
    await tell(server, stands);
    return stands;
  }
  // Here a delta from `stands` would be asked for first, and the whole only where there is none.
  const rows = snapshot.files.find((file) => ROWS.test(file.path));
  if (!rows) throw new RefusedError(`${snapshot.id} has no file of JSON lines`);
  const folder = path.join(dir, snapshot.id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const file of snapshot.files) {
    if (file !== rows && !PROOF.includes(file.path)) continue;
    await download(server, file, path.join(folder, file.path));
  }
  try {
    const asked = { id: snapshot.id, campaign, kind };
    const manifest = await verifyFolder(folder, keys, asked, [rows.path]);
    const fields = manifest.resources.find((r) => r.path === rows.path)?.schema?.fields ?? [];
    const imported = await roster.replace(manifest, path.join(folder, rows.path), fields);
    await tell(server, imported);
    return imported;
  } finally {
    // Rows of people lie nowhere but in the roster; what was refused is fetched anew.
    await rm(folder, { recursive: true, force: true });
  }
}
