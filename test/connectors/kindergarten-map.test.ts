import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../connectors/contract.ts';
import { openConnector } from '../../connectors/registry.ts';
import { makeNormaliser } from '../../pipelines/normalise/normalise-row.ts';
import { environmentAt } from './support/environment.ts';
import { contextAt, type HandedOver, handOver, sourceError, temporaryFolder } from './support/handover.ts';
import { mapAnswer, mapItem } from './support/map-answer.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let map: Connector;
beforeEach(async () => {
  folder = await temporaryFolder();
  map = openConnector(
    { type: 'kindergarten-map', name: 'map', inbox: '.', maxBytes: 20_000, stableSeconds: 0 },
    environmentAt(folder.path),
  );
});
afterEach(() => folder.remove());

async function put(name: string, content: string | Uint8Array, arrived = '2024-08-01T10:00:00+08:00'): Promise<void> {
  await writeFile(join(folder.path, name), content);
  await utimes(join(folder.path, name), new Date(arrived), new Date(arrived));
}

async function take(name: string, content: string | Uint8Array): Promise<HandedOver> {
  await put(name, content);
  const [part] = await map.discover(contextAt());
  return (await handOver(map, part!))[0]!;
}

const refusal = (content: string | Uint8Array, name = '401.json') => sourceError(take(name, content));
const whole = (): string => mapAnswer([mapItem('0940100001', '準公共', '臺中市私立甲子園幼兒園')]);

describe('an answer of the map', () => {
  it('becomes rows of its district: the status off the name, coordinates ignored, complete as of its arrival', async () => {
    const { delivery, rows, notes } = await take(
      '401.v1.0733bfdc.json',
      mapAnswer([
        mapItem('0940100001', '準公共', '臺中市私立甲子園幼兒園'),
        mapItem('0940100004-01', '非營利', '臺中市東區非營利幼兒園(委託財團法人某某基金會辦理)'),
      ]),
    );
    expect(delivery).toMatchObject({ source: 'map/401', complete: true, asOf: '2024-08-01T10:00:00.000+08:00' });
    expect(rows.map((row) => [row.values, row.issues])).toEqual([
      [
        {
          code: mapItem('0940100001', '準公共', '').sid,
          name: '臺中市私立甲子園幼兒園',
          ownership: 'spub3',
          district: '東區',
        },
        undefined,
      ],
      [
        {
          code: mapItem('0940100004-01', '非營利', '').sid,
          name: '臺中市東區非營利幼兒園(委託財團法人某某基金會辦理)',
          ownership: 'spub2',
          district: '東區',
        },
        undefined,
      ],
    ]);
    expect(notes).toMatchObject({ file: '401.v1.0733bfdc.json', district: '401 東區' });
  });

  it('reads sids, ownership and 準公共 as facts', async () => {
    const { rows } = await take('401.json', whole());
    const context = { source: 'map/401', drop: 'map', path: 'kindergarten', partCode: '401' } as const;
    const normalise = makeNormaliser({
      ...context,
      asOf: '2024-08-01T10:00:00+08:00',
      registeredFallback: '2024-08-01T10:00:00+08:00',
    });
    expect(normalise(rows[0]!)).toMatchObject({
      outcome: 'record',
      record: { key: '0940100001', section: '幼兒園', ownership: '私立', quasiPublic: true, status: '營業中' },
      warnings: [],
    });
  });

  it('speaks for the district in its name, else for the one that most of its sids carry', async () => {
    await put(
      'a.json',
      mapAnswer([
        mapItem('0940700001', '私立', '甲'),
        mapItem('0940700002', '私立', '乙'),
        mapItem('0940100009', '私立', '丙'),
      ]),
    );
    await put('401.json', whole());
    const parts = await map.discover(contextAt());
    expect(parts.map((part) => part.source).sort()).toEqual(['map/401', 'map/407']);
  });

  it('with a byte order mark and fields that the map did not have before is read, and the fields are told', async () => {
    const item = { ...mapItem('0940100001', '私立', '甲幼兒園'), tel: '04' };
    const { rows, notes } = await take('401.json', `\ufeff${JSON.stringify([item])}`);
    expect(notes.fields).toContainEqual({ name: 'tel', column: null, types: ['string'], kind: 'institution' });
    expect(rows.map((row) => row.drift)).toEqual([[{ kind: 'unknown-column', field: 'tel', column: null }]]);
  });
});

describe('a row of the map', () => {
  const issuesOf = async (item: unknown): Promise<string[]> => {
    const { rows } = await take('401.json', mapAnswer([item, mapItem('0940100002', '私立', '乙幼兒園')]));
    return (rows[0]!.issues ?? []).map((issue) => issue.code);
  };

  it('of the wrong shape costs itself only', async () => {
    expect(await issuesOf({ ...mapItem('0940100001', '私立', '甲幼兒園'), name: undefined })).toEqual([
      'raw-field-shape',
    ]);
    expect(await issuesOf({ ...mapItem('0940100001', '私立', '甲幼兒園'), sid: '' })).toEqual(['raw-field-shape']);
    expect(await issuesOf('甲幼兒園')).toEqual(['raw-field-shape']);
    expect(await issuesOf(null)).toEqual(['raw-field-shape']);
  });

  it('whose type contradicts the status before its name is quarantined', async () => {
    expect(await issuesOf({ ...mapItem('0940100001', '私立', '甲幼兒園'), type: 'spub0' })).toEqual(['raw-map-status']);
  });

  it('with a NUL or half a character is quarantined', async () => {
    expect(await issuesOf(mapItem('0940100001', '私立', '甲\u0000幼兒園'))).toEqual(['raw-text-broken']);
    expect(await issuesOf(mapItem('0940100001', '私立', '甲\ud800幼兒園'))).toEqual(['raw-text-broken']);
  });
});

describe('an answer that is refused, with nothing of its district changed', () => {
  it('is cut short, a login page, or not text', async () => {
    expect(await refusal(whole().slice(0, -9))).toMatchObject({ code: 'map-json-broken' });
    expect(await refusal('<html><body>系統維護中</body></html>')).toMatchObject({ code: 'map-json-broken' });
    expect(await refusal(new Uint8Array([0x5b, 0xff, 0xfe, 0x5d]))).toMatchObject({ code: 'map-json-broken' });
    expect(await refusal('')).toMatchObject({ code: 'map-json-broken' });
  });

  it('gives a key twice', async () => {
    expect(await refusal('[{"sid": "a", "sid": "b"}]')).toMatchObject({
      code: 'map-json-repeated',
      params: { key: 'sid' },
    });
  });

  it('is no list, or an empty one', async () => {
    expect(await refusal('{"error":"busy"}')).toMatchObject({ code: 'map-json-shape' });
    expect(await refusal('[]')).toMatchObject({ code: 'map-empty' });
  });

  it('holds no sid that can be read', async () => {
    const item = { ...mapItem('0940100001', '私立', '甲幼兒園'), sid: 'AAAA' };
    expect(await refusal(mapAnswer([item]), 'answer.json')).toMatchObject({ code: 'map-district-unknown' });
  });

  it('lies under the name of another district', async () => {
    expect(await refusal(whole(), '407.json')).toMatchObject({
      code: 'map-district-conflict',
      params: { file: '407.json', named: '407', held: '401' },
    });
  });

  it('is too large', async () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      mapItem(`09401${String(i).padStart(5, '0')}`, '私立', '甲幼兒園'),
    );
    expect(await refusal(mapAnswer(many))).toMatchObject({ code: 'file-too-large', params: { limit: 20_000 } });
  });
});
