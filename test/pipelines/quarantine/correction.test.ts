/**
 * A school's file with ten different mistakes, end to end: listed, exported in its own layout, corrected, sent back, closed. Long because it is one way
 * there and back, told through everything that can go wrong on it.
 */
import { chmod, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { read, utils, write } from '@e965/xlsx';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportCorrection } from '../../../pipelines/quarantine/correction-file.ts';
import { listQuarantine } from '../../../pipelines/quarantine/list-quarantine.ts';
import { renderQuarantine } from '../../../pipelines/report/render-quarantine.ts';
import { openSmallInstallation, type SmallInstallation } from '../../support/small-installation.ts';

const HEAD = [
  '備註',
  '身分證號',
  '教師姓名',
  '學校代碼',
  '學制',
  '生日',
  '職稱',
  '登入密碼',
  '信箱',
  '異動別',
  '異動日期',
];
const GOOD = ['', 'A123456789', '王小明', '064601', '國小', '70/05/06', '教師', 'geheim-1', 'wang@example.tw', '', ''];
/** What is wrong in each row, and the cell that puts it right; null deletes the row. */
const BROKEN: readonly { row: string[]; fix: Record<string, string> | null }[] = [
  {
    row: ['=1+1', 'B1234*6780', '李大華', '064601', '國小', '', '教師', 'geheim-2', '', '', ''],
    fix: { 身分證號: 'B123456780' },
  },
  { row: ['', 'C123456781', '', '064601', '國小', '', '教師', '', '', '', ''], fix: { 教師姓名: '趙新' } },
  { row: ['', 'F229999995', '林○○', '064601', '國小', '', '教師', '', '', '', ''], fix: { 教師姓名: '林淑芬' } },
  { row: ['', 'A223456781', '何安', '06A', '國小', '', '教師', '', '', '', ''], fix: { 學校代碼: '064601' } },
  { row: ['', 'A800000014', '范文雄', '064602', '國小', '', '教師', '', '', '', ''], fix: null },
  { row: ['', 'D120000000', '周平', '064601', '幼兒園', '', '教師', '', '', '', ''], fix: null },
  {
    row: ['', 'E120000001', '吳立', '064601', '國小', '', '教師', '', '', '失蹤', '113/08/01'],
    fix: { 異動別: '離職' },
  },
  { row: ['', 'G120000003', '鄭好', '064601', '國小', '', '教師', '', '', '離職', ''], fix: { 異動日期: '113/08/01' } },
  {
    row: ['', 'H120000004', '高山', '064601', '國小', '', '教師', '', '', '離職', '八月初'],
    fix: { 異動日期: '113/08/01' },
  },
  {
    row: ['', 'J120000005', '孫海', '064601', '國小', '', '教師', '', 'sun at example', '', ''],
    fix: { 信箱: 'sun@example.tw' },
  },
];
const csv = (rows: readonly (readonly string[])[]): string[] => [
  '某某國小教師名冊',
  ...rows.map((row) => row.join(',')),
];

type Sheet = string[][];
const readers: Readonly<Record<string, (file: string) => Promise<Sheet>>> = {
  '.xlsx': sheetOf,
  '.ods': sheetOf,
  '.csv': async (file) => Papa.parse<string[]>((await readFile(file, 'utf8')).replace('\uFEFF', '').trimEnd()).data,
};
async function sheetOf(file: string): Promise<Sheet> {
  const book = read(await readFile(file), { type: 'buffer', raw: true });
  const sheet = book.Sheets[book.SheetNames[0] as string];
  return utils.sheet_to_json<string[]>(sheet as never, { header: 1, raw: false, defval: '' });
}

