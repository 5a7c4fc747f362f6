import fc from 'fast-check';
import { writeXlsx } from 'hucre/xlsx';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLUMN_ALIASES, DROPPED_TITLES } from '../../connectors/files/column-aliases.ts';
import { titleIndex, titleKey } from '../../connectors/files/title-index.ts';
import type { Column } from '../../schemas/columns.ts';
import { handOver, sourceError } from './support/handover.ts';
import { type Inbox, makeInbox } from './support/inbox.ts';

let inbox: Inbox;
beforeAll(async () => {
  inbox = await makeInbox();
});
afterAll(() => inbox.remove());

describe('titles', () => {
  it.each(
    Object.keys(COLUMN_ALIASES) as (keyof typeof COLUMN_ALIASES)[],
  )('of %s files each mean one column', (kind) => {
    const seen = new Map<string, string>();
    for (const [column, titles] of Object.entries(COLUMN_ALIASES[kind])) {
      for (const title of titles) {
        expect(seen.get(titleKey(title)) ?? column, title).toBe(column);
        seen.set(titleKey(title), column);
        expect(titleIndex(kind)(title)?.column).toBe(column);
      }
    }
  });

  it.each([
    ['身份證字號', 'nationalId'],
    [' 身分證\n統一編號 ', 'nationalId'],
    ['＊姓　名：', 'name'],
    ['性別(1男, 2女)', 'sex'],
    ['出生日期（民國', 'birthDate'],
    ['ＮＡＭＥ', 'name'],
    ['birth_date', 'birthDate'],
    ['E-Mail', 'email'],
    ['實際任教科目', 'subjects'],
  ] as [string, Column][])('such as "%s" are known as %s', (title, column) => {
    expect(titleIndex('staff')(title)?.column).toBe(column);
  });

  it.each([
    '英文姓名',
    '家長姓名',
    '配偶身分證字號',
    '備註',
    '',
    '密碼提示',
  ])('such as "%s" are not taken for another', (title) => {
    expect(titleIndex('staff')(title)).toBeUndefined();
  });

  it.each([...DROPPED_TITLES, '登入密碼(預設)'])('"%s" is dropped by name', (title) => {
    for (const kind of ['staff', 'account'] as const) expect(titleIndex(kind)(title)?.column).toBeNull();
  });
});

describe('the title row', () => {
  it('is found below a letterhead that itself holds known words', async () => {
    const { rows, notes } = await inbox.read(
      '064601.csv',
      '臺中市豐原國小\n姓名,請填全名\n,\n序號,職稱,姓名,身分證字號,登入密碼,備註\n1,教師,王小明,A123456789,pw,兼任\n',
    );
    expect(notes).toMatchObject({ headerRow: 4, ignoredColumns: ['序號', '備註'], droppedColumns: ['登入密碼'] });
    expect(rows.map((row) => row.values)).toEqual([
      { institutionCode: '064601', title: '教師', name: '王小明', nationalId: 'A123456789' },
    ]);
  });

  it('lets the better of two titles of a column win', async () => {
    const { rows, notes } = await inbox.read('064601.csv', '姓名,姓名(英文),家中電話,聯絡電話\n王小明,Wang,1,2\n');
    expect(rows[0]!.values).toMatchObject({ name: '王小明', phone: '2' });
    expect(notes.ignoredColumns).toEqual(['姓名(英文)', '家中電話']);
  });

  it('must not name the person twice', async () => {
    const error = await sourceError(inbox.read('064601.csv', '姓名,姓名,職稱\n王,李,教師\n'));
    expect(error).toMatchObject({ code: 'file-column-twice', params: { file: '064601.csv', column: '姓名' } });
  });

  it('without a required column names file, column and what was found', async () => {
    const error = await sourceError(
      inbox.read('064601.csv', '學校代碼,老師大名,身分證字號\n064601,王小明,A123456789\n'),
    );
    expect(error).toMatchObject({
      code: 'file-column-missing',
      params: { file: '064601.csv', column: '姓名', found: '學校代碼、身分證字號、老師大名' },
    });
  });

  it('with a name among titles that mean nothing to us is no roster', async () => {
    const error = await sourceError(
      inbox.read('064601.csv', 'sourcedId,name,type\n1,College of Engineering,college\n'),
    );
    // Such a row may as well be a form that somebody filled in, so only the known title is shown.
    expect(error).toMatchObject({ code: 'file-column-missing', params: { column: '身分證字號', found: 'name' } });
  });

  it('that is missing shows nothing of the rows', async () => {
    const error = await sourceError(inbox.read('064601.csv', '064601,王小明,A123456789\n064601,李大華,B123456780\n'));
    expect(error).toMatchObject({ code: 'file-header-missing' });
    expect(String(error.message)).not.toMatch(/王小明|A123456789/);
  });

  it('beyond row 20 is not looked for', async () => {
    const error = await sourceError(inbox.read('064601.csv', `${'說明\n'.repeat(20)}姓名,職稱\n王小明,教師\n`));
    expect(error.code).toBe('file-header-missing');
  });

  it('alone is refused for a complete roster and fine for changes', async () => {
    expect(await sourceError(inbox.read('064601.csv', '姓名,職稱\n'))).toMatchObject({ code: 'file-no-rows' });
    expect((await inbox.read('064601.csv', '名冊別：異動\n姓名,職稱\n')).rows).toEqual([]);
  });
});

