/** Long because it is one reader, told through every shape of file that schools send. */
import * as sheetjs from '@e965/xlsx';
import { writeOds } from 'hucre/ods';
import { writeXlsx } from 'hucre/xlsx';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeNormaliser } from '../../pipelines/normalise/normalise-row.ts';
import { handOver, sourceError } from './support/handover.ts';
import { type Inbox, makeInbox } from './support/inbox.ts';
import { zipOf } from './support/zip.ts';

let inbox: Inbox;
beforeEach(async () => {
  inbox = await makeInbox();
});
afterEach(() => inbox.remove());

const TABLE = [
  ['臺中市豐原區豐原國民小學教師名冊'],
  [],
  ['學校代碼', '姓名', '身分證字號', '出生日期', '職稱', '聯絡電話'],
  ['064601', '王小明', 'A123456789', '63年4月1日', '教師兼組長', '(04)22804546#10'],
  ['064601', '黃‧巴燕', 'B123456780', '0780401', '專任教師', ''],
];
const CSV = TABLE.map((cells) => cells.join(',')).join('\r\n');

const failure = (content: string | Uint8Array) => sourceError(inbox.read('064601.csv', content));

/** The bytes with the character behind a text broken: in UTF-8 its first byte begins none, in Big5 its second ends none. */
function brokenBehind(text: string, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const [utf8, big5] = [Buffer.from(text), iconv.encode(text, 'cp950')];
  if (copy.includes(utf8)) copy[copy.indexOf(utf8) + utf8.length] = 0xff;
  else copy[copy.indexOf(big5) + big5.length + 1] = 0x80;
  return copy;
}

