/**
 * Opens the vault for the people of a snapshot: the 身分證編碼 that a consumer joins on. What is asked and answered is one text, a line for each person, so
 * that it travels to a thread and back as a whole.
 */
import { hash } from 'node:crypto';
import type { Keyring } from '../keyring.ts';

/** SQL: what asks for the digest of an identifier; null where there is none. */
export const askDigest = (hmac: string, kind: string, sealed: string): string =>
  `${kind} || ' ' || encode(${hmac}, 'hex') || ' ' || encode(${sealed}, 'hex')`;

/** Between several identifiers of one person. */
export const ASK_BETWEEN = ' ';

/**
 * A line for each line: the lower-case hex SHA-256 of the identifier that `askDigest` wrote there, the smallest of several (`ASK_BETWEEN`), nothing where the line is empty.
 * @throws Error where the key is another, or a byte was changed
 */
export function digestsOf(keyring: Keyring, asked: string): string {
  let answer = '';
  for (let at = 0; at < asked.length; at += 1) {
    const end = asked.indexOf('\n', at);
    let smallest = '';
    while (at < end) {
      const first = asked.indexOf(' ', at);
      const second = asked.indexOf(' ', first + 1);
      const next = asked.indexOf(ASK_BETWEEN, second + 1);
      const last = next === -1 || next > end ? end : next;
      const hmac = asked.slice(first + 1, second);
      const sealed = Buffer.from(asked.slice(second + 1, last), 'hex');
      const plain = keyring.open(`landing.identifier.sealed:${hmac}`, sealed);
      // Of kind hashed the digest is what is kept.
      const digest = asked.startsWith('hashed ', at) ? plain.toString('latin1') : hash('sha256', plain);
      if (smallest === '' || digest < smallest) smallest = digest;
      at = last === end ? end : last + ASK_BETWEEN.length;
    }
    answer += `${smallest}\n`;
  }
  return answer;
}
