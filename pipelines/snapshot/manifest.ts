/**
 * The manifest: a Frictionless Data Package v2 with a block of our own: legal basis (R01), who is addressed and who is not (R04), when the plan is open
 * (R27, R29; the planning systems open and close) and whom to ask (R31). No time of making and no chance in it: the same snapshot, the same bytes.
 */
import type { Campaign, PlanKind, SnapshotFormat } from '../../schemas/campaign.ts';
import {
  COVERAGE,
  type CoverageEntry,
  type SnapshotCorrection,
  type SnapshotManifest,
  snapshotManifest,
} from '../../schemas/snapshot.ts';
import type { CampaignVersion } from '../../warehouse/campaign-versions.ts';
import { fingerprintOf } from './canonical-json.ts';
import type { PlanSpec } from './columns.ts';
import type { Exported } from './exporters/exporter.ts';
import { resourceOf } from './formats.ts';
import type { OutsideReason, Placed, Scope } from './scope.ts';

const PROFILE = 'https://datapackage.org/profiles/2.0';

export interface ManifestParts {
  id: string;
  campaign: Campaign;
  kind: PlanKind;
  version: number;
  campaignVersion: Pick<CampaignVersion, 'version' | 'hash'>;
  correction: SnapshotCorrection | null;
  cutOff: string;
  recordedThrough: string;
  validOn: string;
  run: { id: number; kind: string; clock: string };
  spec: PlanSpec<never>;
  /** In the order of the formats. */
  files: readonly (Exported & { format: SnapshotFormat })[];
  rows: number;
  counts: Record<string, number>;
  scope: Scope;
  coverage: CoverageEntry[];
}

const outside = ({ institution, notes, reason }: Placed & { reason: OutsideReason }) => ({
  code: institution.code,
  section: institution.section,
  name: institution.name,
  reason,
  notes,
});

export function buildManifest(parts: ManifestParts): SnapshotManifest {
  const { campaign, kind } = parts;
  const tally = COVERAGE.map((status) => [status, parts.coverage.filter((c) => c.status === status).length] as const);
  const manifest = {
    $schema: `${PROFILE}/datapackage.json`,
    name: parts.id,
    title: `${campaign.name} ${parts.spec.title}`,
    resources: parts.files.map((file) => resourceOf(parts.spec, file.format, file)),
    mingce: {
      campaign: {
        id: campaign.id,
        name: campaign.name,
        version: parts.campaignVersion.version,
        hash: parts.campaignVersion.hash,
      },
      kind,
      version: parts.version,
      correction: parts.correction,
      legalBasis: campaign.legalBasis,
      purpose: campaign.plans[kind].purpose,
      consumers: campaign.plans[kind].consumers,
      cutOff: parts.cutOff,
      moved: campaign.moved ?? [],
      recordedThrough: parts.recordedThrough,
      validOn: parts.validOn,
      run: { ...parts.run, id: String(parts.run.id) },
      window: campaign.plans[kind].window,
      contacts: campaign.contacts,
      counts: { rows: parts.rows, ...parts.counts, ...Object.fromEntries(tally) },
      coverage: parts.coverage,
      excluded: parts.scope.excluded.map(outside),
      notAddressed: parts.scope.notAddressed.map(outside),
    },
  };
  return snapshotManifest.parse({
    ...manifest,
    mingce: { ...manifest.mingce, fingerprint: fingerprintOf(manifest) },
  });
}
