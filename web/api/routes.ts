/** Every address of the API in one place, with what it asks for and answers. */
import type { FastifyContextConfig, FastifyInstance, FastifySchema, RouteHandler } from 'fastify';
import { z } from 'zod';
import {
  apiCampaign,
  apiProblem,
  apiSnapshot,
  apiSnapshotList,
  campaignParams,
  deltaQuery,
  fileParams,
  latestQuery,
  listQuery,
  snapshotParams,
} from '../../schemas/api.ts';
import { receiptAnswer, receiptQuestion } from '../../schemas/api-receipt.ts';
import { KEYS_PATH, MANIFEST_PATH, SIGNATURE_PATH } from '../../schemas/snapshot.ts';
import type { ApiContext } from './api-context.ts';
import { latestSnapshot } from './latest-snapshot.ts';
import { listSnapshots } from './list-snapshots.ts';
import { sendDelta } from './send-delta.ts';
import { sendFile } from './send-file.ts';
import { showCampaign } from './show-campaign.ts';
import { showSnapshot } from './show-snapshot.ts';
import { takeReceipt } from './take-receipt.ts';

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: apiProblem } },
});
const PROBLEMS = {
  400: problem('the request is not as specified'),
  401: problem('no token, or one that does not count'),
  403: problem('the token does not open this kind; said of every snapshot of it, whether there is one or not'),
  404: problem('there is no such thing'),
  429: problem('too many requests of this token; Retry-After says when to ask again'),
};
const { 400: _, ...WITHOUT_QUESTIONS } = PROBLEMS;
const FILE = {
  200: {
    description: 'the whole file',
    content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
  },
  206: {
    description: 'the part that was asked for',
    content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
  },
  304: z.null().describe('it is what you have'),
  410: problem('the rows of the snapshot were destroyed at the end of its purpose'),
  416: problem('the range lies beyond the file'),
  ...WITHOUT_QUESTIONS,
};

const FETCHED = { provenByFetch: true };

interface Address {
  url: string;
  summary: string;
  handler: RouteHandler;
  schema: FastifySchema;
  config?: FastifyContextConfig;
}

const addresses = (ctx: ApiContext): Address[] => [
  {
    url: '/campaigns/:id',
    summary: 'A planning year: its cut-off, and whether its windows are to come, open or over',
    handler: showCampaign(ctx),
    schema: { params: campaignParams, response: { 200: apiCampaign, ...PROBLEMS } },
  },
  {
    url: '/snapshots',
    summary: 'The snapshots that the token opens, newest version first',
    handler: listSnapshots(ctx),
    schema: { querystring: listQuery, response: { 200: apiSnapshotList, ...PROBLEMS } },
  },
  {
    url: '/snapshots/latest',
    summary: 'What to import: the newest version of the cut-off of a campaign and kind',
    handler: latestSnapshot(ctx),
    schema: { querystring: latestQuery, response: { 200: apiSnapshot, ...PROBLEMS } },
  },
  {
    url: '/snapshots/:id',
    summary: 'One snapshot: its moments, coverage and files',
    handler: showSnapshot(ctx),
    schema: { params: snapshotParams, response: { 200: apiSnapshot, ...PROBLEMS } },
  },
  {
    url: '/snapshots/:id/manifest',
    summary: 'Its manifest, byte for byte as it was signed',
    handler: sendFile(ctx, MANIFEST_PATH),
    schema: { params: snapshotParams, response: FILE },
    config: FETCHED,
  },
  {
    url: '/snapshots/:id/signature',
    summary: 'The detached JWS over the manifest',
    handler: sendFile(ctx, SIGNATURE_PATH),
    schema: { params: snapshotParams, response: FILE },
    config: FETCHED,
  },
  {
    url: '/snapshots/:id/keys',
    summary: 'The public key of the signature, a JWK Set',
    handler: sendFile(ctx, KEYS_PATH),
    schema: { params: snapshotParams, response: FILE },
    config: FETCHED,
  },
  {
    url: '/snapshots/:id/delta',
    summary: 'What makes it of an older one that you have: JSON Lines, a head and then operations',
    handler: sendDelta(ctx),
    schema: {
      params: snapshotParams,
      querystring: deltaQuery,
      response: { ...FILE, ...PROBLEMS, 409: problem('there is no delta between the two: import the newer one whole') },
    },
  },
  {
    url: '/snapshots/:id/files/:path',
    summary: 'One of its files: whole or a part, compressed where you take it',
    handler: sendFile(ctx),
    schema: { params: fileParams, response: FILE },
    config: FETCHED,
  },
];

/** Of a receipt: 20 reasons, and some room. */
const MOST_OF_RECEIPT = 4096;

export function addApiRoutes(server: FastifyInstance, ctx: ApiContext): void {
  for (const { url, summary, handler, schema, config = {} } of addresses(ctx)) {
    server.route({ method: ['GET', 'HEAD'], url, config, handler, schema: { ...schema, summary } });
  }
  server.route({
    method: 'POST',
    url: '/snapshots/:id/receipts',
    bodyLimit: MOST_OF_RECEIPT,
    handler: takeReceipt(ctx),
    schema: {
      summary: 'What became of an import: rows imported and rejected; the last word counts',
      params: snapshotParams,
      body: receiptQuestion,
      response: {
        200: receiptAnswer.describe('said before, word for word'),
        201: receiptAnswer.describe('written down'),
        409: problem('the fingerprint is of another snapshot'),
        413: problem('the body is too large'),
        415: problem('the body is no JSON'),
        ...PROBLEMS,
      },
    },
  });
}
