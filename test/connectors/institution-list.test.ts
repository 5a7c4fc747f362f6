import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ListLayout } from '../../connectors/institution-list/adapter.ts';
import { openConnector } from '../../connectors/registry.ts';
import { environmentAt } from './support/environment.ts';
import { contextAt, handOver, sourceError, temporaryFolder } from './support/handover.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

async function list(layout: ListLayout, content: string | null, path = 'list.csv') {
  if (content !== null) await writeFile(join(folder.path, path), content);
  const connector = openConnector(
    { type: 'institution-list', name: 'schools', path, layout },
    environmentAt(folder.path),
  );
  const [part] = await connector.discover(contextAt());
  expect(part).toEqual({ source: 'schools', drop: 'schools', files: [] });
  return (await handOver(connector, part!))[0]!;
}

it('reads the list of schools; its moment does not depend on the file', async () => {
  const { delivery, rows, notes } = await list(
    'schools',
    'code,name,section,ownership,district,teachers\n064601,市立豐原國小,國小,公立,豐原區,80\n',
  );
  expect(delivery).toMatchObject({ complete: true, asOf: '2000-01-01T00:00:00+08:00' });
  expect(rows).toEqual([
    {
      kind: 'institution',
      values: { code: '064601', name: '市立豐原國小', section: '國小', ownership: '公立', district: '豐原區' },
      origin: { object: 0, row: 2 },
    },
  ]);
  expect(notes.ignoredColumns).toEqual(['teachers']);
});

it("reads the ministry's list of kindergartens without its prefixes, as of its school year", async () => {
  const { delivery, rows } = await list(
    'moe-kindergartens',
    '\ufeff學年度,代碼,學校名稱,公/私立,縣市名稱,鄉鎮市區名稱,地址,電話\n113,064X24,臺中市大甲國小附設幼兒園,公立,[06]臺中市,[437]大甲區,[437]臺中市大甲區育德路233號,(04)26872048#770\n',
  );
  expect(delivery.asOf).toBe('2024-01-01T00:00:00+08:00');
  expect(rows[0]!.values).toEqual({
    code: '064X24',
    name: '臺中市大甲國小附設幼兒園',
    section: '幼兒園',
    ownership: '公立',
    district: '大甲區',
    address: '臺中市大甲區育德路233號',
    phone: '(04)26872048#770',
  });
});

it('fails when the list is missing or empty', async () => {
  expect(await sourceError(list('schools', null, 'gone.csv'))).toMatchObject({
    code: 'list-missing',
    params: { path: 'gone.csv' },
  });
  expect(await sourceError(list('schools', 'code,name\n'))).toMatchObject({ code: 'file-no-rows' });
});
