/** R19: a freed name is never another person's, also where the same school comes under another source, as after a renamed inbox. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態';
let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation(1, {
    sources: [{ type: 'account-files', name: 'accounts-new', inbox: 'bundles' }],
  });
});
afterAll(() => small.close());

async function night(day: string, inbox: 'accounts' | 'bundles', name: string, holder: string, state: string) {
  const row = `064601,${name},研習承辦人,${holder},${state}`;
  await small.send(`064601-${day}.csv`, `${day}T01:00:00+08:00`, ['名冊別：異動', HEAD, row], inbox);
  expect((await small.night(`${day}T02:00:00+08:00`)).status).toBe('complete');
  const { rows } = await small.db.raw(
    `SELECT subject || ' ' || (params->>'school') AS line FROM review.exception WHERE closed_at IS NULL AND code = 'account-name-reused' ORDER BY 1`,
  );
  return rows.map((row: { line: string }) => row.line);
}

it('the name that a school freed under one source is told when another person has it at that school under another, and not when the same person has', async () => {
  expect(await night('2024-08-01', 'accounts', 'tc01', 'A123456789,王小明', '啟用')).toEqual([]);
  expect(await night('2024-08-02', 'accounts', 'tc02', 'A123456789,王小明', '啟用')).toEqual([]);
  expect(await night('2024-08-03', 'accounts', 'tc01', 'A123456789,王小明', '刪除')).toEqual([]);
  expect(await night('2024-08-04', 'accounts', 'tc02', 'A123456789,王小明', '刪除')).toEqual([]);
  expect(await night('2024-08-05', 'bundles', 'tc02', 'A123456789,王小明', '啟用')).toEqual([]);
  expect(await night('2024-08-06', 'bundles', 'tc01', 'B123456780,李大華', '啟用')).toEqual([
    'accounts-new/064601 064601:tc01 064601',
  ]);
  expect(await night('2024-08-07', 'bundles', 'tc01', 'B123456780,李大華', '刪除')).toEqual([]);
});
