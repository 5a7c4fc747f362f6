import { makeSigner, type Webhook } from '../pipelines/notices/webhook.ts';
import type { Config } from '../schemas/config.ts';
import { UsageError } from './usage-error.ts';

/** @throws UsageError naming the variable, never what is in it */
export const openWebhooks = (config: Config, secret: (name: string) => string): Webhook[] =>
  config.webhooks.map(({ secretEnv, ...webhook }, i) => {
    const signer = makeSigner(secret(secretEnv));
    if (signer !== null) return { ...webhook, signer };
    throw new UsageError(
      `webhooks[${i}].secretEnv: environment variable ${secretEnv} holds no secret of a webhook; expected whsec_ and base64 of 24 to 64 bytes`,
    );
  });
