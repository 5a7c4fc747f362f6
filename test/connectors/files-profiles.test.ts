import { utils, write } from '@e965/xlsx';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConnector } from '../../connectors/registry.ts';
import { sourceConfig } from '../../schemas/config.ts';
import { environmentAt } from './support/environment.ts';
import { handOver, sourceError } from './support/handover.ts';
import { type Inbox, makeInbox } from './support/inbox.ts';

let inbox: Inbox;
beforeEach(async () => {
  inbox = await makeInbox();
});
afterEach(() => inbox.remove());

const SFS3_TITLES =
  '"行政代號","登入密碼","身分證號","姓名","性別(1男, 2女)","生日","結婚否(1是 0否)","地址","家中電話","手機號碼","備註"';
const sfs3 = (...rows: string[]) => [SFS3_TITLES, ...rows].join('\r\n');

/** A roster read as a source of this configuration reads it. */
async function readAs(configured: Record<string, unknown>, name: string, content: string | Uint8Array) {
  const config = sourceConfig.parse({ type: 'roster-files', name: 'roster', inbox: '.', ...configured });
  const connector = openConnector(config, environmentAt(inbox.path));
  await inbox.put(name, content);
  return (await handOver(connector, { source: 'roster/064601', drop: 'roster', files: [name] }))[0]!;
}

describe('the import layout of SFS3', () => {
  it('is recognised by its titles, and its password column leaves no trace', async () => {
    const { rows, notes } = await inbox.read(
      '064601.csv',
      sfs3('"1002","hunter2","A123456789","王小明",1,1963/5/1,0,"外埔區中山路1號","6859875","0912 345678",""'),
    );
    expect(notes).toMatchObject({ profile: 'sfs3', profileGuessed: true, droppedColumns: ['登入密碼'] });
    expect(rows.map((row) => row.values)).toEqual([
      {
        institutionCode: '064601',
        nationalId: 'A123456789',
        name: '王小明',
        sex: '1',
        birthDate: '1963/5/1',
        phone: '0912 345678',
      },
    ]);
    expect(JSON.stringify([rows, notes])).not.toContain('hunter2');
  });

  it('has addresses with commas that nobody quoted: the row is put right by its phones', async () => {
    const { rows, notes } = await inbox.read(
      '064601.csv',
      sfs3(
        '1002,,A123456789,王小明,1,1963/5/1,0,外埔區中山路1號,3樓,之2,(04)26859875,0912345678,',
        '1003,,B123456780,李大華,1,1963/5/1,0,外埔區,,,兼任,週一,週三',
        '1004,,C123456781,林美玲,2,1963/5/1,0,外埔區中山路1號,04-26859875,,',
        '1005,,C123456781,陳一,2,1963/5/1,0,外埔區中山路1號,04-26859875,,,,',
      ),
    );
    expect(rows.map((row) => [row.values.name, row.values.phone, row.issues ?? null])).toEqual([
      ['王小明', '0912345678', null],
      ['李大華', '', null],
      ['林美玲', '', null],
      ['陳一', '', null],
    ]);
    expect(notes.rowsPutRight).toBe(2);
  });

  it('has rows with commas that could mean two things: these are quarantined, and so they are in a plain file', async () => {
    const row = '1002,,A123456789,王小明,1,1963/5/1,0,中山路1號,3,0912345678,0987654321,6,7';
    const guessed = await inbox.read('064601.csv', sfs3(row));
    const tail = '1002,,A123456789,王小明,1,1963/5/1,0,中山路1號,3樓,2室,0912345678,';
    expect((await inbox.read('064601.csv', sfs3(tail))).rows[0]!.issues).toMatchObject([{ code: 'raw-cells-extra' }]);
    const twice = '1002,,A123456789,王小明,1,1963/5/1,0,中山路1號,3樓,26859875,0912345678,,,兼任';
    expect((await inbox.read('064601.csv', sfs3(twice))).rows[0]!.issues).toMatchObject([{ code: 'raw-cells-extra' }]);
    expect(guessed.rows[0]!.issues).toMatchObject([{ code: 'raw-cells-extra', params: { cells: 13, expected: 11 } }]);
    const certain = '1002,,A123456789,王小明,1,1963/5/1,0,中山路1號,3樓,26859875,0912345678,兼任';
    expect((await inbox.read('064602.csv', sfs3(certain))).rows[0]!.issues).toBeUndefined();
    const plain = await readAs({ profile: 'plain' }, '064601_a.csv', sfs3(certain));
    expect(plain.rows[0]!.issues).toMatchObject([{ code: 'raw-cells-extra' }]);
    expect(plain.notes).toMatchObject({ profile: 'plain' });
    expect(plain.notes.profileGuessed).toBeUndefined();
  });
});

