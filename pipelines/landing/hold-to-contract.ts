import { RECORD_KINDS } from '../../schemas/records.ts';
import { SourceError } from '../../schemas/source-error.ts';
import type { Transaction } from '../../warehouse/connect.ts';
import { keepShape, rejectStaged, retellDrift } from '../../warehouse/landing/shapes.ts';
import type { Verdict } from './contract-gate.ts';
import type { StagedSource } from './stage-writer.ts';

/**
 * What comes of a delivery as a whole, before anything of it is merged; no COPY may be open. Its shape is kept also where it is refused: that is what a
 * person then looks at. A replay never changes the accepted shape. @throws SourceError `delivery-drifted`
 */
export async function holdToContract(
  trx: Transaction,
  { everyRow, refused, accepted, observed, drift }: Verdict,
  { runId, replay, ...delivery }: { source: string; runId: number; complete: boolean; digest: Buffer; replay: boolean },
  staged: StagedSource,
): Promise<void> {
  const { source } = delivery;
  if (replay) await retellDrift(trx, { ...delivery, observed, drift });
  else await keepShape(trx, { ...delivery, runId, accepted, observed, drift });
  if (refused) throw new SourceError('delivery-drifted', { source, changes: drift.length });
  for (const kind of RECORD_KINDS) {
    const issue = everyRow[kind];
    if (issue === undefined || !staged.kinds.delete(kind)) continue;
    staged.rejected += await rejectStaged(trx, source, kind, issue);
  }
}
