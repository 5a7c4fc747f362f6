/** A further version of what stands needs a name and a reason (R24). Without either nobody makes one, and where nothing differs there is none. */
import type { SnapshotCorrection, SnapshotManifest } from '../../schemas/snapshot.ts';
import type { ActingUser } from '../../schemas/users.ts';
import { appendAudit } from '../../warehouse/audit.ts';
import type { Transaction } from '../../warehouse/connect.ts';
import { holdToRole } from '../../warehouse/hold-to-role.ts';
import { newestOf } from '../../warehouse/snapshots.ts';
import { canonicalJson } from './canonical-json.ts';
import { SnapshotError } from './snapshot-error.ts';

/** Somebody of the bureau asks for it. */
export interface CorrectionRequest {
  by: ActingUser;
  reason: string;
  /** ISO moment of the approval. */
  at: string;
}

/** Thrown to take the transaction back: the version that would come is the one that stands. */
export class NothingDiffers extends Error {
  readonly id: string;
  constructor(id: string) {
    super(`nothing differs from ${id}`);
    this.id = id;
  }
}

/** What a consumer would see of it: rows, scope, campaign. What only tells when it was looked at (run, recorded moment, how fresh a source is) is no difference. */
function contentOf({ resources, mingce }: SnapshotManifest): string {
  const units = (list: readonly { code: string; section: string }[]) => list.map((i) => `${i.code}:${i.section}`);
  return canonicalJson({
    rows: resources.find(({ path }) => path === `${mingce.kind}.csv`)?.hash,
    campaign: mingce.campaign.hash,
    cutOff: mingce.cutOff,
    inside: units(mingce.coverage),
    excluded: units(mingce.excluded),
    notAddressed: units(mingce.notAddressed),
  });
}

/** Pure. @param next the same kind of the same campaign */
export const nothingDiffers = (stands: SnapshotManifest, next: SnapshotManifest): boolean =>
  contentOf(stands) === contentOf(next);

/**
 * First in the transaction of a correction: who asks may, and there is something to correct.
 * @param standing the newest version of the cut-off; null where none of it stands, so that the newest of the kind is corrected
 * @throws SnapshotError `nothing-to-correct`, UserRefusedError
 */
export async function correctionOf(
  trx: Transaction,
  { by, reason, at }: CorrectionRequest,
  { campaign, kind, standing }: { campaign: string; kind: SnapshotManifest['mingce']['kind']; standing: string | null },
): Promise<SnapshotCorrection> {
  await holdToRole(trx, by, ['bureau']);
  const of = standing ?? (await newestOf(trx, campaign, kind));
  if (of === null) {
    throw new SnapshotError(
      'nothing-to-correct',
      `there is no ${kind} of campaign ${campaign} yet: expected no --reason and --as, the first version needs none`,
    );
  }
  return { of, by: by.name, reason, at };
}

/** Last in it: who let the version be made, and why. */
export async function tellCorrection(
  trx: Transaction,
  { of, by, reason, at }: SnapshotCorrection,
  { id, cutOff, campaignVersion }: { id: string; cutOff: string; campaignVersion: number },
): Promise<void> {
  await appendAudit(trx, {
    at,
    actor: by,
    action: 'snapshot-corrected',
    subject: `snapshot:${id}`,
    detail: { corrects: of, reason, cutOff, campaignVersion },
  });
}
