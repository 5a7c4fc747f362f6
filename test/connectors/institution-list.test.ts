import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ListConfig } from '../../connectors/institution-list/adapter.ts';
import { openConnector } from '../../connectors/registry.ts';
import { makeNormaliser } from '../../pipelines/normalise/normalise-row.ts';
import { environmentAt } from './support/environment.ts';
import { contextAt, handOver, sourceError, temporaryFolder } from './support/handover.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

async function list(config: ListConfig | ListConfig['layout'], content: string | null, path = 'list.csv') {
  if (content !== null) await writeFile(join(folder.path, path), content);
  const connector = openConnector(
    { type: 'institution-list', name: 'schools', path, ...(typeof config === 'string' ? { layout: config } : config) },
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

const MOE_SCHOOLS = '\ufeff學年度,代碼,學校名稱,公/私立,縣市名稱,地址,電話,網址\n';
const PRIMARIES = { layout: 'moe-schools', section: '國小', county: '臺中市' } as const;

it("reads the ministry's list of schools: one section a list, the section from the configuration, rows of the city only", async () => {
  const { delivery, rows, notes } = await list(
    PRIMARIES,
    [
      MOE_SCHOOLS,
      '114,64350,市立中港高中附設國小,公立,[06]臺中市,[433]臺中市沙鹿區中清路1號,(4)26578270,https://example.tw\n',
      '114,014601,市立板橋國小,公立,[01]新北市,[220]新北市板橋區文化路1號,(02)29686834,https://example.tw\n',
      '114,061601,私立華盛頓國小,私立,台中市,[427]臺中市潭子區潭興路1號,425393299,https://example.tw\n',
    ].join(''),
  );
  expect(delivery.asOf).toBe('2025-01-01T00:00:00+08:00');
  expect(rows.map((row) => row.values)).toEqual([
    {
      code: '64350',
      name: '市立中港高中附設國小',
      section: '國小',
      ownership: '公立',
      address: '臺中市沙鹿區中清路1號',
      phone: '(4)26578270',
    },
    {
      code: '061601',
      name: '私立華盛頓國小',
      section: '國小',
      ownership: '私立',
      address: '臺中市潭子區潭興路1號',
      phone: '425393299',
    },
  ]);
  expect(rows.map((row) => row.origin.row)).toEqual([2, 4]);
  expect(notes).toMatchObject({ rowsOfOtherCounties: 1 });
});

it('what spreadsheets ate from a listed school comes back with a warning', async () => {
  const { rows } = await list(
    PRIMARIES,
    `${MOE_SCHOOLS}114,64350,市立中港高中附設國小,公立,[06]臺中市,[433]臺中市沙鹿區中清路1號,(4)26578270,\n`,
  );
  const normalise = makeNormaliser({
    source: 'schools',
    drop: 'schools',
    path: 'list',
    partCode: null,
    asOf: '2025-01-01T00:00:00+08:00',
    registeredFallback: '2025-01-01T00:00:00+08:00',
  });
  expect(normalise(rows[0]!)).toMatchObject({
    outcome: 'record',
    record: { key: '064350:國小', code: '064350', district: '沙鹿區', phone: '(04)26578270' },
    warnings: [{ code: 'code-zero-restored' }, { code: 'phone-zero-restored' }],
  });
});

it('a list without a row of the county asked for is refused: no school of the city is missing because of it', async () => {
  const row = '114,014601,市立板橋國小,公立,[01]新北市,[220]新北市板橋區文化路1號,(02)29686834,\n';
  expect(await sourceError(list(PRIMARIES, MOE_SCHOOLS + row))).toMatchObject({
    code: 'list-county-absent',
    params: { county: '臺中市' },
  });
});

it('a row with shifted cells is not left out for the county that it seems to name', async () => {
  const shifted =
    '114,064601,市立豐原國小,公立,[06]臺中市,[420]臺中市豐原區新生北路155號,1樓,(04)25222066,https://example.tw\n';
  const other = '114,064602,市立瑞穗國小,公立,甲,乙,[06]臺中市,[420]臺中市豐原區西安街72號,(04)25262064\n';
  const { rows } = await list(PRIMARIES, MOE_SCHOOLS + shifted + other);
  expect(rows.map((row) => row.issues?.[0]?.code)).toEqual(['raw-cells-extra', 'raw-cells-extra']);
});

it('fails when the list is missing or empty', async () => {
  expect(await sourceError(list('schools', null, 'gone.csv'))).toMatchObject({
    code: 'list-missing',
    params: { path: 'gone.csv' },
  });
  expect(await sourceError(list('schools', 'code,name\n'))).toMatchObject({ code: 'file-no-rows' });
});
