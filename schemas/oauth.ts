import { z } from 'zod';

/** What a token endpoint answers (RFC 6749 §5.1), as far as it is used: `expires_in`, which some servers give as text, is not. */
export const oauthToken = z.looseObject({ access_token: z.string().min(1) });
