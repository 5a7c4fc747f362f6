/** What is special to the example's format, and what the kit knows nothing of. */
import iconv from 'iconv-lite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { handOver } from '../support/handover.ts';
import { type InboxFolder, makeInboxFolder } from '../support/inbox.ts';
import { openClockFiles } from './made-up-inbox/connector.ts';

let inbox: InboxFolder;
beforeEach(async () => {
  inbox = await makeInboxFolder();
});
afterEach(() => inbox.remove());

async function read(lines: readonly string[], change: (bytes: Buffer) => Buffer = (bytes) => bytes) {
  const text = [`差勤|064601|1130801|${lines.length}`, ...lines].join('\n');
  await inbox.put('064601.txt', change(iconv.encode(text, 'big5')));
  const connector = openClockFiles({ name: 'clock', ...inbox.settings }, inbox.environment);
  return (await handOver(connector, { source: 'clock/064601', drop: 'clock', files: ['064601.txt'] }))[0]!;
}

it('a character whose second byte is that of the separator is no separator', async () => {
  const { rows } = await read(['K1|許四育|A123456789|教師|1']);
  expect(rows[0]!.values).toMatchObject({ name: '許四育', title: '教師' });
  expect(rows[0]!.issues).toBeUndefined();
});

it('a character with a second byte that ends none costs its line and no other, and its place is told', async () => {
  const lost = (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === bytes.indexOf('K1') + 4 ? 0x80 : byte)));
  const { rows } = await read(['K1|王小明|A123456789|教師|1', 'K2|李小華|B123456780|教師|2'], lost);
  expect(rows.map(({ issues = [] }) => issues.map(({ code, column }) => [code, column]))).toEqual([
    [['raw-character-broken', 'name']],
    [],
  ]);
});

it('a line with a field less than most is broken, also where it stands first', async () => {
  const { rows } = await read(['K1|王小明|A123456789|教師', 'K2|李小華|B123456780|教師|2', 'K3|陳小美||教師|3']);
  expect(rows.map(({ issues }) => issues?.length ?? 0)).toEqual([1, 0, 0]);
});
