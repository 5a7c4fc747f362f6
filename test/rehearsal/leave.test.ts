/** 留職停薪 and 復職 with their own days (R10), told as a story through PostgreSQL: to come, corrected, beside other changes, and around a cut-off. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SnapshotMoments, visible } from '../../warehouse/views/snapshot-visible.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,異動別,異動日期,登錄時間';
const wang = (title: string, said: string, at = ''): string =>
  `064601,A123456789,王小明,男,70/05/06,${title},${said},${at}`;
const lin = (title: string, said: string, at = ''): string =>
  `064602,F229999993,林淑芬,女,75/01/02,${title},${said},${at}`;
const changes = (row: string): string[] => ['名冊別：異動', HEAD, row];

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

/** What is known now of a person's only spell: `2024-08-01 教師 留` for each stretch, with the day on which it was registered. */
async function known(name: string): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT v.valid_from || ' ' || v.title || CASE WHEN v.on_leave THEN ' 留' ELSE '' END || coalesce(' ' || v.end_reason || ' ' || v.valid_to, '')
            || ' (' || (v.registered_at AT TIME ZONE 'Asia/Taipei')::date || ')' AS line
     FROM landing.staff_record r JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.key
     JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity'
     WHERE r.name = ? ORDER BY v.valid_from`,
    [name],
  );
  return rows.map((r: { line: string }) => r.line);
}

/** What a snapshot of a cut-off sees of everybody, as recorded by now. */
async function seen(cutOff: string): Promise<string[]> {
  const moments: SnapshotMoments = { through: '9999-01-01T00:00:00Z', cutOff, day: cutOff.slice(0, 10) };
  const { rows } = await small.db.raw(
    `SELECT r.name || ' ' || v.title || CASE WHEN v.on_leave THEN ' 留' ELSE '' END AS line
     FROM landing.staff_record r JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.key
     JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND ${visible('v', 'assignment')} ORDER BY 1`,
    { ...moments },
  );
  return rows.map((r: { line: string }) => r.line);
}

const overlaps = async (): Promise<unknown[]> =>
  (
    await small.db.raw(
      `SELECT a.assignment_id FROM warehouse.assignment_version a JOIN warehouse.assignment_version b ON b.assignment_id = a.assignment_id AND a.ctid < b.ctid
       WHERE a.recorded_from < b.recorded_to AND b.recorded_from < a.recorded_to AND a.valid_from < b.valid_to AND b.valid_from < a.valid_to`,
    )
  ).rows;

it('a leave that is registered for a coming day holds from that day', async () => {
  await small.send('064601-a.csv', '2024-07-28T10:00:00+08:00', [HEAD, wang('教師', ',')]);
  await small.send('064602-a.csv', '2024-07-28T10:00:00+08:00', [HEAD, lin('教師', ',')]);
  await small.night('2024-07-29T02:00:00+08:00');
  await small.send('064601-b.csv', '2024-07-30T10:00:00+08:00', changes(wang('教師', '留職停薪,113/08/01')));
  const night = await small.night('2024-07-31T02:00:00+08:00');
  expect(night.changes.assignments).toEqual({ added: 0, changed: 1, ended: 0 });
  expect(await known('王小明')).toEqual(['2024-07-28 教師 (2024-07-30)', '2024-08-01 教師 留 (2024-07-30)']);
});

it('a title that changes before that day changes then, and again at once for the leave', async () => {
  await small.send('064601-c.csv', '2024-07-31T10:00:00+08:00', changes(wang('組長', '留職停薪,113/08/01')));
  await small.night('2024-08-01T02:00:00+08:00');
  expect(await known('王小明')).toEqual([
    '2024-07-28 教師 (2024-07-31)',
    '2024-07-31 組長 (2024-07-31)',
    '2024-08-01 組長 留 (2024-07-31)',
  ]);
});

it('a corrected 異動日期 corrects the day; the same word again writes nothing (I11)', async () => {
  await small.send('064601-d.csv', '2024-08-01T10:00:00+08:00', changes(wang('組長', '留職停薪,113/09/01')));
  await small.night('2024-08-02T02:00:00+08:00');
  const corrected = ['2024-07-28 教師 (2024-07-31)', '2024-07-31 組長 (2024-08-01)', '2024-09-01 組長 留 (2024-08-01)'];
  expect(await known('王小明')).toEqual(corrected);
  await small.send('064601-e.csv', '2024-08-01T11:00:00+08:00', [HEAD, wang('組長', '留職停薪,113/09/01')]);
  const again = await small.night('2024-08-02T03:00:00+08:00');
  expect(again.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
  expect(await known('王小明')).toEqual(corrected);
});

it('a change that is registered after the cut-off hides nothing of what was known before it, one that was registered in time counts (R24)', async () => {
  await small.send('064602-b.csv', '2024-08-03T10:00:00+08:00', changes(lin('組長', ',')));
  await small.night('2024-08-04T02:00:00+08:00');
  expect(await seen('2024-08-02T17:00:00+08:00')).toEqual(['林淑芬 教師', '王小明 組長'].sort());
  const late = changes(lin('組長', '留職停薪,113/09/01', '113/08/02 10:00:00'));
  await small.send('064602-c.csv', '2024-08-04T10:00:00+08:00', late);
  await small.night('2024-08-05T02:00:00+08:00');
  expect(await known('林淑芬')).toEqual([
    '2024-07-28 教師 (2024-08-02)',
    '2024-08-03 組長 (2024-08-02)',
    '2024-09-01 組長 留 (2024-08-02)',
  ]);
  expect(await seen('2024-08-02T17:00:00+08:00')).toEqual(['林淑芬 教師', '王小明 組長'].sort());
  expect(await seen('2024-07-31T17:00:00+08:00')).toEqual(['林淑芬 教師', '王小明 組長'].sort());
  expect(await seen('2024-09-01T17:00:00+08:00')).toEqual(['林淑芬 組長 留', '王小明 組長 留'].sort());
});

it('a past day holds from that day, and a leave is followed by its return', async () => {
  await small.send('064601-f.csv', '2024-09-20T10:00:00+08:00', changes(wang('組長', '留職停薪,113/09/15')));
  await small.night('2024-09-21T02:00:00+08:00');
  expect((await known('王小明')).at(-1)).toBe('2024-09-15 組長 留 (2024-09-20)');
  await small.send('064601-g.csv', '2025-01-20T10:00:00+08:00', changes(wang('組長', '復職,114/02/01')));
  await small.night('2025-01-21T02:00:00+08:00');
  expect((await known('王小明')).slice(1)).toEqual([
    '2024-07-31 組長 (2024-09-20)',
    '2024-09-15 組長 留 (2025-01-20)',
    '2025-02-01 組長 (2025-01-20)',
  ]);
});

it('an end before a coming return cuts it off; a first list may bring a coming leave with it', async () => {
  await small.send('064601-h.csv', '2025-01-22T10:00:00+08:00', changes(wang('組長', '離職,114/01/25')));
  const row = '064603,C123456785,趙新,男,80/01/02,教師,留職停薪,114/02/01,';
  await small.send('064603-a.csv', '2025-01-22T10:00:00+08:00', [HEAD, row]);
  await small.night('2025-01-23T02:00:00+08:00');
  expect((await known('王小明')).at(-1)).toBe('2024-09-15 組長 留 離職 2025-01-25 (2025-01-22)');
  expect(await known('趙新')).toEqual(['2025-01-22 教師 (2025-01-22)', '2025-02-01 教師 留 (2025-01-22)']);
});

it('no two versions that are known at one moment speak of one day', async () => {
  expect(await overlaps()).toEqual([]);
});
