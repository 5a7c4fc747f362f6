import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSnapshot } from '../../../pipelines/snapshot.ts';
import { KEYS_PATH, SIGNATURE_PATH } from '../../../schemas/snapshot.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { BEFORE, CUT_OFF, World } from './world.ts';

const PEOPLE = [
  ['丙', 'C123456780', '064602'],
  ['甲', 'A123456789', '064602'],
  ['乙', null, '064602'],
  ['甲', 'B142610160', '064602'],
  ['甲', null, '064601'],
  ['=HYPERLINK("x"),y', null, '064601'],
] as const;

let databases: TestDatabase[];
let worlds: World[];

/** One city in two installations: another key, other surrogate ids, filled the other way round. */
beforeAll(async () => {
  databases = [await createTestDatabase(), await createTestDatabase()];
  worlds = databases.map(({ url }, i) => new World(url, { key: i }));
  for (const [i, world] of worlds.entries()) {
    await world.db.raw(`ALTER SEQUENCE warehouse.person_id_seq RESTART ${5000 * i + 1}`);
    await world.db.raw(`ALTER SEQUENCE warehouse.institution_id_seq RESTART ${9000 * i + 1}`);
    const order = <T>(items: readonly T[]): T[] => (i === 0 ? [...items] : [...items].reverse());
    const units = new Map<string, number>();
    for (const code of order(['064601', '064602'])) units.set(code, await world.institution({ code }));
    for (const [name, id, code] of order(PEOPLE)) {
      await world.assign(await world.person(name, id), units.get(code) as number);
    }
    await world.run(BEFORE);
    await world.run(CUT_OFF, { kind: 'closing' });
  }
});
afterAll(async () => {
  for (const world of worlds) await world.close();
  for (const database of databases) await database.drop();
});

/** Who signed is another one in each installation. */
const OF_THE_AUTHOR: ReadonlySet<string> = new Set([SIGNATURE_PATH, KEYS_PATH]);

it('are the same in two installations, whatever their keys, surrogate ids and order of arrival', async () => {
  const files: [string, string][][] = [];
  for (const world of worlds) {
    const { snapshot } = await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan' });
    const alike = snapshot.files.filter(({ path }) => !OF_THE_AUTHOR.has(path));
    const bytes = alike.map(
      async (f): Promise<[string, string]> => [f.path, (await world.fileBytes(snapshot.id, f.path)).toString('latin1')],
    );
    files.push(await Promise.all(bytes));
  }
  expect(files[0]?.map(([path]) => path)).toEqual([
    'datapackage.json',
    'teacher-plan.bom.csv',
    'teacher-plan.csv',
    'teacher-plan.jsonl',
    'teacher-plan.oneroster.zip',
    'teacher-plan.parquet',
  ]);
  expect(files[0]).toEqual(files[1]);
  expect(await worlds[0]?.fileText('113-teacher-plan-v1', 'teacher-plan.csv')).toMatchInlineSnapshot(`
    "身分證編碼,姓名,學校代碼,教育部代碼,學制,機構名稱,職稱,職別,任教科目
    ,"=HYPERLINK(""x""),y",064601,,國小,學校064601,教師,7,國語
    ,甲,064601,,國小,學校064601,教師,7,國語
    f584b67d1fa2aadc44f9bd1043c88f129ac690bf06d3257984b4e7b47f02cfc9,丙,064602,,國小,學校064602,教師,7,國語
    ,乙,064602,,國小,學校064602,教師,7,國語
    51ff20a57253f7f0ee3a9bffe86a86a2141c716b2f554b2bf6429df50e538c13,甲,064602,,國小,學校064602,教師,7,國語
    bb3d6c63e2e9f9f8ccfb5be0604be356ffefd7f858c5515dd7a204c6b5f68ce1,甲,064602,,國小,學校064602,教師,7,國語
    "
  `);
});

it('are the same whatever the time zone of the process that makes them', () => {
  const script = `
    import { createSnapshot } from './pipelines/snapshot.ts';
    import { World } from './test/pipelines/snapshot/world.ts';
    const world = new World(process.env.TEST_URL, { key: Number(process.env.TEST_KEY) });
    const made = await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan', asOf: '2024-08-01T20:00:00.000Z' });
    const manifest = JSON.parse(await world.fileText(made.snapshot.id, 'datapackage.json'));
    const { validOn, cutOff } = manifest.mingce;
    process.stdout.write(JSON.stringify([made.created, cutOff, validOn, made.snapshot.files.filter((f) => !['datapackage.json.jws', 'keys.json'].includes(f.path))]));
    await world.close();`;
  const [east, west] = ['Pacific/Auckland', 'America/New_York'].map((zone, i) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TZ: zone, TEST_URL: databases[i]?.url, TEST_KEY: String(i) },
      encoding: 'utf8',
    }),
  );
  expect(east).toBe(west);
  expect(JSON.parse(east as string).slice(0, 3)).toEqual([true, '2024-08-02T04:00:00+08:00', '2024-08-02']);
});
