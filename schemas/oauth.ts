import { z } from 'zod';

/** What a token endpoint answers (RFC 6749 §5.1), as far as it is used. */
export const oauthToken = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().optional() });
