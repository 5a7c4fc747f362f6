/** `mingce hash --as-of`: what the warehouse said before a moment that has passed, whatever came to be known since. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashAsOf } from '../../pipelines/hash.ts';
import { WrongRequestError } from '../../schemas/wrong-request.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const STAFF = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,任教科目,異動別,異動日期';
const ACCOUNTS = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態,啟用日期';
const NOW = '2026-01-01T00:00:00+08:00';

let small: SmallInstallation;
let folder: string;
let lists: object[];
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mingce-hash-'));
  lists = ['own', 'other'].map((name) => ({
    type: 'institution-list',
    name,
    path: path.join(folder, `${name}.csv`),
    layout: 'schools',
  }));
  const files = [
    { type: 'roster-files', name: 'roster', inbox: 'inbox' },
    { type: 'account-files', name: 'accounts', inbox: 'accounts' },
  ];
  lists.push(...files);
  await schools('own', '064601,市立豐原國小,國小,公立,豐原區', '064602,市立瑞穗國小,國小,公立,豐原區');
  await schools('other', '064601,豐原國小,國小,公立,豐原區');
  small = await openSmallInstallation(1, { only: lists });
});
afterAll(async () => {
  await small.close();
  await rm(folder, { recursive: true });
});

const schools = (list: string, ...lines: string[]) =>
  writeFile(path.join(folder, `${list}.csv`), ['code,name,section,ownership,district', ...lines].join('\n'));
const asOf = (moment: string): Promise<string> => hashAsOf(small.db, small.ctx.keyring, moment, NOW);

interface Night {
  /** Clock of the night, which is its recorded moment. */
  at: string;
  hash: string;
}

/** Each night brings what the hash holds and a later one changes: stretches, ends, identifiers, accounts, an institution's word and name. */
const STORY: readonly [clock: string, () => Promise<unknown>][] = [
  [
    '2024-07-01T02:00:00+08:00',
    async () => {
      const people = [
        'A123456789,王小明,男,70/05/06,教師,國語文,新進,112/08/01',
        'F229999995,林淑芬,女,75/01/02,導師,數學,新進,112/08/01',
      ];
      await small.send('064601-a.csv', '2024-06-30T10:00:00+08:00', [STAFF, ...people.map((p) => `064601,${p}`)]);
      const account = '064601,head01,總負責人,A123456789,王小明,啟用,112/08/01';
      await small.send('064601-k.csv', '2024-06-30T10:00:00+08:00', [ACCOUNTS, account], 'accounts');
    },
  ],
  [
    // A corrected identifier, another title from a day, a coming transfer.
    '2024-08-02T02:00:00+08:00',
    async () => {
      const people = ['B123456780,王小明,男,70/05/06,教師,國語文,,', 'F229999995,林淑芬,女,75/01/02,組長,數學,,'];
      await small.send('064601-b.csv', '2024-08-01T10:00:00+08:00', [STAFF, ...people.map((p) => `064601,${p}`)]);
    },
  ],
  [
    '2024-08-03T02:00:00+08:00',
    async () => {
      const moved = '064602,F229999995,林淑芬,女,75/01/02,教師,數學,轉入,113/08/20';
      await small.send('064602-a.csv', '2024-08-02T10:00:00+08:00', [STAFF, moved]);
      const account = '064601,head01,總負責人,A123456789,王小明,停用,112/08/01';
      await small.send('064601-l.csv', '2024-08-02T10:00:00+08:00', [ACCOUNTS, account], 'accounts');
    },
  ],
  [
    // The other list has the word on 064601 from now on; its source and key are written over in place.
    '2024-08-04T02:00:00+08:00',
    async () => {
      const [own, other, ...files] = lists;
      await small.configure([other as object, own as object, ...files]);
      await schools('other', '064601,豐原國民小學,國小,公立,豐原區');
    },
  ],
  ['2024-08-05T02:00:00+08:00', () => schools('other', '064601,豐原實驗國小,國小,公立,豐原區')],
];

it('is the hash that was, night by night; of now it is the plain one', async () => {
  const nights: Night[] = [];
  for (const [clock, brings] of STORY) {
    const before = await warehouseHash(small.db, small.ctx.keyring);
    await brings();
    const result = await small.night(clock);
    expect(result.sources.map((s) => s.status)).not.toContain('failed');
    // Before the night itself: what was recorded in it is not in.
    expect(await asOf(clock)).toBe(before);
    nights.push({ at: clock, hash: await warehouseHash(small.db, small.ctx.keyring) });
    for (const [n, night] of nights.entries()) {
      const next = nights[n + 1]?.at ?? NOW;
      expect(await asOf(next), `before ${next}`).toBe(night.hash);
      const justAfter = new Date(Date.parse(night.at) + 1).toISOString();
      expect(await asOf(justAfter), `after ${night.at}`).toBe(night.hash);
    }
  }
  expect(new Set(nights.map(({ hash }) => hash)).size).toBe(STORY.length);
  const { rows } = await small.db.raw(`SELECT source FROM warehouse.institution WHERE source_key LIKE '064601%'`);
  expect(rows).toEqual([{ source: 'other' }]);
  expect(await asOf('2024-01-01T00:00:00+08:00')).toBe(await asOf('2023-01-01T00:00:00+08:00'));
});

it('a moment that has not come is refused, for its answer could still change', async () => {
  await expect(asOf('2026-01-01T00:00:01+08:00')).rejects.toThrow(WrongRequestError);
  await expect(asOf('2026-01-01T00:00:01+08:00')).rejects.toThrow(/--as-of 2026-01-01T00:00:01\+08:00 has not come/);
});
