/** A school whose system knows only hashed ids, beside a school that sends files: one person is one person. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { answerOf, type CloudSchool, person, secretOf, startCloudSchool } from '../connectors/support/cloudschool.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,異動別,異動日期';
const WANG = person(1, { 姓名: '王小明' });
const LIN = person(2, {
  姓名: '林淑芬',
  身分證編碼: 'b19eb8ad5c5d1cc7e8fba2a3a33b10d25b65ea25e8a8a8d8a0b1c2d3e4f5a6b7',
});

let cloud: CloudSchool;
let small: SmallInstallation;
beforeAll(async () => {
  cloud = await startCloudSchool({ 'client-064602': answerOf([LIN], { 更新時間: '2024-07-29 01:00:00' }) });
  const source = {
    type: 'cloudschool',
    name: 'cloud',
    url: `${cloud.server.url}/school`,
    schools: [{ code: '064602', clientId: 'client-064602', clientSecretEnv: 'SECRET_064602' }],
  };
  small = await openSmallInstallation(1, { sources: [source], secret: secretOf });
});
afterAll(async () => {
  await small.close();
  await cloud.server.close();
});

const cloudPart = (result: SyncResult) =>
  result.sources.flatMap((s) => s.parts ?? [s]).find((p) => p.source === 'cloud/064602');

/** Persons with the units that they serve or served. */
async function people(): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT p.name || ': ' || string_agg(i.source_key || coalesce(' ' || v.end_reason, ''), ', ' ORDER BY i.source_key) AS line
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity'
     JOIN warehouse.institution i ON i.id = a.institution_id
     JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity' AND p.valid_to = 'infinity'
     WHERE v.valid_to = 'infinity' OR v.end_reason IS NOT NULL GROUP BY a.person_id, p.name ORDER BY 1`,
  );
  return rows.map((r: { line: string }) => r.line);
}

it('the first night takes both schools in', async () => {
  await small.send('064601-名冊.csv', '2024-07-28T10:00:00+08:00', [
    HEAD,
    '064601,A123456789,王小明,男,70/05/06,教師,,',
  ]);
  const result = await small.night('2024-07-30T02:00:00+08:00');
  expect(result.status).toBe('complete');
  expect(cloudPart(result)).toMatchObject({ status: 'fresh', read: 1, accepted: 1 });
  expect(await people()).toEqual(['林淑芬: 064602:國小', '王小明: 064601:國小'].sort());
});

it('a teacher of whom the other school knows the hash alone is the same person there, and the unit is the newer one (R08)', async () => {
  cloud.answers['client-064602'] = answerOf([LIN, WANG], { 更新時間: '2024-07-31 01:00:00' });
  const result = await small.night('2024-08-01T02:00:00+08:00');
  expect(cloudPart(result)).toMatchObject({ status: 'fresh', read: 2, accepted: 1, unchanged: 1 });
  expect(result.changes.assignments).toEqual({ added: 1, changed: 0, ended: 1 });
  expect(await people()).toEqual(['林淑芬: 064602:國小', '王小明: 064601:國小 轉校, 064602:國小'].sort());
});

it('who is gone from it is asked about and stays; an older answer than the last is refused (I4)', async () => {
  cloud.answers['client-064602'] = answerOf([WANG], { 更新時間: '2024-08-01 23:00:00' });
  const before = await people();
  expect(cloudPart(await small.night('2024-08-02T02:00:00+08:00'))).toMatchObject({ status: 'fresh', missing: 1 });
  expect(await people()).toEqual(before);
  cloud.answers['client-064602'] = answerOf([LIN], { 更新時間: '2024-07-30 01:00:00' });
  expect(cloudPart(await small.night('2024-08-03T02:00:00+08:00'))).toMatchObject({
    status: 'failed',
    error: { code: 'delivery-older-than-landed' },
  });
  expect(await people()).toEqual(before);
});

it('a server that shows its login page changes nothing, and the next night recovers without a person', async () => {
  const before = await people();
  cloud.answers['client-064602'] = answerOf([WANG, LIN], { 更新時間: '2024-08-03 23:00:00' });
  cloud.server.intercept = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>登入</html>');
    return true;
  };
  const down = await small.night('2024-08-04T02:00:00+08:00');
  expect(cloudPart(down)).toMatchObject({ status: 'failed', error: { code: 'api-not-json' } });
  cloud.server.intercept = () => false;
  const up = await small.night('2024-08-05T02:00:00+08:00');
  expect(cloudPart(up)).toMatchObject({ status: 'fresh', read: 2, missing: 0 });
  expect(await people()).toEqual(before);
});
