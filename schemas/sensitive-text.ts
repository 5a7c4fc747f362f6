/** Texts that people type (reasons, names) and what must not be kept in them (I8). */

/** A national id or resident number inside a text. */
export const IDENTIFIER_IN_TEXT = /(?<![0-9A-Za-z])[A-Za-z][0-9A-Da-d]\d{8}(?!\d)/;

const GROUP = '[0-9A-HJKMNP-TV-Z]{5}';
/** A credential of ours as it is shown, with its hyphens: without them it could be part of a digest (`warehouse/credentials.ts`). */
const CREDENTIAL_IN_TEXT = new RegExp(`${GROUP}(?:-${GROUP}){5}`, 'i');

/** A token of a consumer (`warehouse/api-tokens.ts`). */
export const TOKEN_IN_TEXT = /mingce_[\w-]{43}/;

export type Sensitive = 'identifier' | 'credential';

/** A SHA-256 that does not say it is one of ours (`sha256:…`) may be 身分證編碼. */
const BARE_DIGEST = /(?<!sha256:)(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/i;
/** In a digest an identifier may stand by chance. */
const DIGESTS = /[0-9a-f]{32,}/gi;

/** What a text holds that may not be kept in clear; null where there is nothing that can be told by its form. */
export function sensitiveIn(text: string): Sensitive | null {
  const plain = text.normalize('NFKC');
  if (BARE_DIGEST.test(plain) || IDENTIFIER_IN_TEXT.test(plain.replaceAll(DIGESTS, ''))) return 'identifier';
  return CREDENTIAL_IN_TEXT.test(plain) || TOKEN_IN_TEXT.test(plain) ? 'credential' : null;
}

const IDENTIFIER_OR_DIGEST = new RegExp(`${DIGESTS.source}|${IDENTIFIER_IN_TEXT.source}`, 'gi');
const LEAST_OF_DIGEST = 32;

/** A text that is shown without the identifiers in it: somebody typed one where none belongs, and a message repeats what it cannot read. */
export function maskIdentifiers(text: string): string {
  const plain = text.normalize('NFKC');
  if (!IDENTIFIER_IN_TEXT.test(plain.replaceAll(DIGESTS, ''))) return text;
  return plain.replaceAll(IDENTIFIER_OR_DIGEST, (found) =>
    found.length < LEAST_OF_DIGEST ? `${found[0]}*********` : found,
  );
}
