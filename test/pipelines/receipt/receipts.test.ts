/** Receipts end to end: what a school is told of its files, once per delivery. */
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCampaigns, readConfig } from '../../../cli/read-config.ts';
import { renderReceipt } from '../../../pipelines/report/render-receipt.ts';
import type { Receipt } from '../../../schemas/outputs/receipt.ts';
import { findReceipts } from '../../../warehouse/receipts.ts';
import { openSmallInstallation, type SmallInstallation } from '../../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,教師姓名,出生日期,職稱,登入密碼,住址,異動別,異動日期';
const WANG = '064601,A123456789,王小明,70/05/06,教師,geheim,甲路,,';
const LI = '064601,B123456780,李大華,68/12/23,校長,geheim,乙路,,';

let small: SmallInstallation;
beforeAll(async () => {
  const { config, configDir } = readConfig(path.resolve('samples/mingce.yaml'));
  small = await openSmallInstallation(1, { campaigns: readCampaigns(config, configDir) });
});
afterAll(() => small.close());

const folder = (code: string): string => path.join(path.dirname(small.inbox('x')), '..', 'receipts', code);
const files = (code: string): Promise<string[]> => readdir(folder(code)).then((names) => names.sort());
const newest = async (name: string): Promise<Receipt> => (await findReceipts(small.db, name, null))[0] as Receipt;

it('says what the file was taken for, the sums, the rows with reasons, what to do by when and whom to ask', async () => {
  const bad = '064601,C123456781,趙新,80/01/02,教師,geheim,丙路,失蹤,113/08/01';
  await small.send('064601-名冊<b>.csv', '2024-07-29T10:00:00+08:00', ['某校名冊', HEAD, WANG, LI, bad]);
  const { run } = await small.night('2024-07-30T02:00:00+08:00');
  const receipt = await newest('064601');
  expect(receipt).toMatchObject({
    run,
    kind: 'staff',
    outcome: 'partly-taken',
    institution: { code: '064601', name: '市立豐原國小' },
    counts: { read: 3, accepted: 2, unchanged: 0, quarantined: 1, excluded: 0, duplicate: 0, missing: 0 },
    files: [
      { complete: true, format: 'csv', encoding: 'utf-8', headerRow: 2, ignored: ['住址'], dropped: ['登入密碼'] },
    ],
    rows: [{ row: 5, severity: 'row', lastGoodKept: false, issues: [{ code: 'change-unknown', value: '失蹤' }] }],
    dueBy: { at: '2024-08-02T17:00:00+08:00' },
    contacts: { phone: '07-7258600', email: 'inservice@mail.nknu.edu.tw' },
  });
  expect(receipt.files[0]?.columns).toContainEqual({ title: '教師姓名', column: '姓名' });
  const text = renderReceipt(receipt);
  for (const part of [
    '064601 市立豐原國小',
    '第 5 列',
    '失蹤',
    '2024-08-02 17:00',
    '07-7258600',
    '讀為 教師名冊（完整）',
  ]) {
    expect(text).toContain(part);
  }
  for (const secret of ['A123456789', 'C123456781', '趙新', 'geheim'])
    expect(JSON.stringify(receipt)).not.toContain(secret);
  const [name = ''] = await files('064601');
  expect((await stat(path.join(folder('064601'), name))).mode & 0o777).toBe(0o600);
  const page = await readFile(path.join(folder('064601'), name), 'utf8');
  expect(page).toContain('064601-名冊&lt;b&gt;.csv');
  expect(page).not.toMatch(/<script|<b>|http:/);
});

it('a school whose code no list knows hears that its people wait, why, and what to do, until the code is known', async () => {
  await small.send('999999.csv', '2024-07-30T00:30:00+08:00', [
    '姓名,職稱,身分證字號',
    '陳美,教師,A223456781',
    '林安,教師,B123456780',
  ]);
  await small.night('2024-07-30T02:30:00+08:00');
  const receipt = await newest('999999');
  expect(receipt).toMatchObject({
    outcome: 'waiting',
    institution: { code: '999999', name: null },
    counts: { read: 2, accepted: 2, waiting: 2 },
    matters: [],
    todo: [{ zh: expect.stringMatching(/999999 不在學校清單中，因此 2 筆/) }],
  });
  const text = renderReceipt(receipt);
  expect(text).toContain('尚未列入名冊');
  expect(text).not.toContain('已採用');
  const half = [
    '學校代碼,學制,姓名,職稱,身分證字號',
    '064607,國小,陳好,教師,C123456781',
    '064607,高中,林好,教師,D120000000',
  ];
  await small.send('064607.csv', '2024-07-30T00:40:00+08:00', half);
  await small.night('2024-07-30T02:40:00+08:00');
  expect(await newest('064607')).toMatchObject({
    outcome: 'partly-taken',
    counts: { read: 2, accepted: 2, waiting: 1 },
    matters: [{ code: 'institution-unknown' }],
    todo: [{ zh: expect.stringContaining('有 1 筆') }, { zh: expect.stringContaining('其他事項') }],
  });
});

