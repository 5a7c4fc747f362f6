/** Somebody with three spells of service, told by two schools who write her identifier and only its digest, is explained in words that she can read; and given all that is held. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainPerson } from '../../pipelines/explain.ts';
import { explainAccount, explainInstitution } from '../../pipelines/explain-thing.ts';
import { exportPerson } from '../../pipelines/person-export.ts';
import { renderExplanation } from '../../pipelines/report/render-explanation.ts';
import { renderPersonExport } from '../../pipelines/report/render-person-export.ts';
import { renderThing } from '../../pipelines/report/render-story.ts';
import { CAMPAIGN } from '../pipelines/snapshot/world.ts';
import { recordedBefore } from '../support/as-of.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN, OPS } from '../support/users.ts';

const ID = 'F229999995';
const DIGEST = createHash('sha256').update(ID).digest('hex');
const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,職別,任教科目,電子郵件,異動別,異動日期';
const HASHED = '學校代碼,身分證編碼,姓名,性別,出生日期,職稱,職別,任教科目,電子郵件,異動別,異動日期';
const LAM = '林淑芬,女,75/01/02';
const lam = (title: string, change: string): string => `064601,${ID},${LAM},${title},7,國語文,lam@tc.edu.tw,${change}`;
const ACCOUNTS = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態,啟用日期';

let small: SmallInstallation;
let person: number;
beforeAll(async () => {
  const every = { percent: 10_000, people: 1 };
  small = await openSmallInstallation(1, {
    campaigns: [CAMPAIGN],
    config: { guards: { lost: every, changed: every, added: every } },
  });
  await addBureau(small.db, ['lin']);
  const send = (file: string, on: string, ...lines: string[]) =>
    small.send(file, `${on}T10:00:00+08:00`, ['名冊別：異動', ...lines]);
  await small.send(
    '064601-k.csv',
    '2023-08-01T10:00:00+08:00',
    [ACCOUNTS, `064601,head01,總負責人,${ID},林淑芬,啟用,112/08/01`],
    'accounts',
  );
  await send('064601.csv', '2023-08-01', HEAD, lam('教師', '新進,112/08/01'));
  await small.night('2023-08-02T02:00:00+08:00');
  await send('064601.csv', '2023-10-01', HEAD, lam('教師', '離職,112/10/01'));
  await small.night('2023-10-02T02:00:00+08:00');
  await send('064601.csv', '2024-02-01', HEAD, lam('導師', '新進,113/02/01'));
  await small.night('2024-02-02T02:00:00+08:00');
  await send('064602.csv', '2024-07-01', HASHED, `064602,${DIGEST},${LAM},組長,5,數學,,轉入,113/07/01`);
  await small.night('2024-07-02T02:00:00+08:00');
  await send('064602.csv', '2024-07-03', HASHED, `064602,${DIGEST},${LAM},主任,3,數學,,,`);
  const wrong = await small.night('2024-07-04T02:00:00+08:00');
  await small.revert('2024-07-05T09:00:00+08:00', wrong.run, LIN);
  await small.night('2024-08-03T02:00:00+08:00');
  const { rows } = await small.db.raw(
    `SELECT person_id FROM warehouse.person_version WHERE name = '林淑芬' AND recorded_to = 'infinity'`,
  );
  expect(rows).toHaveLength(1);
  person = rows[0].person_id;
});
afterAll(() => small.close());

const tooWide = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => [...line].reduce((width, c) => width + (c.codePointAt(0)! > 0x2e80 ? 2 : 1), 0) > 102);

it('three spells, what was undone and by whom stand in one story, in order, without an identifier', async () => {
  const explained = await explainPerson(small.db, person);
  expect(explained.withdrawn).toBe(false);
  const spells = explained.story.filter(({ spell }) => spell !== null);
  expect(spells.map((s) => [s.institution?.code, s.spell, s.what, s.from, s.to])).toEqual([
    ['064601', 1, '首次登錄', '2023-08-01', null],
    ['064601', 1, '離職', '2023-08-01', '2023-10-01'],
    ['064601', 2, '回任', '2024-02-01', null],
    ['064601', 2, '轉校', '2024-02-01', '2024-07-01'],
    ['064602', 1, '轉入', '2024-07-01', null],
    ['064602', 1, '職稱異動', '2024-07-03', null],
    ['064602', 1, '撤銷執行', '2024-07-01', null],
  ]);
  const text = renderExplanation(explained);
  expect(text).toMatch(/2024-07-05 09:00　064602 國小 市立瑞穗國小　撤銷執行：組長，主聘，任教數學，自 2024-07-01 起/);
  expect(text).toMatch(/由 lin 決定，理由：誤送/);
  expect(text.replaceAll(/\s/g, '')).toContain('離職：教師，主聘，任教國語文，2023-08-01至2023-10-01（不含當日）');
  expect(text).not.toContain(ID);
  expect(text).not.toContain(DIGEST);
  expect(tooWide(text)).toEqual([]);
});

it('as known before it was undone it is told as it was', async () => {
  const then = await explainPerson(small.db, person, recordedBefore('2024-07-05T00:00:00+08:00'));
  expect(then.story.at(-1)).toMatchObject({ what: '職稱異動', detail: '主任，主聘，任教數學' });
});

it('an institution and an account are explained too', async () => {
  const school = renderThing(await explainInstitution(small.db, '064602'));
  expect(school).toMatch(/機構 市立瑞穗國小/);
  expect(school).toMatch(/學校代碼　064602　國小/);
  expect(school).toMatch(/名稱 +市立瑞穗國小\n +schools，.*第 1 列|名稱 +市立瑞穗國小\n +schools/);
  const account = await explainAccount(small.db, '064601/head01');
  expect(account).toMatchObject({ kind: 'account', name: 'head01', institution: { code: '064601' }, withdrawn: false });
  expect(renderThing(account)).toMatch(/持有人 +林淑芬/);
  expect(await explainAccount(small.db, String(account.id))).toEqual(account);
  await expect(explainAccount(small.db, '064601/head99')).rejects.toThrow(/no such account/);
  await expect(explainInstitution(small.db, '999999')).rejects.toThrow(/999999/);
  expect(JSON.stringify(account)).not.toMatch(/[0-9a-f]{64}/);
});

it('who asks is given everything that is held, and it is written down who let it be made', async () => {
  const request = { person, by: LIN, reason: '當事人申請閱覽', at: '2024-08-05T09:00:00+08:00' };
  await expect(exportPerson(small.db, small.ctx.keyring, { ...request, by: OPS })).rejects.toThrow(/bureau/);
  const held = await exportPerson(small.db, small.ctx.keyring, request);
  expect(held.identifiers).toEqual([
    expect.objectContaining({ kind: 'national', value: ID, strong: true, untilRun: null }),
  ]);
  expect(held.records.map(({ kind, source, object, kept }) => [kind, source, object, kept])).toEqual([
    ['staff', 'roster/064601', '064601.csv', true],
    ['staff', 'roster/064602', '064602.csv', true],
    ['account', 'accounts/064601', '064601-k.csv', true],
  ]);
  expect(held.records[0]?.values).toMatchObject({ email: 'lam@tc.edu.tw', birth_date: '1986-01-02' });
  expect(held.history.filter(({ entity }) => entity === 'assignment').length).toBeGreaterThan(6);
  expect(held.decisions).toEqual([expect.objectContaining({ what: 'revert', by: 'lin', reason: '誤送' })]);
  expect(held.exceptions.map(({ code }) => code)).toContain('registered-elsewhere');
  expect(held.snapshots.map(({ id, file, row }) => [id, file, row.職稱 ?? row.學校代碼])).toEqual([
    ['113-teacher-plan-v1', 'teacher-plan.csv', '組長'],
  ]);
  const text = renderPersonExport(held);
  expect(text).toMatch(/身分證字號　F229999995/);
  expect(text).toMatch(/113-teacher-plan-v1　教師自我進修規劃，基準 2024-08-02 17:00/);
  expect(text).toMatch(/lin　撤銷一次執行的異動，理由：誤送/);
  expect(JSON.stringify(held)).not.toContain('id_hmac');
  expect(await small.db('ops.audit').orderBy('id', 'desc').first('actor', 'action', 'subject')).toEqual({
    actor: 'lin',
    action: 'person-exported',
    subject: `person:${person}`,
  });
});