describe('an export of 全誼', () => {
  const TABLE = [
    ['豐原國小 教師名冊'],
    ['姓名', '身分證字號', '性別', '生日', '職稱'],
    ['王小明', 'A123456789', 1, '0630401', '教師'],
    ['林美玲', 'A223456781', 0, '0780401', '教師'],
  ];
  const csv = (rows: unknown[][]) => rows.map((row) => row.join(',')).join('\r\n');
  const sexes = (read: { rows: { values: { sex?: string } }[] }) => read.rows.map((row) => row.values.sex);

  it('is one by configuration: 男 is 1 and 女 is 0, in Big5 and in a workbook', async () => {
    const schools = { '064601': { profile: 'eschool' } };
    const text = await readAs({ schools }, '064601.csv', iconv.encode(csv(TABLE), 'big5'));
    expect(text.notes).toMatchObject({ profile: 'eschool', encoding: 'big5' });
    const sheet = write(
      { SheetNames: ['a'], Sheets: { a: utils.aoa_to_sheet(TABLE) } },
      { type: 'buffer', bookType: 'xlsx' },
    );
    const book = await readAs({ profile: 'eschool' }, '064601.xlsx', sheet);
    for (const read of [text, book]) {
      expect(sexes(read)).toEqual(['男', '女']);
      expect(read.rows.map((row) => row.values.birthDate)).toEqual(['0630401', '0780401']);
    }
  });

  it('begins its data in row 3, whatever row 2 holds', async () => {
    const [, titles, ...people] = TABLE as [unknown, unknown[], ...unknown[][]];
    const table = [titles, ['必填', '必填', '男1女0', 'YYYMMDD', ''], ...people];
    expect((await readAs({ profile: 'eschool' }, '064601.csv', csv(table))).rows).toHaveLength(2);
  });

  it('is recognised by a letterhead that names it; another school and a plain file keep their codes', async () => {
    const named = [['全誼校務行政系統'], ...TABLE.slice(1)];
    const guessed = await inbox.read('064601.csv', csv(named));
    expect(guessed.notes).toMatchObject({ profile: 'eschool', profileGuessed: true });
    expect(sexes(guessed)).toEqual(['男', '女']);
    const other = await readAs({ schools: { '064602': { profile: 'eschool' } } }, '064601_a.csv', csv(TABLE));
    expect(other.notes.profile).toBe('plain');
    expect(sexes(other)).toEqual(['1', '0']);
  });

  it('leaves what is none of its codes as it came, also a word that every object knows', async () => {
    const odd = [...TABLE.slice(0, 2), ['王小明', 'A123456789', 'constructor', '0630401', '教師']];
    expect(sexes(await readAs({ profile: 'eschool' }, '064601.csv', csv(odd)))).toEqual(['constructor']);
  });
});

describe('titles of a school, as configured', () => {
  const ROWS = '編號,老師大名,現職,職務代理人\n7,王小明,教師,李大華\n';

  it('are read as the columns they stand for, and win over the common ones', async () => {
    const schools = {
      '064601': { columns: { 老師大名: 'name', 編號: 'staffId', 現職: 'ignore', 職務代理人: 'ignore' } },
    };
    const { rows, notes } = await readAs({ schools }, '064601.csv', ROWS);
    expect(rows[0]!.values).toEqual({ institutionCode: '064601', staffId: '7', name: '王小明' });
    expect(notes.ignoredColumns).toEqual(['現職', '職務代理人']);
  });

  it('are those of that school only; those of the source are everybody’s', async () => {
    const others = { '064602': { columns: { 老師大名: 'name' } } };
    expect(await sourceError(readAs({ schools: others }, '064601.csv', ROWS))).toMatchObject({
      code: 'file-header-missing',
    });
    const { rows } = await readAs({ columns: { 老師大名: 'name' } }, '064601.csv', ROWS);
    expect(rows[0]!.values).toMatchObject({ name: '王小明', title: '教師' });
  });

  it('cannot bring a password in', async () => {
    const { rows, notes } = await readAs(
      { columns: { 登入密碼: 'staffId' } },
      '064601.csv',
      '姓名,登入密碼\n王小明,pw\n',
    );
    expect(rows[0]!.values).toEqual({ institutionCode: '064601', name: '王小明' });
    expect(notes.droppedColumns).toEqual(['登入密碼']);
  });

  it('must stand for a column that there is, of a school that has a code', () => {
    const parse = (more: object) =>
      sourceConfig.safeParse({ type: 'roster-files', name: 'roster', inbox: '.', ...more }).error?.issues[0];
    expect(parse({ schools: { '064601': { columns: { 人員姓名: 'nmae' } } } })).toMatchObject({
      path: ['schools', '064601', 'columns', '人員姓名'],
      message: expect.stringContaining('"name"'),
    });
    expect(parse({ schools: { 64601: {} } })).toMatchObject({ path: ['schools', '64601'] });
    expect(JSON.stringify(parse({ schools: { 64601: {} } }))).toContain('in quotes');
    expect(parse({ schools: { '064601': { profile: 'sfs4' } } })).toMatchObject({
      path: ['schools', '064601', 'profile'],
    });
  });
});

it('a folder says whether its lists are whole; where it and the letterhead disagree nobody is called missing', async () => {
  const rows = '姓名,職稱\n王小明,教師\n';
  await inbox.put('異動/064601.csv', rows, '2024-08-01T07:00:00+08:00');
  await inbox.put('異動/064601_2.csv', `名冊別：完整\n${rows}`, '2024-08-01T08:00:00+08:00');
  await inbox.put('完整/064601.csv', `名冊別：異動\n${rows}`, '2024-08-01T09:00:00+08:00');
  await inbox.put('完整/064601_2.csv', rows, '2024-08-01T10:00:00+08:00');
  const files = ['異動/064601.csv', '異動/064601_2.csv', '完整/064601.csv', '完整/064601_2.csv'];
  const all = await handOver(inbox.roster, { source: 'roster/064601', drop: 'roster', files });
  expect(all.map(({ delivery }) => delivery.complete)).toEqual([false, false, false, true]);
});
