import { Webhook as Signer } from 'standardwebhooks';
import type { WebhookConfig } from '../../schemas/config.ts';

/** A configured webhook with its secret; it is never shown. */
export type Webhook = Omit<WebhookConfig, 'secretEnv'> & { signer: Signer };

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const LEAST_BYTES = 24;
const MOST_BYTES = 64;

/** @returns null where it is no secret as Standard Webhooks has them */
export function makeSigner(secret: string): Signer | null {
  const [, base64 = ''] = SECRET.exec(secret) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, '')) return null;
  return bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES ? new Signer(secret) : null;
}
