/** What `mingce campaigns` answers with `--json`. */
import { z } from 'zod';
import { campaignSchema, PLAN_KINDS } from '../campaign.ts';
import { CAMPAIGN_STATES, WINDOW_STATES } from '../window-state.ts';

const moment = z.iso.datetime({ offset: true });
const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const text = z.strictObject({ zh: z.string(), en: z.string() });

const windowOf = z.strictObject({
  kind: z.enum(PLAN_KINDS),
  from: moment,
  through: moment,
  state: z.enum(WINDOW_STATES),
});

/** A planning year and where the moment stands to it. */
export const campaignLine = z.strictObject({
  id: z.string(),
  name: z.string(),
  state: z.enum(CAMPAIGN_STATES),
  cutOff: moment,
  /** Where the cut-off was moved: when it was before, and why. */
  moved: z.strictObject({ from: moment, reason: z.string() }).nullable(),
  windows: z.array(windowOf),
  /** The newest recorded version; null where nothing used the file yet. */
  version: z.int().positive().nullable(),
  /** The file differs from that version: it is recorded with the next run. */
  changed: z.boolean(),
  /** Papers that are 待補. */
  pending: z.array(z.string()),
  snapshots: z.array(z.string()),
});
export type CampaignLine = z.infer<typeof campaignLine>;
export const campaignList = z.strictObject({ at: moment, campaigns: z.array(campaignLine) });

export const campaignVersionLine = z.strictObject({
  version: z.int().positive(),
  hash,
  recordedAt: moment,
  /** A user, or `installation`. */
  recordedBy: z.string(),
  /** The run that used it first. */
  run: z.string().nullable(),
  /** Why the cut-off was let move although a snapshot of the former one stands. */
  approved: z.string().nullable(),
});
export type CampaignVersionLine = z.infer<typeof campaignVersionLine>;

/** `version` is null for the file as it is where it differs from the newest version. */
export const campaignShown = z.strictObject({
  version: z.int().positive().nullable(),
  hash,
  campaign: campaignSchema,
  versions: z.array(campaignVersionLine),
});
export type CampaignShown = z.infer<typeof campaignShown>;

export const campaignFinding = z.strictObject({
  campaign: z.string(),
  /** `error`: the year cannot be used so. `note`: to be looked at. */
  level: z.enum(['error', 'note']),
  /** Place in the file; null for the whole. */
  place: z.string().nullable(),
  text,
});
export type CampaignFinding = z.infer<typeof campaignFinding>;
export const campaignsChecked = z.strictObject({
  ok: z.boolean(),
  campaigns: z.array(z.string()),
  findings: z.array(campaignFinding),
});
export type CampaignsChecked = z.infer<typeof campaignsChecked>;

export const campaignCopied = z.strictObject({
  file: z.string(),
  from: z.string(),
  to: z.string(),
  /** What to look at before the year is used. */
  notes: z.array(text),
});
