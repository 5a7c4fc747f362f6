import type { CAMPAIGN_MESSAGES } from './messages/campaigns.ts';
import { message } from './messages/catalogue.ts';
import { WrongRequestError } from './wrong-request.ts';

/** A planning year that cannot be used as its file says, or that there is not: wrong usage or configuration. The message speaks both languages. */
export class CampaignError extends WrongRequestError {
  override readonly name = 'CampaignError';
  readonly code: keyof typeof CAMPAIGN_MESSAGES;

  constructor(code: keyof typeof CAMPAIGN_MESSAGES, params: Record<string, string | number>) {
    super(`${message(code, params, 'zh')}\n${message(code, params, 'en')}`);
    this.code = code;
  }
}
