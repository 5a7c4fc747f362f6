/**
 * Fencing: a job that was thought dead may still be running. Every claim raises an epoch; every transaction of the holder checks its
 * epoch FOR SHARE, so that a later claim waits for it or makes it fail, and the old holder can never write after the new one began.
 */
import type { Transaction } from './connect.ts';

/** The run or source was claimed by somebody else since: stop, change nothing. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

export interface RunClaim {
  runId: number;
  epoch: number;
}
export interface SourceClaim extends RunClaim {
  source: string;
}

/** @throws FencedError */
export async function checkRunFence(trx: Transaction, claim: RunClaim): Promise<void> {
  const { rows } = await trx.raw('SELECT 1 FROM ops.run WHERE id = ? AND epoch = ? FOR SHARE', [
    claim.runId,
    claim.epoch,
  ]);
  if (rows.length === 0) throw new FencedError(`run ${claim.runId} was taken over (epoch ${claim.epoch} is past)`);
}

/** @throws FencedError naming the first source that somebody else took over */
export async function checkSourceFences(trx: Transaction, claims: readonly SourceClaim[]): Promise<void> {
  const [first] = claims;
  if (!first) return;
  const { rows } = await trx.raw(
    `SELECT source FROM ops.run_source s WHERE run_id = ? AND status = 'waiting' AND (source, epoch) IN (
       SELECT * FROM unnest(?::text[], ?::integer[])) FOR SHARE`,
    [first.runId, claims.map((c) => c.source), claims.map((c) => c.epoch)],
  );
  const held = new Set((rows as { source: string }[]).map((r) => r.source));
  const lost = claims.find((c) => !held.has(c.source));
  if (lost) throw new FencedError(`source ${lost.source} of run ${lost.runId} was taken over`);
}