describe.each(Object.keys(readers))('a correction file as %s', (format) => {
  let small: SmallInstallation;
  let file: string;
  beforeAll(async () => {
    small = await openSmallInstallation();
    file = small.inbox(`更正${format}`, 'accounts').replace('accounts', '.');
  });
  afterAll(() => small.close());

  const open = () => listQuarantine(small.db, { institution: '064601' });
  const people = async (): Promise<string[]> => {
    const { rows } = await small.db.raw(
      `SELECT name || CASE WHEN missing_since IS NULL THEN '' ELSE ' missing' END AS n FROM landing.staff_record WHERE source = 'roster/064601' ORDER BY name COLLATE "C"`,
    );
    return rows.map((row: { n: string }) => row.n);
  };

  it('lists ten mistakes with row, column, masked value, severity and what stays in force', async () => {
    await small.send('064601-名冊.csv', '2024-07-29T10:00:00+08:00', csv([HEAD, GOOD, ...BROKEN.map((b) => b.row)]));
    const result = await small.night('2024-07-30T02:00:00+08:00');
    const part = result.sources.find((s) => s.source === 'roster')?.parts?.[0];
    expect(part).toMatchObject({ read: 11, accepted: 2, quarantined: 9 });
    const list = await open();
    expect(list.rows).toBe(10);
    expect(list.list.filter((row) => row.severity === 'value')).toEqual([
      expect.objectContaining({
        row: 13,
        issues: [expect.objectContaining({ code: 'email-invalid', title: '電子郵件' })],
      }),
    ]);
    const masked = list.list.find((row) => row.issues[0]?.code === 'id-masked');
    expect(masked).toMatchObject({ object: '064601-名冊.csv', row: 4, lastGoodKept: null });
    const text = renderQuarantine(list, () => true);
    expect(text).toContain('第 4 列');
    for (const secret of ['B1234', 'A800000014', '李大華', 'geheim', 'sun at']) expect(text).not.toContain(secret);
  });

  it('writes them in the layout of the school, raw, without the password, for the owner only', async () => {
    const { specs } = await small.sources();
    const exported = await exportCorrection(small.ctx, specs.get('roster') as never, 'roster/064601', file);
    expect(exported).toMatchObject({ rows: 10, withoutOriginal: 0 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const rows = await (readers[format] as (f: string) => Promise<Sheet>)(file);
    const at = rows.findIndex((row) => row.includes('身分證號'));
    expect(rows[at]).toEqual([...HEAD, '說明']);
    const first = rows[at + 1] as string[];
    expect(first.slice(1, 3)).toEqual(['B1234*6780', '李大華']);
    expect(first[0]).toBe(format === '.csv' ? "'=1+1" : '=1+1');
    expect(first[7]).toBe('');
    expect(first.at(-1)).toMatch(/身分證字號.*遮罩.*〔更正編號 \d+〕$/);
    expect(rows.flat().join()).not.toContain('geheim');
  });

  it('closes all ten when it comes back corrected, and makes nobody else missing', async () => {
    const rows = await (readers[format] as (f: string) => Promise<Sheet>)(file);
    const at = rows.findIndex((row) => row.includes('身分證號'));
    const corrected = rows.slice(at + 1).flatMap((row, i) => {
      const fix = BROKEN[i]?.fix;
      if (!fix) return [];
      const changed = [...row];
      for (const [title, value] of Object.entries(fix)) changed[HEAD.indexOf(title)] = value;
      return [changed];
    });
    const back = [...rows.slice(0, at + 1), ...corrected];
    const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
    const target = small.inbox(`回傳${format}`);
    if (format === '.csv')
      await writeFile(target, `\uFEFF${back.map((row) => row.map(quote).join(',')).join('\r\n')}\r\n`);
    else {
      const book = utils.book_new(utils.aoa_to_sheet(back), '更正檔');
      await writeFile(target, write(book, { type: 'buffer', bookType: format.slice(1) as 'xlsx' | 'ods' }) as Buffer);
    }
    await chmod(target, 0o600);
    await utimes(target, new Date('2024-07-30T10:00:00+08:00'), new Date('2024-07-30T10:00:00+08:00'));
    const result = await small.night('2024-07-31T02:00:00+08:00');
    const part = result.sources.find((s) => s.source === 'roster')?.parts?.[0];
    expect(part).toMatchObject({ source: 'roster/064601', status: 'fresh', read: 8, quarantined: 0, missing: 0 });
    expect((await open()).rows).toBe(0);
    expect(await people()).toEqual(
      ['王小明', '李大華', '趙新', '林淑芬', '何安', '吳立', '鄭好', '高山', '孫海'].sort(),
    );
    const { rows: held } = await small.db.raw(`SELECT email FROM landing.staff_record WHERE name = '孫海'`);
    expect(held).toEqual([{ email: 'sun@example.tw' }]);
  });
});

describe('what is still wrong', () => {
  let small: SmallInstallation;
  beforeAll(async () => {
    small = await openSmallInstallation();
  });
  afterAll(() => small.close());
  const TITLES = '學校代碼,身分證字號,姓名,出生日期,電子郵件,異動別,異動日期';
  const file = (name = 'back.csv') => path.join(path.dirname(small.inbox('x')), '..', name);

  it('stays open under a new number, and the rest closes', async () => {
    await small.send('064601.csv', '2024-07-29T10:00:00+08:00', [
      TITLES,
      '064601,A123456789,,70/05/06,,,',
      '064601,B123456780,李大華,,,失蹤,113/08/01',
      '064601,C123456781,趙新,,,,,溢出',
    ]);
    await small.night('2024-07-30T02:00:00+08:00');
    const { specs } = await small.sources();
    await exportCorrection(small.ctx, specs.get('roster') as never, 'roster/064601', file());
    const lines = (await readFile(file(), 'utf8')).replace('\uFEFF', '').replace('A123456789,,', 'A123456789,王小明,');
    await small.send('064601-回傳.csv', '2024-07-30T10:00:00+08:00', lines.trimEnd().split('\r\n'));
    await small.night('2024-07-31T02:00:00+08:00');
    const list = await listQuarantine(small.db, {});
    expect(list.list.map((row) => row.issues[0]?.code).sort()).toEqual(['change-unknown', 'raw-cells-extra']);
    expect(list.list.every((row) => row.object === '064601-回傳.csv')).toBe(true);
  });

  it('a correction file whose lines above the titles were deleted is a list of changes all the same', async () => {
    await small.send('064603.csv', '2024-07-29T10:00:00+08:00', [
      '學校代碼,身分證字號,姓名',
      '064603,A123456798,王大明',
      '064603,F229999986,',
    ]);
    await small.night('2024-07-31T02:00:00+08:00');
    const { specs } = await small.sources();
    await exportCorrection(small.ctx, specs.get('roster') as never, 'roster/064603', file('headless.csv'));
    const lines = (await readFile(file('headless.csv'), 'utf8'))
      .replace('\uFEFF', '')
      .replace('F229999986,,', 'F229999986,陳美,');
    const titles = lines.indexOf('學校代碼,');
    expect(lines.slice(0, titles)).toContain('欄位名稱以上的各行請保留');
    await small.send('064603-回傳.csv', '2024-07-31T10:00:00+08:00', [
      ...lines.slice(titles).trimEnd().split('\r\n'),
      '064603,A123456798,王大明,',
    ]);
    const result = await small.night('2024-08-01T02:00:00+08:00');
    const parts = result.sources.find((s) => s.source === 'roster')?.parts;
    expect(parts).toEqual([expect.objectContaining({ source: 'roster/064603', read: 2, accepted: 1, missing: 0 })]);
  });

  it('a value that cannot be read leaves the last good one, and the same file again is unchanged', async () => {
    const send = (day: string, mail: string) =>
      small.send(`064602-${day}.csv`, `2024-08-${day}T10:00:00+08:00`, [
        TITLES,
        `064602,F229999995,林淑芬,75/01/02,${mail},,`,
      ]);
    const mail = async () =>
      (await small.db.raw(`SELECT email, birth_date FROM landing.staff_record WHERE source = 'roster/064602'`)).rows[0];
    await send('01', 'lin@example.tw');
    await small.night('2024-08-02T02:00:00+08:00');
    await send('02', 'lin 沒有信箱');
    const second = await small.night('2024-08-03T02:00:00+08:00');
    expect(await mail()).toEqual({ email: 'lin@example.tw', birth_date: '1986-01-02' });
    expect(second.changes.persons.changed).toBe(0);
    expect((await listQuarantine(small.db, { institution: '064602' })).list).toEqual([
      expect.objectContaining({ severity: 'value', lastGoodKept: true }),
    ]);
    await send('03', 'lin 沒有信箱');
    await small.send('064602-04.csv', '2024-08-03T11:00:00+08:00', [
      TITLES,
      '064602,F229999995,林淑芬,75/01/02,lin 沒有信箱,,',
      '',
    ]);
    const third = await small.night('2024-08-04T02:00:00+08:00');
    expect(third.sources.find((s) => s.source === 'roster')?.parts?.[0]).toMatchObject({
      accepted: 0,
      status: 'fresh',
    });
    await send('05', 'neu@example.tw');
    await small.night('2024-08-06T02:00:00+08:00');
    expect(await mail()).toMatchObject({ email: 'neu@example.tw' });
    expect((await listQuarantine(small.db, { institution: '064602' })).rows).toBe(0);
  });

  it('an error of a formula stays open until somebody types over it', async () => {
    const sheet = utils.aoa_to_sheet([TITLES.split(','), ['064604', 'G120000003', '鄭好', '70/05/06', '', '', '']]);
    sheet.B3 = { t: 's', v: 'H220000006' };
    sheet.C3 = { t: 'e', v: 0x17, f: '#REF!' };
    sheet.D3 = { t: 's', v: '70/05/06' };
    sheet['!ref'] = 'A1:G3';
    await writeFile(
      small.inbox('064604.xlsx'),
      write(utils.book_new(sheet), { type: 'buffer', bookType: 'xlsx' }) as Buffer,
    );
    await utimes(
      small.inbox('064604.xlsx'),
      new Date('2024-08-08T10:00:00+08:00'),
      new Date('2024-08-08T10:00:00+08:00'),
    );
    await small.night('2024-08-09T02:00:00+08:00');
    const { specs } = await small.sources();
    const back = async (day: string, change: (lines: string) => string) => {
      await rm(file(), { force: true });
      await exportCorrection(small.ctx, specs.get('roster') as never, 'roster/064604', file());
      const lines = change((await readFile(file(), 'utf8')).replace('\uFEFF', ''))
        .trimEnd()
        .split('\r\n');
      await small.send(`064604-${day}.csv`, `2024-08-${day}T10:00:00+08:00`, lines);
      await small.night(`2024-08-${day}T23:00:00+08:00`);
      return (await listQuarantine(small.db, { institution: '064604' })).list.map(({ issues }) => issues);
    };
    expect(await back('09', (lines) => lines)).toEqual([
      [
        expect.objectContaining({
          code: 'raw-cell-error',
          text: expect.objectContaining({ en: expect.stringContaining('#REF!') }),
        }),
      ],
    ]);
    expect(await back('10', (lines) => lines.replace('#REF!', '高山'))).toEqual([]);
  });

  it('a character that broke costs its row, is told with column and place, and stays open until somebody types it', async () => {
    const people = ['王大明', '李小華', '陳安琪', '林志遠', '黃淑芬', '張雅婷'];
    const lines = people.map((name, i) => `064605,G12000000${i},${name},70/05/06,,,`);
    const bytes = Buffer.from([TITLES, ...lines, ''].join('\r\n'));
    bytes[bytes.indexOf('安')] = 0xff;
    await writeFile(small.inbox('064605.csv'), bytes);
    const arrived = new Date('2024-08-11T10:00:00+08:00');
    await utimes(small.inbox('064605.csv'), arrived, arrived);
    const night = await small.night('2024-08-12T02:00:00+08:00');
    expect(night.sources.find((s) => s.source === 'roster')?.parts).toMatchObject([{ accepted: 5, quarantined: 1 }]);
    const open = async () => (await listQuarantine(small.db, { institution: '064605' })).list;
    expect((await open()).map(({ row, severity, issues }) => ({ row, severity, issues }))).toMatchObject([
      {
        row: 4,
        severity: 'row',
        issues: [{ code: 'raw-character-broken', title: '姓名', text: { zh: expect.stringContaining('第 2 個字') } }],
      },
    ]);
    const { specs } = await small.sources();
    const back = async (day: string, typed: string) => {
      await rm(file(), { force: true });
      await exportCorrection(small.ctx, specs.get('roster') as never, 'roster/064605', file());
      const text = (await readFile(file(), 'utf8')).replace('\uFEFF', '').trimEnd();
      const sent = text.replace(/陳\ufffd+琪/, typed).split('\r\n');
      await small.send(`064605-${day}.csv`, `2024-08-${day}T10:00:00+08:00`, sent);
      await small.night(`2024-08-${day}T23:00:00+08:00`);
      return (await open()).flatMap(({ issues }) => issues.map(({ code }) => code));
    };
    expect(await back('13', '陳\ufffd琪')).toEqual(['raw-character-broken']);
    expect(await back('14', '陳安琪')).toEqual([]);
  });

  it('two rows that contradict each other stand side by side; the right one sent back closes both', async () => {
    const row = (title: string) => `064603,E120000001,吳立,70/05/06,${title},,`;
    await small.send('064603.csv', '2024-08-06T10:00:00+08:00', [TITLES, row('a@example.tw'), row('b@example.tw')]);
    await small.night('2024-08-07T02:00:00+08:00');
    const { specs } = await small.sources();
    await rm(file(), { force: true });
    await exportCorrection(small.ctx, specs.get('roster') as never, 'roster/064603', file());
    const lines = (await readFile(file(), 'utf8')).replace('\uFEFF', '').trimEnd().split('\r\n');
    expect(lines.filter((line) => line.includes('吳立'))).toHaveLength(2);
    const back = lines.filter((line) => !line.includes('a@example.tw'));
    await small.send('064603-回傳.csv', '2024-08-07T10:00:00+08:00', back);
    await small.night('2024-08-08T02:00:00+08:00');
    expect((await listQuarantine(small.db, { institution: '064603' })).rows).toBe(0);
  });
});

it('a file in the layout and the titles of its school comes back as they are read there', async () => {
  const small = await openSmallInstallation(1, {
    roster: { schools: { '064601': { columns: { 老師大名: 'name' } } } },
  });
  try {
    const file = path.join(path.dirname(small.inbox('x')), '..', 'layout.csv');
    await small.send('064601.csv', '2024-07-29T10:00:00+08:00', [
      '全誼系統匯出',
      '身分證字號,老師大名,性別,異動別,異動日期',
      'A123456789,王小明,1,失蹤,113/07/01',
      'B223456781,李大華,0,失蹤,113/07/01',
    ]);
    await small.night('2024-07-30T02:00:00+08:00');
    const { specs } = await small.sources();
    await exportCorrection(small.ctx, specs.get('roster') as never, 'roster/064601', file);
    const back = (await readFile(file, 'utf8'))
      .replace('\uFEFF', '')
      .replaceAll('失蹤', '新進')
      .trimEnd()
      .split('\r\n');
    await small.send('064601-回傳.csv', '2024-07-30T10:00:00+08:00', back);
    await small.night('2024-07-31T02:00:00+08:00');
    const { rows } = await small.db.raw('SELECT name, sex FROM landing.staff_record ORDER BY name');
    expect(rows).toEqual([
      { name: '李大華', sex: '女' },
      { name: '王小明', sex: '男' },
    ]);
    expect((await listQuarantine(small.db, {})).rows).toBe(0);
  } finally {
    await small.close();
  }
});