/** An ODS of one sheet, which a style hides: SheetJS writes none. */
function hiddenOds(): Buffer {
  const style =
    '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="false"/></style:style>';
  const row =
    '<table:table-row><table:table-cell office:value-type="string"><text:p>姓名</text:p></table:table-cell></table:table-row>';
  const sheet = `<table:table table:name="名冊" table:style-name="ta1">${row}</table:table>`;
  const names = ['office', 'style', 'table', 'text'].map(
    (name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`,
  );
  const content = `<office:document-content ${names.join(' ')}><office:automatic-styles>${style}</office:automatic-styles><office:body><office:spreadsheet>${sheet}</office:spreadsheet></office:body></office:document-content>`;
  return zipOf([
    { name: 'mimetype', content: 'application/vnd.oasis.opendocument.spreadsheet' },
    { name: 'content.xml', content: `<?xml version="1.0" encoding="UTF-8"?>\n${content}` },
  ]);
}

describe('encodings', () => {
  it.each([
    ['utf-8', Buffer.from(CSV)],
    ['utf-8 (BOM)', Buffer.from(`\ufeff${CSV}`)],
    ['utf-16le', Buffer.from(`\ufeff${CSV}`, 'utf16le')],
    ['utf-16be', Buffer.from(`\ufeff${CSV}`, 'utf16le').swap16()],
    ['utf-16le (no BOM)', Buffer.from(CSV, 'utf16le')],
    ['utf-16be (no BOM)', Buffer.from(CSV, 'utf16le').swap16()],
    ['big5', iconv.encode(CSV, 'cp950')],
  ])('reads %s and says so', async (encoding, bytes) => {
    const { rows, notes } = await inbox.read('064601.csv', bytes);
    expect(notes).toMatchObject({ format: 'csv', encoding, headerRow: 3, rows: 2 });
    expect(rows.map((row) => row.values.name)).toEqual(['王小明', '黃‧巴燕']);
    expect(rows[0]!.origin).toEqual({ object: 0, row: 4 });
  });

  it('reads a Big5 file with a few characters of its own, left in the private-use area', async () => {
    const many = `${CSV}\r\n${'064601,王小明,A123456789,63年4月1日,教師,\r\n'.repeat(20)}`;
    const bytes = iconv.encode(many, 'cp950');
    const at = bytes.indexOf(iconv.encode('黃', 'cp950'));
    bytes.set([0xfa, 0x40], at);
    const { rows, notes } = await inbox.read('064601.csv', bytes);
    expect(notes.encoding).toBe('big5');
    expect(rows[1]!.values.name).toBe('\ue000‧巴燕');
  });

  it('reads a small Big5 file whose few names have characters of their own', async () => {
    const small = '姓名,職稱\r\n王XX,教師\r\n林XX,教師\r\n';
    for (const titles of [small, small.replace('姓名,職稱', 'name,title')]) {
      const bytes = Buffer.from(
        iconv.encode(titles, 'cp950').toString('latin1').replaceAll('XX', '\xfa\x40\x8e\x41'),
        'latin1',
      );
      const { rows, notes } = await inbox.read('064601.csv', bytes);
      expect(notes.encoding).toBe('big5');
      expect(rows.map((row) => [row.values.name, row.issues])).toEqual([
        ['王\ue000\ue312', undefined],
        ['林\ue000\ue312', undefined],
      ]);
    }
  });

  it('decides at the first Chinese character, however late it comes', async () => {
    const ascii = `school code,name\n${'064601,Panai\n'.repeat(40_000)}`;
    const { rows, notes } = await inbox.read('064601.csv', iconv.encode(`${ascii}064601,王小明\n`, 'big5'));
    expect(notes).toMatchObject({ encoding: 'big5', rows: 40_001 });
    expect(rows.at(-1)!.values.name).toBe('王小明');
  });

  it.each([
    ['UTF-16 without a mark, cut in the middle of a character', Buffer.from(CSV, 'utf16le').subarray(0, -1)],
    ['UTF-16 without a mark, of one word', Buffer.from('姓名1', 'utf16le')],
    [
      'UTF-16 without a mark, with bytes in it that are none',
      Buffer.concat([Buffer.from(CSV, 'utf16le'), Buffer.alloc(400, 0xdc)]),
    ],
    ['a table of numbers in two bytes each', Buffer.from(Uint16Array.from({ length: 900 }, (_, i) => i * 71).buffer)],
    ['random bytes', Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7919 + (i >> 3)) % 256))],
    ['Latin-1', Buffer.from('name,x\nPanai,1\nJosé,é\n', 'latin1')],
    ['a small file of Big5 with a broken byte', brokenBehind('黃‧', iconv.encode(CSV, 'cp950'))],
  ])('refuses %s and says where it can no longer be read', async (_, bytes) => {
    const error = await failure(bytes);
    expect(error.code).toBe('file-encoding-unclear');
    expect(error.params).toMatchObject({ file: '064601.csv', line: expect.any(Number), offset: expect.any(Number) });
  });

  it('refuses UTF-32', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), Buffer.from('x\0\0\0')]);
    expect(await failure(bytes)).toMatchObject({ code: 'file-encoding-unknown', params: { file: '064601.csv' } });
  });

  it('names line and byte of the first place that cannot be read', async () => {
    const bytes = Buffer.from('name,x\nPanai,1\nJosé,é\n', 'latin1');
    expect((await failure(bytes)).params).toEqual({ file: '064601.csv', line: 3, offset: 18 });
    const late = Buffer.concat([Buffer.from(`name,title\n${'Panai,1\n'.repeat(20_000)}`), bytes]);
    expect((await failure(late)).params).toEqual({ file: '064601.csv', line: 20_004, offset: 160_029 });
  });

  it('refuses a file that is in another encoding from the middle on', async () => {
    const row = '064601,王小明,A123456789,63年4月1日,教師,\n';
    const utf8 = Buffer.from(`${CSV}\n${row.repeat(20_000)}`);
    const bytes = Buffer.concat([utf8, iconv.encode(row.repeat(20_000), 'big5')]);
    expect(await failure(bytes)).toMatchObject({
      code: 'file-encoding-broken',
      params: { file: '064601.csv', encoding: 'utf-8', line: 20_006, offset: utf8.length + 7 },
    });
  });

  it.each([
    ['UTF-8', Buffer.from(`${CSV}\r\n064601,林`).subarray(0, -1)],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${CSV}\r\n064601,林`).subarray(0, -1)],
    ['Big5', iconv.encode(`${CSV}\r\n064601,林`.repeat(9), 'cp950').subarray(0, -1)],
    ['UTF-16 with its mark', Buffer.from(`\ufeff${CSV}`, 'utf16le').subarray(0, -1)],
  ])('refuses a file in %s that ends inside a character', async (_, bytes) => {
    expect(await failure(bytes)).toMatchObject({ code: 'file-cut-short' });
  });
});

