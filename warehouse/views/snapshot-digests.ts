/** Opens the vault for the people of one block of a snapshot: the 身分證編碼 that a consumer joins on. */
import { hash } from 'node:crypto';
import type { Transaction } from '../connect.ts';
import { identifiersAt, learnedIn } from '../joined-people.ts';
import type { Keyring } from '../keyring.ts';

interface Identifier {
  person_id: number;
  hmac: string;
  run_id: number;
  kind: string;
  sealed: Buffer;
}

/**
 * Lower-case hex SHA-256 of each person's identifier, by person id. One person may have had several (a corrected number, a new resident number):
 * the one learnt last stands, in a tie the smaller digest. What was learnt after `runId` is not looked at, what was undone after it is.
 */
export async function digestsOfPeople(
  trx: Transaction,
  keyring: Keyring,
  people: readonly number[],
  runId: number,
): Promise<Map<number, string>> {
  const { rows } = (await trx.raw(
    `SELECT p.person_id, encode(p.hmac, 'hex') AS hmac, ${learnedIn('p')} AS run_id, i.kind, i.sealed
     FROM (${identifiersAt((run) => `${run} <= :run`)}) AS p JOIN landing.identifier i ON i.hmac = p.hmac WHERE p.person_id = ANY(:people)`,
    { people: people as number[], run: runId } as never,
  )) as { rows: Identifier[] };
  const chosen = new Map<number, { run: number; digest: string }>();
  for (const row of rows) {
    const plain = keyring.open(`landing.identifier.sealed:${row.hmac}`, row.sealed).toString('utf8');
    const digest = row.kind === 'hashed' ? plain : hash('sha256', plain);
    const best = chosen.get(row.person_id);
    if (!best || row.run_id > best.run || (row.run_id === best.run && digest < best.digest)) {
      chosen.set(row.person_id, { run: row.run_id, digest });
    }
  }
  return new Map([...chosen].map(([id, { digest }]) => [id, digest]));
}
