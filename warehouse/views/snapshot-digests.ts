/**
 * Opens the vault for the people of a snapshot: the 身分證編碼 that a consumer joins on. What is asked and answered is one text, a line each, so that it
 * travels to a thread and back as a whole.
 */
import { hash } from 'node:crypto';
import type { Keyring } from '../keyring.ts';

/** A stored identifier; both values in hex. */
export interface SealedIdentifier {
  kind: string;
  hmac: string;
  sealed: string;
}

export const askDigest = ({ kind, hmac, sealed }: SealedIdentifier): string => `${kind} ${hmac} ${sealed}\n`;

/**
 * Lower-case hex SHA-256 of each identifier that `askDigest` wrote, in the same order, each with a newline.
 * @throws Error where the key is another, or a byte was changed
 */
export function digestsOf(keyring: Keyring, asked: string): string {
  let answer = '';
  for (let at = 0; at < asked.length; ) {
    const end = asked.indexOf('\n', at);
    const first = asked.indexOf(' ', at);
    const second = asked.indexOf(' ', first + 1);
    const hmac = asked.slice(first + 1, second);
    const sealed = Buffer.from(asked.slice(second + 1, end), 'hex');
    const plain = keyring.open(`landing.identifier.sealed:${hmac}`, sealed);
    // Of kind hashed the digest is what is kept.
    answer += asked.startsWith('hashed ', at) ? `${plain.toString('latin1')}\n` : `${hash('sha256', plain)}\n`;
    at = end + 1;
  }
  return answer;
}
