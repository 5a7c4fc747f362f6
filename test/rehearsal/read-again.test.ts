/** The same bytes whose meaning has changed: a shape accepted, a mapping added, complete where it was a list of changes. They are read as if they came today. */
import { mkdir, rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Receipt } from '../../schemas/outputs/receipt.ts';
import { acceptShape } from '../../warehouse/landing/shapes.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const SCHOOLS = { type: 'institution-list', name: 'schools', path: 'institutions/schools.csv', layout: 'schools' };
const roster = (more: object = {}) => [SCHOOLS, { type: 'roster-files', name: 'roster', inbox: 'inbox', ...more }];
const HEAD = '身分證字號,姓名,出生日期,職稱';
const WANG = 'A123456789,王小明,70/05/06,教師';
const LI = 'B123456780,李大華,68/12/23,校長';

let small: SmallInstallation;
let day = 0;
beforeAll(async () => {
  small = await openSmallInstallation(1, { only: roster() });
});
afterAll(() => small.close());
/** Schools are told apart, and each test has one that nobody else speaks for. */
const CODES = ['064601', '064602', '064603', '064604', '064605', '064606', '064607'];
let code = '';
beforeEach(() => {
  code = CODES.shift() as string;
});
afterEach(() => small.configure(roster()));

const date = (): string => `2024-08-${String(day).padStart(2, '0')}`;
/** The next night; with a file in a folder of the inbox that came the evening before. */
async function night(lines?: readonly string[], folder = '') {
  day += 1;
  if (lines) {
    await mkdir(small.inbox(folder), { recursive: true });
    await small.send(`${folder}${code}.${day}.csv`, `${date()}T00:30:00+08:00`, lines);
  }
  return part(await small.night(`${date()}T02:00:00+08:00`));
}
const part = (result: Awaited<ReturnType<SmallInstallation['night']>>) =>
  result.sources.flatMap((s) => s.parts ?? [s]).find((p) => p.source === `roster/${code}`);
const receipt = async (): Promise<Receipt> => (await findReceipts(small.db, `roster/${code}`, null))[0] as Receipt;
const records = async (): Promise<string[]> =>
  (
    await small.db.raw(
      `SELECT concat_ws(' ', name, id_hmac IS NOT NULL, registered_at::date, missing_since IS NOT NULL) AS line
       FROM landing.staff_record WHERE source = ? ORDER BY name COLLATE "C"`,
      [`roster/${code}`],
    )
  ).rows.map((r: { line: string }) => r.line);
const hash = (): Promise<string> => warehouseHash(small.db, small.ctx.keyring);

/** How often the connector reads while something is done. */
async function reads(what: () => Promise<unknown>): Promise<number> {
  const connector = (await small.sources()).specs.get('roster')?.connector as { read: unknown };
  const read = connector.read as (...args: unknown[]) => unknown;
  let times = 0;
  connector.read = (...args: unknown[]) => {
    times += 1;
    return read(...args);
  };
  await what();
  connector.read = read;
  return times;
}

it('rows that a new column kept out are taken from the same bytes once the shape is accepted', async () => {
  await small.configure(roster({ contract: { unknownColumn: 'quarantine-row' } }));
  await night([HEAD, WANG]);
  const wider = [`${HEAD},備註`, `${WANG},`, `${LI},`];
  expect(await night(wider)).toMatchObject({ read: 2, accepted: 0, quarantined: 2 });
  expect(await night(wider)).toMatchObject({ read: 2, accepted: 0, quarantined: 2 });
  expect(await acceptShape(small.db, `roster/${code}`)).toBe(1);
  expect(await night(wider)).toMatchObject({ read: 2, accepted: 1, unchanged: 1, quarantined: 0 });
  expect(await records()).toEqual(['李大華 t 2024-08-04 f', '王小明 t 2024-08-01 f'].sort());
  expect(await receipt()).toMatchObject({ outcome: 'taken', rows: [], todo: [] });
});

