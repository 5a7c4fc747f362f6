/** The JSON Schemas that others may rely on, made from the same zod schemas that parse and type our own values. */
import { z } from 'zod';
import { CONTRACTS } from '../contracts.ts';
import { dueShredded, snapshotCreated, snapshotExported, snapshotList, snapshotManifest } from '../snapshot.ts';
import { deltaHead, deltaOperation, snapshotDifference } from '../snapshot-delta.ts';
import { accountDone, accountRequests } from './account-requests.ts';
import { auditVerified } from './audit-verified.ts';
import { campaignCopied, campaignList, campaignShown, campaignsChecked } from './campaigns.ts';
import { consumerLine, consumerList, outdatedList, tokenList } from './consumers.ts';
import { doctorReport } from './doctor.ts';
import { exceptionList } from './exceptions.ts';
import { explanation, thingExplained } from './explanation.ts';
import { holdList } from './holds.ts';
import { manualValueList } from './manual-values.ts';
import { personExport } from './person-export.ts';
import { correctionExported, quarantineList } from './quarantine.ts';
import { receiptList } from './receipt.ts';
import { runReport } from './report.ts';
import { reviewList, reviewMatter } from './review.ts';
import { roster } from './roster.ts';
import { runDetail, runList } from './run-list.ts';
import { signingKeyLine, signingKeyList } from './signing-keys.ts';
import { snapshotPreview } from './snapshot-preview.ts';
import { syncAnswer } from './sync-result.ts';
import { userList } from './user-list.ts';

interface Published {
  schema: z.ZodType;
  title: string;
}

const PUBLISHED: Readonly<Record<string, Published>> = {
  'sync-result': { schema: syncAnswer, title: 'mingce sync --json' },
  'run-list': { schema: runList, title: 'mingce runs --json' },
  'run-detail': { schema: runDetail, title: 'mingce runs RUN --json' },
  'run-report': { schema: runReport, title: 'mingce report --format json' },
  explanation: { schema: explanation, title: 'mingce explain person ID --json' },
  'explanation-of-thing': { schema: thingExplained, title: 'mingce explain institution CODE --json, and account' },
  'person-export': { schema: personExport, title: 'mingce explain person ID --export' },
  'quarantine-list': { schema: quarantineList, title: 'mingce quarantine list --json' },
  'correction-exported': { schema: correctionExported, title: 'mingce quarantine export --json' },
  'hold-list': { schema: holdList, title: 'mingce holds --json, and approve and discard' },
  'account-requests': { schema: accountRequests, title: 'mingce accounts requests --format json' },
  'account-done': { schema: accountDone, title: 'mingce accounts done --json' },
  'manual-value-list': { schema: manualValueList, title: 'mingce values list --json' },
  'exception-list': { schema: exceptionList, title: 'mingce exceptions list --json' },
  'review-list': { schema: reviewList, title: 'mingce review list --json' },
  'review-matter': { schema: reviewMatter, title: 'mingce review show --json' },
  'receipt-list': { schema: receiptList, title: 'mingce receipt --json' },
  'audit-verified': { schema: auditVerified, title: 'mingce audit verify --json' },
  roster: { schema: roster, title: 'mingce roster --format json' },
  'signing-key-list': { schema: signingKeyList, title: 'mingce keys list --json' },
  'signing-key': { schema: signingKeyLine, title: 'mingce keys rotate --json' },
  'user-list': { schema: userList, title: 'mingce users list --json' },
  'token-list': { schema: tokenList, title: 'mingce tokens list --json' },
  'consumer-list': { schema: consumerList, title: 'mingce consumers list --json' },
  consumer: { schema: consumerLine, title: 'mingce consumers show --json' },
  'consumers-outdated': { schema: outdatedList, title: 'mingce consumers outdated --json' },
  'doctor-report': { schema: doctorReport, title: 'mingce doctor --json' },
  'campaign-list': { schema: campaignList, title: 'mingce campaigns list --json' },
  'campaign-shown': { schema: campaignShown, title: 'mingce campaigns show ID --json' },
  'campaigns-checked': { schema: campaignsChecked, title: 'mingce campaigns check --json' },
  'campaign-copied': { schema: campaignCopied, title: 'mingce campaigns copy FROM TO --json' },
  'snapshot-difference': { schema: snapshotDifference, title: 'mingce snapshot diff --json' },
  'snapshot-delta-head': { schema: deltaHead, title: 'first line of a delta' },
  'snapshot-delta-operation': { schema: deltaOperation, title: 'every further line of a delta' },
  'snapshot-preview': { schema: snapshotPreview, title: 'mingce snapshot preview --json' },
  'snapshot-list': { schema: snapshotList, title: 'mingce snapshot list --json' },
  'snapshot-created': { schema: snapshotCreated, title: 'mingce snapshot create --json' },
  'snapshots-due': { schema: dueShredded, title: 'mingce snapshot shred --due --json' },
  'snapshot-exported': { schema: snapshotExported, title: 'mingce snapshot export --json' },
  'snapshot-manifest': { schema: snapshotManifest, title: 'datapackage.json of a snapshot' },
  ...Object.fromEntries(
    Object.entries(CONTRACTS).map(([type, schema]) => [
      `contract-${type}`,
      { schema, title: `what a source of type ${type} hands over` },
    ]),
  ),
};

/** Keys sorted, so that the same schema always gives the same bytes. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** @returns file name in `schemas/published/` → the schema */
export function publishedSchemas(): Map<string, unknown> {
  return new Map(
    Object.entries(PUBLISHED).map(([name, { schema, title }]) => [
      `${name}.schema.json`,
      sorted({ ...z.toJSONSchema(schema, { target: 'draft-2020-12' }), title }),
    ]),
  );
}