describe('a file of another kind', () => {
  const LISTS = {
    roster: '學校代碼,身分證字號,姓名,性別,出生日期,職稱,任教科目\n064601,A123456789,王小明,男,70/05/06,教師,國語\n',
    accounts:
      '學校代碼,身分證字號,姓名,帳號,帳號類別,狀態,啟用日期,最後登入\n064601,A123456789,王小明,tc064601,總負責人,啟用,113/01/01,\n',
    courses: '學校代碼,課程代碼,課程名稱,登錄帳號,處理狀態\n064601,C1,雙語教學,tc064601,名單確認通過\n',
  } as const;
  type Kind = keyof typeof LISTS;
  const readAs = async (kind: Kind, content: string | Uint8Array) => {
    await inbox.put('064601.csv', content);
    const part = { source: `${kind}/064601`, drop: kind, files: ['064601.csv'] };
    return (await handOver(inbox[kind], part))[0]!;
  };

  it.each([
    ['accounts', 'roster', '帳號、帳號類別、狀態、啟用日期、最後登入'],
    ['courses', 'roster', '課程代碼、課程名稱、登錄帳號、處理狀態'],
    ['roster', 'accounts', '性別、出生日期、職稱、任教科目'],
    ['courses', 'accounts', '課程代碼、課程名稱'],
    ['roster', 'courses', '性別、出生日期、職稱、任教科目'],
    ['accounts', 'courses', '帳號類別、啟用日期、最後登入'],
  ] as const)('%s in the inbox of %s are refused as a file', async (kind, wanted, found) => {
    const error = await sourceError(readAs(wanted, LISTS[kind]));
    expect(error).toMatchObject({ code: `file-is-${kind}` });
    expect(String(error.params.found).split('、')).toEqual(expect.arrayContaining(found.split('、')));
    expect(await readAs(kind, LISTS[kind])).toMatchObject({ notes: { rows: 1 } });
  });

  it('is told below a letterhead, and where accounts name the post of their holder', async () => {
    const titles = '學校代碼,姓名,職稱,使用者帳號,業務別,帳號狀態';
    const error = await sourceError(
      readAs('roster', `豐原國小帳號清冊\n${titles}\n064601,王小明,教師,tc1,承辦人,啟用\n`),
    );
    expect(error).toMatchObject({ code: 'file-is-accounts', params: { found: '帳號、帳號類別、狀態' } });
  });

  it('is not a roster that names accounts too, nor one with two foreign titles', async () => {
    for (const titles of ['姓名,職稱,生日,電話,帳號,角色,狀態', '姓名,職稱,帳號,狀態', '姓名,身分證字號,帳號']) {
      expect(
        (await readAs('roster', `${titles}\n王小明,教師,70/05/06,04-22289111,a,b,啟用\n`)).rows,
        titles,
      ).toHaveLength(1);
    }
  });

  it('on another sheet of the workbook is left out', async () => {
    const rows = (list: string) =>
      list
        .trim()
        .split('\n')
        .map((line) => line.split(','));
    const sheets = [LISTS.accounts, LISTS.roster].map((list, i) => ({ name: `${i}`, rows: rows(list) }));
    const { rows: read, notes } = await readAs('roster', await writeXlsx({ sheets }));
    expect([notes.sheet, read.length]).toEqual(['1', 1]);
    expect(await sourceError(readAs('courses', await writeXlsx({ sheets })))).toMatchObject({
      code: 'file-is-accounts',
    });
  });
});

it('reads back what papaparse writes, in any order of columns and pieces of any size', async () => {
  const columns = Object.entries(COLUMN_ALIASES.staff) as [Column, string[]][];
  const cell = fc
    .string({ unit: fc.constantFrom(...'王小明教師 ,"\n\r;\t|A1９‧𠮷'), maxLength: 8 })
    .filter((text) => !text.endsWith('\r'));
  const row = fc
    .tuple(fc.constantFrom('王小明', '李大華', ' "林" '), ...columns.map(() => cell))
    .map(([name, ...cells]) => ({ name, cells }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 30 }),
      fc.shuffledSubarray(columns, { minLength: 2 }),
      fc.nat(),
      fc.constantFrom('\r\n', '\n'),
      async (people, chosen, pick, newline) => {
        const all = chosen.some(([column]) => column === 'name')
          ? chosen
          : [...chosen, columns.find(([c]) => c === 'name')!];
        const titles = all.map(([, aliases]) => aliases[pick % aliases.length]!);
        const table = people.map(({ name, cells }) =>
          all.map(([column]) => (column === 'name' ? name : cells[columns.findIndex(([c]) => c === column)]!)),
        );
        const { rows } = await inbox.read('064601.csv', Papa.unparse([titles, ...table], { newline }));
        expect(rows.map((r) => all.map(([column]) => r.values[column]))).toEqual(table);
        expect(rows.every((r) => r.issues === undefined)).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});
