/** Two lists of schools that overlap: the one named first has the word, the other only adds what it lacks. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const TITLES = '學年度,代碼,學校名稱,公/私立,縣市名稱,地址,電話,網址';
let small: SmallInstallation;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mingce-lists-'));
  const own = path.join(folder, 'own.csv');
  const ministry = path.join(folder, 'ministry.csv');
  await writeFile(own, 'code,name,section,ownership,district\n064601,市立豐原國小,國小,公立,豐原區\n');
  await writeFile(
    ministry,
    [
      TITLES,
      '114,64601,市立豐原國民小學,公立,[06]臺中市,[420]臺中市豐原區新生北路155號,(04)25222066,',
      '114,064602,市立瑞穗國小,公立,[06]臺中市,[420]臺中市豐原區西安街72號,(04)25262064,',
    ].join('\n'),
  );
  small = await openSmallInstallation(1, {
    only: [
      { type: 'institution-list', name: 'own', path: own, layout: 'schools' },
      {
        type: 'institution-list',
        name: 'ministry',
        path: ministry,
        layout: 'moe-schools',
        section: '國小',
        county: '臺中市',
      },
    ],
  });
});
afterAll(async () => {
  await small.close();
  await rm(folder, { recursive: true });
});

it('makes one institution of what both list, in the words of the first', async () => {
  await small.night('2025-08-02T02:00:00+08:00');
  const { rows } = await small.db.raw(
    `SELECT i.source || ' ' || i.source_key || ' ' || v.name AS line FROM warehouse.institution i
     JOIN warehouse.institution_version v ON v.institution_id = i.id ORDER BY 1`,
  );
  expect(rows.map((r: { line: string }) => r.line)).toEqual([
    'ministry 064602:國小 市立瑞穗國小',
    'own 064601:國小 市立豐原國小',
  ]);
});