describe('a broken character in a file that is clear otherwise', () => {
  const broken = (cell: number, column: string, at: number) => ({
    code: 'raw-character-broken',
    column,
    value: null,
    params: { cell, at },
  });

  it.each([
    ['UTF-8', Buffer.from(CSV)],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${CSV}`)],
    ['Big5', iconv.encode(CSV + `\r\n064601,李大華,,,教師,`.repeat(20), 'cp950')],
  ])('costs its row, of %s, and names column and place', async (_, bytes) => {
    const { rows } = await inbox.read('064601.csv', brokenBehind('黃‧', bytes));
    expect(rows[0]!.issues).toBeUndefined();
    expect(rows[1]!.issues).toEqual([broken(2, 'name', 3)]);
    expect(rows.slice(2).filter((row) => row.issues)).toEqual([]);
  });

  it('costs its row among thousands, also behind the first piece', async () => {
    const many = `${CSV}\r\n${'064601,李大華,A123456789,63年4月1日,教師,\r\n'.repeat(9_000)}`;
    const bytes = Buffer.from(`${many}064601,林美玲,A1234567,,教師,`);
    bytes[bytes.indexOf('A1234567,') + 2] = 0xff;
    const { rows, notes } = await inbox.read('064601.csv', bytes);
    expect(notes).toMatchObject({ encoding: 'utf-8', rows: 9_003 });
    expect(rows.flatMap((row) => row.issues ?? [])).toEqual([broken(3, 'nationalId', 3)]);
  });

  it('costs only the row that is in another encoding', async () => {
    const utf8 = Buffer.from(`${CSV}\n${'064601,王小明,A123456789,63年4月1日,教師,\n'.repeat(20_000)}`);
    const { rows } = await inbox.read('064601.csv', Buffer.concat([utf8, iconv.encode('064601,林美玲,', 'big5')]));
    expect(rows.filter((row) => row.issues).map((row) => row.origin.row)).toEqual([20_006]);
  });

  it('costs nothing in a column that is not read', async () => {
    const bytes = Buffer.from('姓名,職稱,備註\n王小明,專任教師,借調中\n李大華,專任教師,代理組長至明年底\n');
    const { rows } = await inbox.read('064601.csv', brokenBehind('教師,', bytes));
    expect(rows.map((row) => row.issues)).toEqual([undefined, undefined]);
  });

  it('is not one that was lost before the file was written', async () => {
    const { rows } = await inbox.read('064601.csv', CSV.replace('巴', '\ufffd'));
    expect(rows[1]!.issues).toBeUndefined();
    expect(rows[1]!.values.name).toBe('黃‧\ufffd燕');
  });
});

it('reads the tab-separated UTF-16 that Excel saves as "Unicode text", with and without its mark', async () => {
  const text = TABLE.map((cells) => cells.join('\t')).join('\r\n');
  const many = `${text}\r\n${'064601\t林𠮷玲\tA123456789\t63年4月1日\t教師\t\r\n'.repeat(6_000)}`;
  for (const mark of ['\ufeff', '']) {
    const { rows, notes } = await inbox.read('064601.txt', Buffer.from(mark + many, 'utf16le'));
    expect(notes.encoding).toBe(mark ? 'utf-16le' : 'utf-16le (no BOM)');
    expect([rows.length, rows.at(-1)!.values.name]).toEqual([6_002, '林𠮷玲']);
  }
});

describe('formats, told by content and not by name', () => {
  const cells = TABLE.map((row) => [...row]);

  it('reads tab, semicolon and quoted cells with line ends', async () => {
    for (const delimiter of ['\t', ';', '|']) {
      const { rows } = await inbox.read('064601.txt', TABLE.map((row) => row.join(delimiter)).join('\n'));
      expect(rows[0]!.values).toMatchObject({
        institutionCode: '064601',
        birthDate: '63年4月1日',
        phone: '(04)22804546#10',
      });
    }
    const { rows } = await inbox.read(
      '064601.csv',
      '"學校\n代碼","姓名",任教科目\r\n064601,"王 ""小"" 明","國語,數學\n;社會"\r\n064601,李,\r\n',
    );
    expect(rows.map((row) => row.values.name)).toEqual(['王 "小" 明', '李']);
    expect(rows.map((row) => row.origin.row)).toEqual([2, 3]);
    expect(rows[0]!.values.subjects).toBe('國語,數學\n;社會');
  });

  it('reads XLSX from two writers: text as it is, dates as ISO text, numbers without a tail', async () => {
    const day = new Date(Date.UTC(1974, 3, 1));
    const rowsIn = [
      ...cells.slice(0, 3),
      ['064601', '王小明', 'A123456789', day, '教師', 912345678],
      [],
      [64601, '李大華', null, null, null, 5567461.5],
    ];
    const ours = await writeXlsx({ sheets: [{ name: '名冊', rows: rowsIn }] });
    const sheet = sheetjs.utils.aoa_to_sheet(rowsIn, { cellDates: true, UTC: true });
    const theirs = sheetjs.write(
      { SheetNames: ['名冊'], Sheets: { 名冊: sheet } },
      { type: 'buffer', bookType: 'xlsx', bookSST: true },
    );
    for (const bytes of [ours, theirs]) {
      const { rows, notes } = await inbox.read('064601.csv', bytes);
      expect(notes).toMatchObject({ format: 'xlsx', sheet: '名冊', headerRow: 3 });
      expect(rows.map((row) => row.origin.row)).toEqual([4, 6]);
      expect(rows[0]!.values).toMatchObject({ institutionCode: '064601', birthDate: '1974-04-01', phone: '912345678' });
      expect(rows[1]!.values).toMatchObject({ institutionCode: '64601', nationalId: '', phone: '5567461.5' });
    }
  });

  it('reads the cached values of formulas and leaves hidden sheets out', async () => {
    const sheet = sheetjs.utils.aoa_to_sheet(cells);
    sheet.B4 = { t: 's', v: '王小明', f: 'CONCATENATE("王","小明")' };
    const book = {
      SheetNames: ['舊', '名冊'],
      Sheets: { 舊: sheetjs.utils.aoa_to_sheet(cells), 名冊: sheet },
      Workbook: { Sheets: [{ Hidden: 1 as const }, {}] },
    };
    const { rows, notes } = await inbox.read('064601.xlsx', sheetjs.write(book, { type: 'buffer', bookType: 'xlsx' }));
    expect(notes.sheet).toBe('名冊');
    expect(rows[0]!.values.name).toBe('王小明');
  });

  it.each([
    'xlsx',
    'ods',
    'biff8',
  ] as const)('refuses a workbook (%s) whose sheets are all hidden, saying that', async (bookType) => {
    const book = {
      SheetNames: ['名冊'],
      Sheets: { 名冊: sheetjs.utils.aoa_to_sheet(cells) },
      Workbook: { Sheets: [{ Hidden: 1 as const }] },
    };
    const written = sheetjs.write(book, { type: 'buffer', bookType }) as Buffer;
    const bytes = bookType === 'ods' ? hiddenOds() : written;
    expect(await failure(bytes)).toMatchObject({ code: 'file-no-visible-sheet', params: { file: '064601.csv' } });
  });

  it.each([
    'xlsx',
    'ods',
    'biff8',
  ] as const)('reads a ticked box of a workbook (%s) as TRUE, which 主聘 takes for yes and no word is', async (bookType) => {
    const sheet = sheetjs.utils.aoa_to_sheet([
      ['學校代碼', '姓名', '身分證字號', '職稱', '任教科目', '主聘'],
      ['064601', '王小明', 'A123456789', true, false, false],
      ['064601', true, 'B123456780', '教師', '國語', true],
    ]);
    const bytes = sheetjs.write({ SheetNames: ['名冊'], Sheets: { 名冊: sheet } }, { type: 'buffer', bookType });
    const { rows } = await inbox.read('064601.csv', bytes);
    const moment = '2024-08-01T10:00:00+08:00';
    const normalise = makeNormaliser({
      source: 'roster/064601',
      drop: 'roster',
      path: 'school',
      partCode: '064601',
      asOf: moment,
      registeredFallback: moment,
    });
    expect(rows.map(normalise)).toMatchObject([
      {
        record: { name: '王小明', title: null, subjects: [], primary: false },
        warnings: [
          { code: 'words-boolean', column: 'title' },
          { code: 'words-boolean', column: 'subjects' },
        ],
      },
      { outcome: 'rejected', issues: [{ code: 'name-boolean', column: 'name' }] },
    ]);
  });

  it('reads ODS from two writers', async () => {
    const day = new Date(Date.UTC(1974, 3, 1));
    const rowsIn = [...cells.slice(0, 1), [''], cells[2]!, ['064601', '王小明', 'A123456789', day, '教師', 64350]];
    const ours = await writeOds({ sheets: [{ name: '名冊', rows: rowsIn }] });
    const sheet = sheetjs.utils.aoa_to_sheet(rowsIn, { cellDates: true, UTC: true });
    const theirs = sheetjs.write(
      { SheetNames: ['名冊'], Sheets: { 名冊: sheet } },
      { type: 'buffer', bookType: 'ods' },
    );
    for (const bytes of [ours, theirs]) {
      const { rows, notes } = await inbox.read('064601.csv', bytes);
      expect(notes).toMatchObject({ format: 'ods', sheet: '名冊', headerRow: 3, rows: 1 });
      expect(rows[0]!).toMatchObject({
        values: { name: '王小明', birthDate: '1974-04-01', phone: '64350' },
        origin: { row: 4 },
      });
    }
  });

  it('refuses a workbook in which two sheets hold a roster', async () => {
    const bytes = await writeXlsx({ sheets: ['112', '113'].map((name) => ({ name, rows: cells })) });
    expect(await failure(bytes)).toMatchObject({ code: 'file-several-sheets', params: { sheets: '112、113' } });
  });

  it.each([
    ['nothing', '', 'file-empty'],
    ['a cut old Excel workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'file-workbook-broken'],
    ['a PDF', '%PDF-1.7', 'file-format-unknown'],
    ['a web page called .xls', '\ufeff<html><table><tr><td>姓名', 'file-format-unknown'],
    ['an archive of something else', zipOf([{ name: 'a.txt', content: 'x' }]), 'file-format-unknown'],
    ['a cut archive', zipOf([{ name: '[Content_Types].xml', content: 'x' }]).subarray(0, 50), 'file-archive-broken'],
    [
      'an XLSX without a workbook',
      zipOf([{ name: '[Content_Types].xml', content: '<Types/>' }]),
      'file-workbook-broken',
    ],
    ['an encrypted archive', zipOf([{ name: '[Content_Types].xml', content: 'x', flags: 1 }]), 'file-encrypted'],
    [
      'a bomb by ratio',
      zipOf([{ name: '[Content_Types].xml', content: Buffer.alloc(20_000_000) }]),
      'file-archive-too-large',
    ],
    [
      'a bomb by declared size',
      zipOf([{ name: 'content.xml', content: 'x', declared: 3_000_000_000 }]),
      'file-archive-too-large',
    ],
    [
      'a bomb that declares little',
      zipOf([
        { name: 'mimetype', content: 'x' },
        { name: 'content.xml', content: Buffer.alloc(9_000_000), declared: 100 },
      ]),
      'file-archive-broken',
    ],
    [
      'too many entries',
      zipOf(Array.from({ length: 2001 }, (_, i) => ({ name: `${i}`, content: '' }))),
      'file-archive-too-large',
    ],
    [
      'billions of laughs',
      zipOf([
        { name: 'mimetype', content: 'x' },
        { name: 'content.xml', content: '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "b">]><x>&a;</x>' },
      ]),
      'file-doctype',
    ],
  ])('refuses %s', async (_, content, code) => {
    expect(await failure(content)).toMatchObject({ code });
  });

  it.each([
    ['rows', 'number-rows-repeated="1048576"', '', 'file-too-many-rows'],
    ['columns', '', 'number-columns-repeated="16384"', 'file-too-many-columns'],
  ])('refuses an ODS that repeats filled %s without end', async (_, row, cell, code) => {
    const content = `<table:table table:name="名冊"><table:table-row ${row && `table:${row}`}><table:table-cell ${cell && `table:${cell}`} office:value-type="string"><text:p>姓名</text:p></table:table-cell></table:table-row></table:table>`;
    expect(
      await failure(
        zipOf([
          { name: 'mimetype', content: 'x' },
          { name: 'content.xml', content },
        ]),
      ),
    ).toMatchObject({ code });
  });
});

describe('rows', () => {
  it('with cells beyond the titles come out with an issue, short ones with empty cells', async () => {
    const { rows } = await inbox.read(
      '064601.csv',
      '姓名,聯絡電話,職稱\n王小明,1,教師\n李大華,2,教師,臺中市,1號\n林美玲\n陳一,,教師,,\n',
    );
    expect(rows.map((row) => row.issues?.[0] ?? null)).toEqual([
      null,
      { code: 'raw-cells-extra', column: null, value: null, params: { cells: 5, expected: 3 } },
      null,
      null,
    ]);
    expect(rows[2]!.values).toEqual({ institutionCode: '064601', name: '林美玲', phone: '', title: '' });
  });

  it('that are blank are skipped and not counted, and keep the numbers of the others', async () => {
    const { rows, notes } = await inbox.read('064601.csv', '\n姓名,職稱\n\n王小明,教師\n , \n,\n李大華,教師\n\n');
    expect(rows.map((row) => row.origin.row)).toEqual([4, 7]);
    expect(notes.rows).toBe(2);
  });

  it('that are the titles once more are left out as blank ones are, and keep the numbers of the others', async () => {
    const titles = '學校代碼,姓名,職稱';
    const people = ['064601,王小明,教師', '', titles, '064601,李大華,組長', `${titles},,`, ' 學校代碼 ,姓名,職稱'];
    const { rows, notes } = await inbox.read('064601.csv', [titles, titles, ...people, '學校代碼,姓名,'].join('\n'));
    expect(rows.map((row) => [row.origin.row, row.values.name])).toEqual([
      [3, '王小明'],
      [6, '李大華'],
      [9, '姓名'],
    ]);
    expect(notes).toMatchObject({ headerRow: 1, rows: 3, repeatedTitles: 4 });
    const alone = await failure([titles, titles].join('\n'));
    expect(alone).toMatchObject({ code: 'file-no-rows', params: { row: 1 } });
    const workbook = await writeXlsx({ sheets: [{ name: '名冊', rows: [...TABLE, TABLE[2]!, TABLE[4]!] }] });
    expect((await inbox.read('064601.xlsx', workbook)).rows.map((row) => row.origin.row)).toEqual([4, 5, 7]);
  });

  it('with a stray quote, a NUL or an endless cell come out with an issue', async () => {
    const { rows } = await inbox.read(
      '064601.csv',
      `姓名,職稱\n"王"小明",教師\n李\0華,教師\n${'長'.repeat(40_000)},教師\n林,教師\n`,
    );
    expect(rows.map((row) => row.issues?.[0]?.code ?? null)).toEqual([
      'raw-quotes',
      'raw-nul',
      'raw-cell-too-long',
      null,
    ]);
  });

  it('swallowed by an unclosed quote break the file, which names the row', async () => {
    expect(await failure('姓名,職稱\n王,教師\n"李,教師\n林,教師\n陳,教師\n')).toMatchObject({
      code: 'file-quotes-broken',
      params: { row: 3 },
    });
    const lastLine = await failure('姓名,職稱\n王,教師\n"李,教師');
    expect(lastLine).toMatchObject({ code: 'file-quotes-broken', params: { row: 3 } });
    const many = '王,教師\n'.repeat(3_000);
    expect(await failure(`姓名,職稱\n"李,教師\n${many}"林",教師\n${many}`)).toMatchObject({
      code: 'file-quotes-broken',
      params: { row: 2 },
    });
    expect(await failure(`姓名,職稱\n"李,教師\n${'王小明,專任教師\n'.repeat(700_000)}`)).toMatchObject({
      code: 'file-row-too-long',
      params: { row: 2 },
    });
  });

  it('of more columns than anybody needs break the file', async () => {
    expect(await failure(`姓名${',x'.repeat(10_000)}\n王\n`)).toMatchObject({ code: 'file-too-many-columns' });
  });

  it('keep their own school code; a file without the column gets the one of its part', async () => {
    const own = await inbox.read('064601.csv', '學校代碼,姓名\n064602,王小明\n');
    const filled = await inbox.read('064601.csv', '姓名\n王小明\n');
    expect([own, filled].map(({ rows }) => rows[0]!.values.institutionCode)).toEqual(['064602', '064601']);
  });
});