it('is given once: a night without a new file gives none, a broken file that lies on is told of once', async () => {
  await small.night('2024-07-30T03:00:00+08:00');
  expect(await files('064601')).toHaveLength(1);
  await small.send('064602.csv', '2024-07-30T10:00:00+08:00', ['姓名,職稱', '陳美,教師', '"林']);
  await small.night('2024-07-31T02:00:00+08:00');
  const told = await newest('064602');
  expect(told).toMatchObject({ outcome: 'refused', error: { code: 'file-quotes-broken' }, todo: [expect.anything()] });
  expect(await files('064602')).toHaveLength(1);
  await small.night('2024-07-31T03:00:00+08:00');
  expect(await files('064602')).toHaveLength(1);
  await small.send('064602.csv', '2024-07-31T10:00:00+08:00', ['姓名,職稱', '陳美,教師', '"陳']);
  await small.night('2024-07-31T12:00:00+08:00');
  expect(await files('064602')).toHaveLength(2);
  await rm(small.inbox('064602.csv'));
});

it('a file of nobody gets one too', async () => {
  await small.send('名冊.csv', '2024-07-31T11:00:00+08:00', ['姓名,職稱', '陳美,教師']);
  await small.night('2024-07-31T13:00:00+08:00');
  const [unknown = ''] = (await readdir(folder('.'))).filter((name) => name.startsWith('unknown-'));
  expect(await newest(`roster/${unknown}`)).toMatchObject({ outcome: 'refused', institution: null });
  expect(await files(unknown)).toHaveLength(1);
  await rm(small.inbox('名冊.csv'));
});

it('tells the same bytes again, and an old file after newer ones, for what they are', async () => {
  const send = (name: string, at: string, lines: string[]) => small.send(name, at, lines);
  await send('064603-a.csv', '2024-07-31T14:00:00+08:00', [
    HEAD,
    LI.replace('064601', '064603').replace('B123456780', 'F229999995'),
  ]);
  await small.night('2024-07-31T15:00:00+08:00');
  await send('064603-copy.csv', '2024-07-31T15:30:00+08:00', [
    HEAD,
    LI.replace('064601', '064603').replace('B123456780', 'F229999995'),
  ]);
  await small.night('2024-07-31T16:00:00+08:00');
  expect(await newest('064603')).toMatchObject({ outcome: 'same-as-before', counts: { unchanged: 1 }, todo: [] });
  await send('064603-b.csv', '2024-07-31T16:30:00+08:00', [HEAD, '064603,F229999995,李大華,68/12/23,主任,,,,']);
  await small.night('2024-07-31T17:00:00+08:00');
  await send('064603-c.csv', '2024-07-31T17:30:00+08:00', [
    HEAD,
    LI.replace('064601', '064603').replace('B123456780', 'F229999995'),
  ]);
  await small.night('2024-07-31T18:00:00+08:00');
  const old = await newest('064603');
  expect(old).toMatchObject({ outcome: 'old-file', counts: { duplicate: 1 } });
  expect(renderReceipt(old)).toContain('重送');
});

it('a school whose teacher was registered elsewhere finds that on its next receipt (R08)', async () => {
  await small.send('064604.csv', '2024-08-01T08:00:00+08:00', [
    HEAD,
    '064604,A123456789,王小明,70/05/06,教師,,,轉入,113/08/01',
  ]);
  await small.night('2024-08-01T09:00:00+08:00');
  await small.send('064601-b.csv', '2024-08-01T10:00:00+08:00', [HEAD, WANG, LI, '']);
  await small.night('2024-08-01T11:00:00+08:00');
  const told = [expect.objectContaining({ code: 'registered-elsewhere', about: '王小明' })];
  expect((await newest('064601')).matters).toEqual(told);
  await small.send('064601-c.csv', '2024-08-01T11:10:00+08:00', [
    HEAD,
    WANG.replace('甲路', '丁路').replace('教師', '組長'),
    LI,
  ]);
  await small.night('2024-08-01T11:30:00+08:00');
  expect((await newest('064601')).matters).toEqual(told);
});

