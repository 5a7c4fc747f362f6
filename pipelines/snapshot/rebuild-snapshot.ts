/**
 * A stored snapshot made again from the warehouse: the campaign as recorded then, what was recorded until its moment, the key that signed it. Every byte must be the
 * same, for as long as the history is kept. Nothing of it is stored.
 */
import { createHash } from 'node:crypto';
import { SIGNATURE_PATH, type SnapshotRebuilt } from '../../schemas/snapshot.ts';
import { campaignVersion } from '../../warehouse/campaign-versions.ts';
import type { Transaction } from '../../warehouse/connect.ts';
import { heldHorizon, refuseForgottenSnapshot } from '../../warehouse/history/horizon.ts';
import { type OpenSink, spillsOf } from '../../warehouse/snapshot-file-sink.ts';
import { listStoredFiles, readSnapshotFile, type StoredFile, type StoredSnapshot } from '../../warehouse/snapshots.ts';
import { taipeiMoments } from '../../warehouse/views/snapshot-run.ts';
import type { PipelineContext } from '../context.ts';
import { storedSnapshot } from './list-snapshots.ts';
import { composeSnapshot } from './make-snapshot.ts';
import { signAgain } from './sign-manifest.ts';
import { signerOf } from './signature.ts';

/** Sinks that keep nothing but what a file would be. */
const measuring =
  (made: Map<string, StoredFile>): OpenSink =>
  (path) => {
    const digest = createHash('sha256');
    let bytes = 0;
    return {
      write: async (piece) => {
        digest.update(piece);
        bytes += piece.length;
      },
      end: async () => {
        const file = { path, bytes, sha256: digest.digest('hex') };
        made.set(path, file);
        return file;
      },
      abandon: () => undefined,
    };
  };

async function signatureOf({ db, keyring }: PipelineContext, id: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readSnapshotFile(db, keyring, id, SIGNATURE_PATH)) pieces.push(piece);
  return Buffer.concat(pieces).toString('latin1');
}

async function compose(
  ctx: PipelineContext,
  trx: Transaction,
  stored: StoredSnapshot,
): Promise<Map<string, StoredFile>> {
  const { id, manifest, kind, version } = stored;
  const recorded = await campaignVersion(trx, stored.campaign, stored.campaign_version);
  if (recorded === undefined)
    throw new Error(`version ${stored.campaign_version} of campaign ${stored.campaign} is not recorded`);
  const kid = signerOf(await signatureOf(ctx, id));
  if (kid === null) throw new Error(`the signature of ${id} names no key`);
  const { run, correction } = manifest.mingce;
  const made = new Map<string, StoredFile>();
  const plan = {
    campaign: recorded.body,
    campaignVersion: recorded,
    kind,
    version,
    correction,
    moments: await taipeiMoments(trx, { cutOff: stored.cut_off, through: stored.recorded_through }),
    run: { id: Number(run.id), kind: run.kind, clock: run.clock },
    automatic: stored.automatic,
  };
  await composeSnapshot(ctx, trx, plan, {
    open: measuring(made),
    // Its rows wait under another name: those of the stored one never change.
    spill: spillsOf(trx, ctx.keyring, `${id}.rebuilt`),
    sign: (bytes) => signAgain(trx, ctx.keyring, bytes, kid),
  });
  return made;
}

/** @throws SnapshotError `unknown-snapshot`; HistoryForgottenError */
export async function rebuildSnapshot(ctx: PipelineContext, id: string): Promise<SnapshotRebuilt> {
  const stored = await storedSnapshot(ctx, id);
  const trx = await ctx.db.transaction();
  try {
    await heldHorizon(trx);
    await refuseForgottenSnapshot(trx, { id, cutOff: stored.cut_off, run: Number(stored.manifest.mingce.run.id) });
    const made = await compose(ctx, trx, stored);
    const files = await listStoredFiles(ctx.db, id);
    const paths = [...new Set([...files.map((f) => f.path), ...made.keys()])].sort();
    const compared = paths.map((path) => {
      const [before, now] = [files.find((f) => f.path === path), made.get(path)];
      const sha256 = (file: StoredFile | undefined): string | null => (file ? `sha256:${file.sha256}` : null);
      return { path, ok: before?.sha256 === now?.sha256, stored: sha256(before), rebuilt: sha256(now) };
    });
    return { id, ok: compared.every(({ ok }) => ok), files: compared };
  } finally {
    await trx.rollback();
  }
}