describe('accounts', () => {
  it('come with their own columns, the holder under 姓名', async () => {
    await inbox.put(
      '064601_帳號.csv',
      '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態,啟用日期,最後登入,登入密碼\n064601,tc064601,總負責人,A123456789,王小明,啟用,113/01/02,2024-07-01 08:00,secret\n',
    );
    const part = { source: 'accounts/064601', drop: 'accounts', files: ['064601_帳號.csv'] };
    const [{ rows, notes }] = (await handOver(inbox.accounts, part)) as [Awaited<ReturnType<typeof handOver>>[0]];
    expect(rows[0]).toEqual({
      kind: 'account',
      values: {
        institutionCode: '064601',
        accountName: 'tc064601',
        accountKind: '總負責人',
        nationalId: 'A123456789',
        holderName: '王小明',
        state: '啟用',
        enabledOn: '113/01/02',
        lastLoginAt: '2024-07-01 08:00',
      },
      origin: { object: 0, row: 2 },
    });
    expect(notes.droppedColumns).toEqual(['登入密碼']);
    expect(JSON.stringify([rows, notes])).not.toContain('secret');
  });
});

describe('courses', () => {
  it('come with their own columns, in English too', async () => {
    await inbox.put(
      '064601.csv',
      'Course Code,Course Name,Registered By,School Code,Status,End Date\nC1,研習,tc1,064601,取消,2024-08-01\n',
    );
    const part = { source: 'courses/064601', drop: 'courses', files: ['064601.csv'] };
    const [{ rows }] = (await handOver(inbox.courses, part)) as [Awaited<ReturnType<typeof handOver>>[0]];
    expect(rows[0]).toEqual({
      kind: 'course',
      values: {
        institutionCode: '064601',
        courseCode: 'C1',
        courseName: '研習',
        accountName: 'tc1',
        state: '取消',
        endsOn: '2024-08-01',
      },
      origin: { object: 0, row: 2 },
    });
  });

  it('without a state column are refused', async () => {
    await inbox.put('064601.csv', '課程代碼,登錄帳號,結束日期\nC1,tc1,2024-08-01\n');
    const part = { source: 'courses/064601', drop: 'courses', files: ['064601.csv'] };
    expect(await sourceError(handOver(inbox.courses, part))).toMatchObject({
      code: 'file-column-missing',
      params: { column: '處理狀態' },
    });
  });
});
