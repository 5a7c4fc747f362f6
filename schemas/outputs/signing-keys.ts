/** What `mingce keys rotate --json` answers, and a line of `mingce keys list --json`. The public keys themselves are a JWK Set: `mingce keys export`. */
import { z } from 'zod';
import { moment } from './sync-result.ts';

export const signingKeyLine = z.strictObject({
  /** JWK thumbprint (RFC 7638). */
  kid: z.string(),
  since: moment,
  /** Null while it signs. */
  until: moment.nullable(),
});
export type SigningKeyLine = z.infer<typeof signingKeyLine>;

export const signingKeyList = z.array(signingKeyLine);
