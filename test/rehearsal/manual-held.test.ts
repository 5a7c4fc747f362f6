/** A value set by hand of somebody whose institution is held waits with it, night after night under one hash, and comes in with the approval. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { decide } from '../../pipelines/decide.ts';
import { listHolds } from '../../pipelines/holds.ts';
import { setManualValue } from '../../pipelines/manual-values.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱';
const teachers = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => `064601,${nationalId(i)},王小${'一二三四五六七八九十'[i]},70/05/06,教師`);

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
  await addBureau(small.db, ['lin']);
  await small.send('064601.csv', '2024-10-01T10:00:00+08:00', [HEAD, ...teachers(10)]);
  await small.night('2024-10-02T02:00:00+08:00');
});
afterAll(() => small.close());

const nameNow = async (): Promise<string> =>
  (
    await small.db.raw(
      `SELECT name FROM warehouse.person_version WHERE person_id = 1 AND recorded_to = 'infinity' AND valid_to = 'infinity'`,
    )
  ).rows[0].name;

it('waits, and is approved with the rest', async () => {
  const asked = { entity: 'person', id: '1', field: 'name', value: '王曉一', at: null, until: null } as const;
  const when = '2024-10-02T09:00:00+08:00';
  const before = await nameNow();
  await setManualValue(small.db, { ...asked, reason: '依戶籍謄本更正', by: LIN, when });
  await small.send('064601.csv', '2024-10-02T10:00:00+08:00', [HEAD, ...teachers(5)]);
  const first = await small.night('2024-10-03T02:00:00+08:00');
  expect(first.held).toMatchObject([{ institution: '064601' }]);
  expect(await nameNow()).toBe(before);
  const [hold] = await listHolds(small.db);
  expect(hold).toMatchObject({ changes: 1, missing: 5 });
  expect(hold?.rows).toContainEqual(expect.objectContaining({ group: '人工指定' }));

  const second = await small.night('2024-10-04T02:00:00+08:00');
  expect(second.held.map((h) => h.planHash)).toEqual(first.held.map((h) => h.planHash));
  const approval = { planHash: hold!.planHash, verdict: 'approve', by: LIN, reason: '已向學校確認' } as const;
  await decide(small.db, { ...approval, at: '2024-10-04T09:00:00+08:00', handedInBy: new Map() });
  expect(await small.carryOut('2024-10-04T09:00:00+08:00')).toMatchObject({ status: 'complete' });
  expect(await nameNow()).toBe('王曉一');
});
