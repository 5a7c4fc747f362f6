/** Without a simulation a file on a server arrives when we first see it: what time its sender gave it decides nothing. */
import { lstat, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lookAtInboxes } from '../../pipelines/look-at-inboxes.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import { PASSWORD, type SftpServer, startSftpServer, USER } from '../connectors/support/sftp-server.ts';
import { CAMPAIGN } from '../pipelines/snapshot/world.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { until } from '../support/until.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,異動別,異動日期';
const WANG = (title: string, change = ','): string => `064601,A123456789,王小明,男,70/05/06,${title},${change}`;
const LONG_AGO = '2014-08-01T10:00:00+08:00';
const LONGER_AGO = '2013-08-01T10:00:00+08:00';

let folder: string;
let server: SftpServer;
let small: SmallInstallation;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mingce-server-'));
  server = await startSftpServer(folder);
  const { port, hostKey } = server;
  const sftp = { host: '127.0.0.1', port, user: USER, passwordEnv: 'SFTP_PASSWORD', hostKey, folder: '.' };
  small = await openSmallInstallation(1, {
    config: { simulation: false },
    roster: { inbox: undefined, sftp, stableSeconds: 0 },
    secret: () => PASSWORD,
  });
});
afterAll(async () => {
  await small.close();
  await server.close();
  await rm(folder, { recursive: true });
});

async function upload(name: string, kept: string, lines: readonly string[]): Promise<void> {
  await writeFile(path.join(folder, name), `${lines.join('\n')}\n`);
  await utimes(path.join(folder, name), new Date(kept), new Date(kept));
}
async function night(clock = new Date().toISOString()): Promise<string[]> {
  const results = await small.runs(clock);
  return results.flatMap(({ kind, sources }) =>
    sources.filter((s) => s.source === 'roster').map((s) => `${kind} ${s.status} ${s.accepted}`),
  );
}
async function told(): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT v.title || coalesce(' ' || v.end_reason, '') AS line FROM warehouse.assignment_version v
     WHERE v.recorded_to = 'infinity' AND (v.valid_to = 'infinity' OR v.end_reason IS NOT NULL)`,
  );
  return rows.map((r: { line: string }) => r.line);
}
const gone = async (name: string): Promise<boolean> =>
  lstat(path.join(folder, name)).then(
    () => false,
    () => true,
  );
const arrivals = async (): Promise<string[]> =>
  (await findReceipts(small.db, '064601', null)).flatMap(({ files }) => files.map((file) => file.arrivedAt));

it('a file arrived at the run that first saw it, though its sender kept a time of years ago', async () => {
  await upload('064601-a.csv', LONG_AGO, [HEAD, WANG('教師')]);
  const clock = new Date().toISOString();
  expect(await night(clock)).toEqual(['manual fresh 1']);
  expect(await told()).toEqual(['教師']);
  expect((await arrivals()).map((at) => Date.parse(at))).toEqual([Date.parse(clock)]);
  expect(await gone('064601-a.csv')).toBe(true);
});

it('a list of changes that was sent later counts, though its time is older than that of the complete one', async () => {
  await upload('064601-b.csv', LONGER_AGO, ['名冊別：異動', HEAD, WANG('教師', '退休,113/08/01')]);
  expect(await night()).toEqual(['manual fresh 1']);
  expect(await told()).toEqual(['教師 退休']);
});

it('the same put there again after it was taken arrives again', async () => {
  const again = ['名冊別：異動', HEAD, WANG('組長')];
  await upload('064601-c.csv', LONG_AGO, again);
  expect(await night()).toEqual(['manual fresh 1']);
  await upload('064601-c.csv', LONG_AGO, again);
  const clock = new Date().toISOString();
  expect(await night(clock)).toEqual(['manual fresh 0']);
  expect((await arrivals()).map((at) => Date.parse(at))).toEqual([Date.parse(clock)]);
});

it('R24: what was first seen after the cut-off is not of the closing run, whatever its own time says; what was seen before it is', async () => {
  await upload('064602-a.csv', LONG_AGO, [HEAD, WANG('導師').replace('064601', '064602')]);
  await upload('064604-a.csv', LONG_AGO, [HEAD, WANG('導師').replace('064601', '064604')]);
  const seen = Date.now();
  await lookAtInboxes(small.ctx, await small.sources(), new Date(seen).toISOString());
  await until('the clock went on', () => Date.now() > seen + 2);
  const cutOff = new Date(seen + 1).toISOString();
  await upload('064603-b.csv', LONGER_AGO, [HEAD, WANG('主任').replace('064601', '064603')]);
  small.installation.campaigns = [{ ...CAMPAIGN, cutOff }];
  await small.configure(small.installation.config.sources);
  await upload('064604-a.csv', LONG_AGO, [HEAD, WANG('組長，導師').replace('064601', '064604')]);
  expect(await night()).toEqual(['closing fresh 1', 'manual fresh 2']);
  const { rows } = await small.db.raw(
    `SELECT r.kind, d.source, d.as_of AS at FROM landing.delivery d JOIN ops.run r ON r.id = d.run_id
     WHERE d.source IN ('roster/064602', 'roster/064603', 'roster/064604') ORDER BY d.id`,
  );
  expect(rows.map((row: { kind: string; source: string }) => [row.kind, row.source])).toEqual([
    ['closing', 'roster/064602'],
    ['manual', 'roster/064603'],
    ['manual', 'roster/064604'],
  ]);
  expect(Date.parse(rows[0].at)).toBe(seen);
  expect(Date.parse(rows[1].at)).toBeGreaterThan(Date.parse(cutOff));
});
