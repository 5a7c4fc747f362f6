/** What the snapshot API asks for and answers, version 1. The same schemas check both, and make its OpenAPI document. */
import { z } from 'zod';
import { PLAN_KINDS } from './campaign.ts';
import { COVERAGE, SNAPSHOT_ID } from './snapshot.ts';
import { WINDOW_STATES } from './window-state.ts';

const count = z.int().nonnegative();
const moment = z.iso.datetime({ offset: true });
const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const planKind = z.enum(PLAN_KINDS);
const campaignId = z.string().regex(/^\d{3}$/, 'expected a planning year such as 113');
const address = z.string();

export const apiSnapshot = z.strictObject({
  id: z.string().regex(SNAPSHOT_ID),
  campaign: z.string(),
  kind: planKind,
  /** A higher one of the same cut-off corrects the lower ones. */
  version: z.int().positive(),
  cutOff: moment.describe('what was registered before it is in (R24); exclusive'),
  recordedThrough: moment.describe('what was recorded through it is in'),
  createdAt: moment,
  corrects: z.string().nullable().describe('the version that it corrects'),
  shreddedAt: moment.nullable().describe('since when its rows are gone for good; the manifest stays'),
  fingerprint: sha256.describe('of the manifest: tells two snapshots apart, and is given back in a receipt'),
  coverage: z
    .record(z.enum(COVERAGE), count)
    .describe('institutions by how current their picture is; each by name in the manifest'),
  files: z.array(
    z.strictObject({
      path: z.string(),
      href: address,
      mediaType: z.string(),
      bytes: count,
      sha256,
      rows: count.nullable(),
    }),
  ),
  links: z.strictObject({
    self: address,
    manifest: address,
    signature: address.describe('detached JWS over the bytes of the manifest'),
    keys: address.describe('the public key that came with it; prove it with keys that you got another way'),
    receipts: address,
  }),
});
export type ApiSnapshot = z.infer<typeof apiSnapshot>;

export const apiSnapshotList = z.strictObject({ snapshots: z.array(apiSnapshot) });

export const listQuery = z.strictObject({ campaign: campaignId.optional(), kind: planKind.optional() });
export const latestQuery = z.strictObject({ campaign: campaignId, kind: planKind });
export const snapshotParams = z.strictObject({ id: z.string().max(64) });
export const deltaQuery = z.strictObject({ since: z.string().max(64).describe('the snapshot that you have') });
export const fileParams = z.strictObject({
  id: z.string().max(64),
  path: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,127}$/),
});

/** A problem as RFC 9457 has it, in Traditional Chinese with English beside it. */
export const apiProblem = z.strictObject({
  type: z.string(),
  status: z.int(),
  title: z.string(),
  detail: z.string(),
  titleEn: z.string(),
  detailEn: z.string(),
  /** What is wrong with the request, place by place. */
  errors: z.array(z.strictObject({ at: z.string(), expected: z.string() })).optional(),
  /** Whom to ask (R31). */
  contacts: z.strictObject({ phone: z.string(), email: z.string() }).nullable(),
});
export type ApiProblemBody = z.infer<typeof apiProblem>;

export const campaignParams = z.strictObject({ id: campaignId });

export const apiCampaign = z.strictObject({
  id: campaignId,
  name: z.string(),
  cutOff: moment,
  /** The moment that the states are of. */
  at: moment,
  plans: z
    .array(
      z.strictObject({
        kind: planKind,
        from: moment,
        through: moment.describe('open through the whole of this second'),
        state: z.enum(WINDOW_STATES),
      }),
    )
    .describe('those that the token opens'),
  contacts: z.strictObject({ phone: z.string(), email: z.string() }),
});
export type ApiCampaign = z.infer<typeof apiCampaign>;
