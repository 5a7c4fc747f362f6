/**
 * A consumer that looks again and again, in a process of its own: what stands in the database, what the API says, and the folders that exports are written to. Whatever it finds is
 * absent, or verifies wholly. A line for each turn; it ends with its stdin.
 */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import type { PipelineContext } from '../../../pipelines/context.ts';
import { listSnapshots } from '../../../pipelines/snapshot/list-snapshots.ts';
import { verifyFolder } from '../../../pipelines/snapshot/verify-folder.ts';
import { verifyStored } from '../../../pipelines/snapshot/verify-stored.ts';
import { configSchema } from '../../../schemas/config.ts';
import { DEFAULT_GUARDS } from '../../../schemas/guards.ts';
import { MANIFEST_PATH } from '../../../schemas/snapshot.ts';
import { connect } from '../../../warehouse/connect.ts';
import { makeKeyring } from '../../../warehouse/keyring.ts';
import { makeServer } from '../../../web/server.ts';
import { CAMPAIGN } from '../../pipelines/snapshot/campaign.ts';
import { GIVEN, type ReaderOrder, type Turn } from './reader-order.ts';

const { url, key, token, now, folders, kind } = JSON.parse(process.argv[2] as string) as ReaderOrder;
const db = connect(url);
const keyring = makeKeyring(Buffer.from(key, 'base64'));
const log = pino({ level: 'silent' });
const campaigns = [CAMPAIGN];
const signal = new AbortController().signal;
const ctx: PipelineContext = { db, keyring, log, signal, campaigns, guards: DEFAULT_GUARDS, progress: () => undefined };
const config = configSchema.parse({
  simulation: true,
  sources: [{ type: 'institution-list', name: 'schools', path: 's.csv', layout: 'schools' }],
  web: { api: { requestsPerMinute: 1_000_000 } },
});
const server = makeServer({ db, keyring, log, config, campaigns, now: () => now });

let wrong: string[] = [];
const demand = (holds: boolean, what: string): void => {
  if (!holds) wrong.push(what);
};
/** What verified once never changes. */
const whole = {
  stored: new Map<string, string>(),
  answered: new Map<string, string>(),
  exported: new Map<string, string>(),
};
const alike = (known: Map<string, string>, id: string, now: string): boolean => {
  const before = known.get(id);
  if (before !== undefined) demand(before === now, `${id} changed: ${before} → ${now}`);
  return before !== undefined;
};

async function readStored(): Promise<void> {
  for (const { id, files } of await listSnapshots(ctx)) {
    const now = JSON.stringify(files);
    if (alike(whole.stored, id, now)) continue;
    const verified = await verifyStored(ctx, id);
    demand(verified.ok, `stored ${id}: ${JSON.stringify(verified.problems)}`);
    whole.stored.set(id, now);
  }
  const { rows } = await db.raw(
    `SELECT snapshot_id AS id FROM ops.snapshot_file UNION SELECT snapshot_id FROM ops.snapshot_key
     UNION SELECT snapshot_id FROM ops.notice EXCEPT SELECT id FROM ops.snapshot`,
  );
  demand(rows.length === 0, `stored without a snapshot: ${rows.map((row: { id: string }) => row.id)}`);
}

class Down extends Error {}
async function get(address: string) {
  const answer = await server.inject({
    url: address,
    headers: { host: 'roster.example', authorization: `Bearer ${token}` },
  });
  if (answer.statusCode >= 500) throw new Down(`${address}: ${answer.statusCode}`);
  return answer;
}

interface Described {
  id: string;
  version: number;
  files: { path: string; href: string; bytes: number; sha256: string }[];
}
async function holdToWord({ id, files }: Described): Promise<void> {
  const now = JSON.stringify(files);
  if (alike(whole.answered, id, now)) return;
  demand(files.length > 3, `the API says of ${id} that it has ${files.length} files`);
  for (const { href, bytes, sha256 } of files) {
    const { statusCode, rawPayload } = await get(href);
    const is = `sha256:${createHash('sha256').update(rawPayload).digest('hex')}`;
    demand(
      statusCode === 200 && rawPayload.length === bytes && is === sha256,
      `${href}: ${statusCode}, ${rawPayload.length} of ${bytes} bytes`,
    );
  }
  demand((await get(`/api/v1/snapshots/${id}/manifest`)).statusCode === 200, `${id} has no manifest`);
  whole.answered.set(id, now);
}
async function readApi(): Promise<void> {
  const listed: Described[] = (await get('/api/v1/snapshots')).json().snapshots;
  for (const one of listed) await holdToWord(one);
  const latest = await get(`/api/v1/snapshots/latest?campaign=${CAMPAIGN.id}&kind=${kind}`);
  if (latest.statusCode === 200) await holdToWord(latest.json());
  else demand(latest.statusCode === 404, `latest: ${latest.statusCode}`);
  // The next one is asked for by its name, too: it is not there, or whole by now.
  const next = `${CAMPAIGN.id}-${kind}-v${Math.max(0, ...listed.map(({ version }) => version)) + 1}`;
  const file = await get(`/api/v1/snapshots/${next}/files/${kind}.csv`);
  const shown = await get(`/api/v1/snapshots/${next}`);
  if (shown.statusCode === 200) await holdToWord(shown.json());
  else
    demand(
      shown.statusCode === 404 && file.statusCode === 404,
      `${next}: ${shown.statusCode}, its file ${file.statusCode}`,
    );
}

async function readFolders(): Promise<void> {
  for (const parent of folders) {
    for (const name of (await readdir(parent)).filter((one) => !one.startsWith('.'))) {
      const dir = path.join(parent, name);
      const entries = (await readdir(dir)).sort();
      // Into a folder that was there the manifest comes last: before it nothing is there.
      if (name.startsWith(GIVEN) && !entries.includes(MANIFEST_PATH)) continue;
      if (alike(whole.exported, dir, entries.join())) continue;
      const verified = await verifyFolder(dir);
      demand(verified.ok, `exported ${name}: ${JSON.stringify(verified.problems)}`);
      whole.exported.set(dir, entries.join());
    }
  }
}

/** A server that was killed under us answers nobody: neither is there anything to see then. */
const DOWN = /^(?:57P0\d|ECONN\w+|ENOENT|EPIPE)$/;
const isDown = (error: unknown): boolean =>
  error instanceof Down ||
  DOWN.test((error as { code?: string }).code ?? '') ||
  /Connection terminated|Connection ended/.test(String((error as Error).message));

let asked = true;
process.stdin.on('end', () => {
  asked = false;
});
process.stdin.resume();
while (asked) {
  wrong = [];
  let down = false;
  try {
    await readStored();
    await readApi();
  } catch (error) {
    if (!isDown(error)) throw error;
    down = true;
  }
  await readFolders();
  const seen = { stored: whole.stored.size, answered: whole.answered.size, exported: whole.exported.size };
  process.stdout.write(`${JSON.stringify({ wrong, down, seen } satisfies Turn)}\n`);
  await delay(10);
}
await server.close();
await db.destroy();
