/** What is asked of the vault for a snapshot is answered a line each, whoever opens it. */
import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import { makeKeyring } from '../../warehouse/keyring.ts';
import { digestHere, digestInThread } from '../../warehouse/views/digester.ts';
import { ASK_BETWEEN } from '../../warehouse/views/snapshot-digests.ts';

const keyring = makeKeyring(Buffer.alloc(32, 'digests'));
const digestOf = (text: string): string => hash('sha256', text);

/** As the server writes it. */
function ask(kind: string, plain: string): string {
  const hmac = keyring.pseudonym(digestOf(plain), 'hex');
  return `${kind} ${hmac} ${keyring.seal(`landing.identifier.sealed:${hmac}`, Buffer.from(plain)).toString('hex')}`;
}

const PEOPLE = ['A123456789', 'B223456789', 'C123456789'];
const [one, other, third] = PEOPLE.map((id) => ask('national-id', id)) as [string, string, string];
const [own, others, thirds] = PEOPLE.map(digestOf) as [string, string, string];

it.each([
  ['here', digestHere],
  ['in a thread', digestInThread],
])('opened %s: one is its digest, none is nothing, several are the smallest, whatever their order', async (_, open) => {
  const digester = open(keyring);
  const smallest = [own, others, thirds].toSorted()[0];
  try {
    const asked = [one, '', [one, other, third].join(ASK_BETWEEN), [third, other, one].join(ASK_BETWEEN), other];
    const answer = await digester.digests(`${asked.join('\n')}\n`);
    expect(answer.split('\n')).toEqual([own, '', smallest, smallest, others, '']);
    expect(await digester.digests('')).toBe('');
    expect(await digester.digests('\n\n')).toBe('\n\n');
    // Where a source knows the digest alone, that is what is kept.
    expect(await digester.digests(`${ask('hashed', own)}\n`)).toBe(`${own}\n`);
  } finally {
    await digester.close();
  }
});

it('what was changed, or moved to another, is not opened', async () => {
  const digester = digestInThread(keyring);
  try {
    const [kind, hmac] = one.split(' ');
    const moved = `${kind} ${hmac} ${other.split(' ')[2]}\n`;
    await expect(digester.digests(moved)).rejects.toThrow();
  } finally {
    await digester.close();
  }
});
