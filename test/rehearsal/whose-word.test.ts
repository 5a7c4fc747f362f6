/** Two records of one person that say different things: which one is heard, which is not and why, as reconcile took it and explain shows it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainPerson } from '../../pipelines/explain.ts';
import { setManualValue } from '../../pipelines/manual-values.ts';
import { renderExplanation } from '../../pipelines/report/render-explanation.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,主聘,電子郵件,電話,異動別,異動日期';
const row = (school: string, primary: string, email: string, phone: string, change = ',') =>
  `${school},A123456789,王小明,70/05/06,教師,${primary},${email},${phone},${change}`;

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
  await addBureau(small.db, ['lin']);
  await small.send('064601.csv', '2024-08-01T10:00:00+08:00', [HEAD, row('064601', '是', 'unit@example.org', '')]);
  await small.send('064602.csv', '2024-08-05T10:00:00+08:00', [
    HEAD,
    row('064602', '否', 'other@example.org', '0422223333'),
  ]);
  await small.night('2024-08-06T02:00:00+08:00');
});
afterAll(() => small.close());

const claims = async (column: string) => {
  const explained = await explainPerson(small.db, 1);
  const found = explained.values.find((v) => v.column === column);
  return {
    value: found?.value,
    rule: found?.claimRule,
    claims: found?.claims.map((c) => [c.institution?.code ?? c.manual, c.value, c.lostBy]),
  };
};

it('R02: the service unit’s word wins over a newer one of another unit, and both are named, the winner first', async () => {
  expect(await claims('email')).toEqual({
    value: 'unit@example.org',
    rule: 'R02',
    claims: [
      ['064601', 'unit@example.org', null],
      ['064602', 'other@example.org', 'service-unit'],
    ],
  });
  const text = renderExplanation(await explainPerson(small.db, 1)).replaceAll(/\n +/g, '');
  expect(text).toContain('各來源說法不同（規則 R02），採用「unit@example.org」：roster/064601');
  expect(text).toContain('未採用「other@example.org」：roster/064602');
  expect(text).toContain('（以服務單位所報為準）');
});

it('a record that says nothing has no word: where the others agree, nobody lost', async () => {
  expect(await claims('phone')).toMatchObject({ value: '0422223333', claims: [] });
  expect(await claims('name')).toMatchObject({ claims: [] });
});

it('a value set by hand goes before all, from the run on that takes it in', async () => {
  const asked = { entity: 'person', id: '1', field: 'email', value: 'hand@example.org', at: null } as const;
  const when = '2024-08-06T09:00:00+08:00';
  await setManualValue(small.db, { ...asked, reason: '本人申請', until: null, by: LIN, when });
  expect((await claims('email')).claims?.[0]).toEqual(['064601', 'unit@example.org', null]);
  await small.night('2024-08-07T02:00:00+08:00');
  expect(await claims('email')).toMatchObject({
    value: 'hand@example.org',
    claims: [
      [1, 'hand@example.org', null],
      ['064601', 'unit@example.org', 'by-hand'],
      ['064602', 'other@example.org', 'by-hand'],
    ],
  });
});

it('when the service unit has let the person go, the word of who still serves counts', async () => {
  await small.send('064601.csv', '2024-08-07T10:00:00+08:00', [
    HEAD,
    row('064601', '是', 'unit@example.org', '', '離職,113/08/07'),
  ]);
  await small.send('064602.csv', '2024-08-07T10:00:00+08:00', [
    HEAD,
    row('064602', '否', 'other@example.org', '0422223333'),
  ]);
  const { rows } = await small.db.raw('SELECT max(id) AS id FROM review.manual_value');
  expect(rows[0].id).toBe(1);
  await small.night('2024-08-08T02:00:00+08:00');
  const told = await claims('email');
  expect(told.claims?.map(([who]) => who)).toEqual([1, '064602', '064601']);
});

it('a school from which another one took the person over serves no more, though it told no end (R08): once the new one lets go, its word still counts', async () => {
  const hsu = (school: string, email: string, change = ',') =>
    `${school},M220000009,許文,70/05/06,教師,是,${email},,${change}`;
  const told = async (day: string, ...rows: string[]) => {
    for (const line of rows)
      await small.send(`${line.slice(0, 6)}.csv`, `2024-08-${day}T10:00:00+08:00`, ['名冊別：異動', HEAD, line]);
    await small.night(`2024-08-${day}T20:00:00+08:00`);
  };
  await told('09', hsu('064603', 'old@example.org'));
  await told('10', hsu('064604', 'new@example.org', '轉入,113/08/10'));
  await told('11', hsu('064604', 'new@example.org', '退休,113/08/11'));
  const { rows } = await small.db.raw(
    `SELECT person_id, email FROM warehouse.person_version WHERE name = '許文' AND recorded_to = 'infinity' AND valid_to = 'infinity'`,
  );
  expect(rows).toEqual([{ person_id: expect.anything(), email: 'new@example.org' }]);
  const explained = await explainPerson(small.db, Number(rows[0].person_id));
  expect(explained.values.find((v) => v.column === 'email')?.claims.map((c) => [c.value, c.lostBy])).toEqual([
    ['new@example.org', null],
    ['old@example.org', 'newest'],
  ]);
});