it('a replay that settles what a receipt asks for gives another one; one that changes nothing gives none', async () => {
  const ask = (code: string, id: string, change: string) => `${code},${id},趙新,80/01/02,教師,,,${change},113/08/01`;
  await small.send('064617.csv', '2024-08-01T11:35:00+08:00', [
    '名冊別：異動',
    HEAD,
    ask('064617', 'C123456781', '到差'),
  ]);
  await small.send('064608.csv', '2024-08-01T11:35:00+08:00', [
    '名冊別：異動',
    HEAD,
    ask('064608', 'E120000001', '失蹤'),
  ]);
  await small.night('2024-08-01T11:40:00+08:00');
  expect((await newest('064617')).todo).toHaveLength(1);
  const told = [await newest('064617'), await newest('064608')];
  await small.replay('2024-08-01T11:42:00+08:00');
  expect([await newest('064617'), await newest('064608')]).toEqual(told);
  expect(await files('064617')).toHaveLength(1);

  const connector = (await small.sources()).specs.get('roster')?.connector as { read: unknown };
  const read = connector.read as (...args: unknown[]) => AsyncIterable<{ values: Record<string, string> }[]>;
  connector.read = async function* (...args: unknown[]) {
    for await (const rows of read(...args))
      yield rows.map((row) =>
        row.values.change === '到差' ? { ...row, values: { ...row.values, change: '新進' } } : row,
      );
  };
  const { run } = await small.replay('2024-08-01T11:45:00+08:00');
  connector.read = read;
  const settled = await newest('064617');
  expect(settled).toMatchObject({
    run,
    outcome: 'read-again',
    rows: [],
    todo: [],
    files: [{ complete: false }],
    error: null,
  });
  expect(renderReceipt(settled)).toContain('系統已重新讀取先前的檔案');
  expect(await newest('064608')).toEqual(told[1]);
  expect([await files('064617'), await files('064608')].map((names) => names.length)).toEqual([2, 1]);
  await small.night('2024-08-01T11:50:00+08:00');
  expect(await newest('064617')).toEqual(settled);
});

it('a receipt after a replay still says that a newer file was refused and waits', async () => {
  await small.send('064609.csv', '2024-08-01T11:51:00+08:00', [
    '名冊別：異動',
    HEAD,
    '064609,A223456781,趙新,80/01/02,教師,,,到差,113/08/01',
  ]);
  await small.night('2024-08-01T11:52:00+08:00');
  await small.send('064609.b.csv', '2024-08-01T11:53:00+08:00', ['姓名,職稱', '陳美,教師', '"林']);
  await small.night('2024-08-01T11:54:00+08:00');
  const refused = await newest('064609');
  expect(refused).toMatchObject({ outcome: 'refused', rows: [{ row: 3 }] });
  const connector = (await small.sources()).specs.get('roster')?.connector as { read: unknown };
  const read = connector.read as (...args: unknown[]) => AsyncIterable<{ values: Record<string, string> }[]>;
  connector.read = async function* (...args: unknown[]) {
    for await (const rows of read(...args))
      yield rows.map((row) => ({ ...row, values: { ...row.values, change: '' } }));
  };
  await small.replay('2024-08-01T11:55:00+08:00', ['roster/064609']);
  connector.read = read;
  expect(await newest('064609')).toMatchObject({
    outcome: 'read-again',
    error: refused.error,
    rows: [],
    todo: [refused.todo[0]],
  });
  await rm(small.inbox('064609.b.csv'));
});

it('a folder that cannot be written holds up nothing; the next run writes what is owed', async () => {
  await writeFile(folder('064605'), 'in the way');
  await small.send('064605.csv', '2024-08-01T12:00:00+08:00', [HEAD, '064605,E120000001,吳立,70/05/06,教師,,,,']);
  expect(await small.night('2024-08-01T13:00:00+08:00')).toMatchObject({ status: 'complete' });
  expect(small.log.text()).toContain('receipts not written');
  expect(await newest('064605')).toMatchObject({ outcome: 'taken', todo: [] });
  await rm(folder('064605'));
  await small.night('2024-08-01T14:00:00+08:00');
  expect(await files('064605')).toHaveLength(1);
});

it('what a run heard that failed before its report is told by the next one', async () => {
  await small.send('064606.csv', '2024-08-01T15:00:00+08:00', [HEAD, '064606,G120000003,鄭好,70/05/06,教師,,,,']);
  await small.db.raw(`ALTER TABLE ops.plan_change ADD CONSTRAINT broken CHECK (source <> 'roster/064606')`);
  expect(await small.night('2024-08-01T16:00:00+08:00')).toMatchObject({ status: 'failed' });
  await small.db.raw('ALTER TABLE ops.plan_change DROP CONSTRAINT broken');
  expect(await findReceipts(small.db, '064606', null)).toEqual([]);
  await small.night('2024-08-01T17:00:00+08:00');
  expect(await newest('064606')).toMatchObject({ outcome: 'taken', counts: { accepted: 1 } });
  expect(await files('064606')).toHaveLength(1);
});
