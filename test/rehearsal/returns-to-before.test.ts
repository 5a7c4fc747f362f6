/** A source that tells what holds now goes back to what it told before; and an answer that is another school's. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import {
  answerOf,
  type CloudSchool,
  person,
  SECRETS,
  secretOf,
  startCloudSchool,
} from '../connectors/support/cloudschool.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const DIGESTS = {
  wang: '51ff20a57253f7f0ee3a9bffe86a86a2141c716b2f554b2bf6429df50e538c13',
  lin: 'b19eb8ad5c5d1cc7e8fba2a3a33b10d25b65ea25e8a8a8d8a0b1c2d3e4f5a6b7',
};
const wang = (title: string) => person(1, { 姓名: '王小明', 職稱: title, 身分證編碼: DIGESTS.wang });
const LIN = person(2, { 姓名: '林淑芬', 身分證編碼: DIGESTS.lin });
const answer = (people: ReturnType<typeof person>[], day = '29') =>
  answerOf(people, { 更新時間: `2024-07-${day} 01:00:00` });

let configDir: string;
let cloud: CloudSchool;
let small: SmallInstallation;
beforeEach(async () => {
  configDir = await mkdtemp(path.join(os.tmpdir(), 'mingce-lists-'));
  await cp('samples/institutions', path.join(configDir, 'institutions'), { recursive: true });
  cloud = await startCloudSchool({ 'client-064601': answer([wang('教師')]), 'client-064602': answer([LIN]) }, SECRETS);
  const schools = ['064601', '064602'].map((code) => ({
    code,
    clientId: `client-${code}`,
    clientSecretEnv: `SECRET_${code}`,
  }));
  const source = { type: 'cloudschool', name: 'cloud', url: `${cloud.server.url}/school`, schools };
  small = await openSmallInstallation(1, { configDir, sources: [source], secret: secretOf });
});
afterEach(async () => {
  await small.close();
  await cloud.server.close();
  await rm(configDir, { recursive: true });
});

const parts = ({ sources }: SyncResult) => sources.find(({ source }) => source === 'cloud')?.parts;
const served = async (): Promise<string[]> => {
  const { rows } = await small.db.raw(
    `SELECT p.name || ' ' || i.source_key || ' ' || coalesce(v.title, '') AS line FROM warehouse.assignment_version v
     JOIN warehouse.assignment a ON a.id = v.assignment_id JOIN warehouse.institution i ON i.id = a.institution_id
     JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity' AND p.valid_to = 'infinity'
     WHERE v.recorded_to = 'infinity' AND v.valid_to = 'infinity' ORDER BY i.source_key`,
  );
  return rows.map(({ line }: { line: string }) => line);
};

it('a title that goes back, and a list whose wrong edit is undone, are followed', async () => {
  const list = path.join(configDir, 'institutions/schools.csv');
  const right = await readFile(list, 'utf8');
  const name = async () =>
    (await small.db.raw(`SELECT name FROM landing.institution_record WHERE code = '064601'`)).rows[0].name;
  await small.night('2024-07-30T02:00:00+08:00');
  cloud.answers['client-064601'] = answer([wang('主任')]);
  await writeFile(list, right.replace('豐原國小', '豐園國小'));
  await small.night('2024-07-31T02:00:00+08:00');
  expect([await name(), (await served())[0]]).toEqual(['市立豐園國小', '王小明 064601:國小 主任']);
  cloud.answers['client-064601'] = answer([wang('教師')]);
  await writeFile(list, right);
  await small.night('2024-08-01T02:00:00+08:00');
  expect([await name(), (await served())[0]]).toEqual(['市立豐原國小', '王小明 064601:國小 教師']);
  const quiet = await small.night('2024-08-02T02:00:00+08:00');
  expect(quiet.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
  const { rows } = await small.db.raw(`SELECT code FROM review.exception WHERE code = 'old-file-sent-again'`);
  expect(rows).toEqual([]);
});

it("an answer that is another school's moves nobody, whether it is that of last night or of this one", async () => {
  await small.night('2024-07-30T02:00:00+08:00');
  const before = await served();
  cloud.answers['client-064601'] = answer([LIN]);
  const refused = { status: 'failed', error: expect.objectContaining({ code: 'source-answer-of-another' }) };
  expect(parts(await small.night('2024-07-31T02:00:00+08:00'))).toEqual([
    expect.objectContaining({ ...refused, source: 'cloud/064601' }),
    expect.objectContaining({ source: 'cloud/064602', status: 'fresh', unchanged: 1 }),
  ]);
  const both = answer([LIN, person(3, { 姓名: '陳美', 身分證編碼: 'c'.repeat(64) })], '31');
  cloud.answers = Object.assign(cloud.answers, { 'client-064601': both, 'client-064602': both });
  expect(parts(await small.night('2024-08-01T02:00:00+08:00'))).toEqual([
    expect.objectContaining(refused),
    expect.objectContaining(refused),
  ]);
  expect(await served()).toEqual(before);
  cloud.answers['client-064601'] = answer([wang('組長')], '30');
  await small.night('2024-08-02T02:00:00+08:00');
  expect(await served()).toHaveLength(3);
});

it('credentials that were changed over and are put right are followed', async () => {
  const { 'client-064601': one, 'client-064602': two } = cloud.answers as Record<string, ReturnType<typeof answer>>;
  Object.assign(cloud.answers, { 'client-064601': two, 'client-064602': one });
  await small.night('2024-07-30T02:00:00+08:00');
  expect(await served()).toEqual(['林淑芬 064601:國小 教學組長', '王小明 064602:國小 教師']);
  Object.assign(cloud.answers, { 'client-064601': one, 'client-064602': two });
  const night = await small.night('2024-07-31T02:00:00+08:00');
  expect(parts(night)?.map(({ status }) => status)).toEqual(['fresh', 'fresh']);
  // Where each of them serves both answers said with the same moment: that is asked, and both right places are known.
  expect(await served()).toEqual(expect.arrayContaining(['王小明 064601:國小 教師', '林淑芬 064602:國小 教學組長']));
});