it('bytes that are read the same way are not read, and a night with them changes nothing', async () => {
  await night([HEAD, WANG, LI]);
  const before = await hash();
  let again: Awaited<ReturnType<typeof night>>;
  const times = await reads(async () => {
    again = await night([HEAD, WANG, LI]);
  });
  expect(again).toMatchObject({ read: 2, unchanged: 2, accepted: 0 });
  expect([times, await hash(), (await receipt()).outcome]).toEqual([0, before, 'same-as-before']);
});

it('a mapping that was added is followed by the same file, as by a replay, and only once', async () => {
  const lines = ['證號,姓名,出生日期,職稱', WANG, LI];
  await night(lines);
  const arrived = date();
  expect(await records()).toEqual([`李大華 f ${arrived} f`, `王小明 f ${arrived} f`].sort());
  await small.configure(roster({ schools: { [code]: { columns: { 證號: 'nationalId' } } } }));
  expect(await night(lines)).toMatchObject({ read: 2, accepted: 2, missing: 0 });
  expect(await records()).toEqual([`李大華 t ${date()} f`, `王小明 t ${date()} f`].sort());
  expect((await receipt()).files[0]?.columns).toContainEqual({ title: '證號', column: '身分證字號' });
  const before = await hash();
  expect(await reads(() => night(lines))).toBe(0);
  const replayed = await small.replay(`${date()}T12:00:00+08:00`, [`roster/${code}`]);
  expect(replayed).toMatchObject({ exceptions: { opened: 0, closed: 0 } });
  expect([part(replayed)?.read, await hash()]).toEqual([2, before]);
});

it('a replay under the new mapping has read them: the same file is not read once more', async () => {
  const lines = ['證號,姓名,出生日期,職稱', WANG.replace('王小明', '王一'), LI.replace('李大華', '李一')];
  await night(lines);
  await small.configure(roster({ columns: { 證號: 'nationalId' } }));
  await small.replay(`${date()}T12:00:00+08:00`, [`roster/${code}`]);
  expect((await records()).every((line) => line.includes(' t '))).toBe(true);
  expect(await reads(() => night(lines))).toBe(0);
});

it('a list put among the changes by mistake is complete when it comes as one, and says who is not on it', async () => {
  await night([HEAD, WANG, LI]);
  expect(await night([HEAD, WANG], '異動/')).toMatchObject({ missing: 0 });
  expect((await receipt()).files).toMatchObject([{ complete: false }]);
  expect(await night([HEAD, WANG])).toMatchObject({ read: 1, unchanged: 1, missing: 1 });
  expect(await receipt()).toMatchObject({ files: [{ complete: true }], counts: { missing: 1 } });
  const before = await hash();
  const replayed = await small.replay(`${date()}T12:00:00+08:00`, [`roster/${code}`]);
  expect([part(replayed), await hash()]).toEqual([expect.objectContaining({ read: 1, missing: 1 }), before]);
});

it('an older file changes nothing, however it would be read today (I4)', async () => {
  const old = ['證號,姓名,出生日期,職稱', WANG.replace('教師', '主任')];
  await night(old);
  await night([HEAD, WANG, LI]);
  await small.configure(roster({ columns: { 證號: 'nationalId' } }));
  const before = [await hash(), await records()];
  expect(await night(old)).toMatchObject({ read: 1, duplicate: 1, accepted: 0, missing: 0 });
  expect([await hash(), await records()]).toEqual(before);
  expect((await receipt()).outcome).toBe('old-file');
});

it('bytes that the new reading refuses fail like a new file, and what they told before stands', async () => {
  const lines = [HEAD, WANG.replace('王小明', '王二'), LI.replace('李大華', '李二')];
  await night(lines);
  const before = [await hash(), await records()];
  await small.configure(roster({ columns: { 姓名: 'ignore' } }));
  expect(await night(lines)).toMatchObject({ status: 'failed', error: { code: 'file-column-missing' } });
  expect([await hash(), await records()]).toEqual(before);
  await small.configure(roster());
  expect(await reads(() => night())).toBe(0);
  expect(await records()).toEqual(before[1]);
  await rm(small.inbox(`${code}.${day - 1}.csv`), { force: true });
});
