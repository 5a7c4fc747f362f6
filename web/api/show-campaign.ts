import type { RouteHandler } from 'fastify';
import type { z } from 'zod';
import type { ApiCampaign, campaignParams } from '../../schemas/api.ts';
import { windowState } from '../../schemas/window-state.ts';
import type { ApiContext } from './api-context.ts';
import { ApiProblem } from './api-problem.ts';
import { sendJson } from './send-json.ts';

/** When the plans of a year are open (R27, R29); the planning systems open and close by it. */
export const showCampaign =
  ({ campaigns, now }: ApiContext): RouteHandler =>
  async (request, reply) => {
    const { id } = request.params as z.infer<typeof campaignParams>;
    const campaign = campaigns.find((known) => known.id === id);
    if (!campaign) throw new ApiProblem('api-not-found');
    const at = now();
    const shown: ApiCampaign = {
      id,
      name: campaign.name,
      cutOff: campaign.cutOff,
      at,
      plans: request.consumer.kinds.map((kind) => ({
        kind,
        ...campaign.plans[kind].window,
        state: windowState(campaign, kind, at),
      })),
      contacts: campaign.contacts,
    };
    return sendJson(request, reply, shown);
  };
