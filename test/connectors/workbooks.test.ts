/** Long because it is the list of what a workbook can be, each read right or refused by name. */
import * as sheetjs from '@e965/xlsx';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contextAt, handOver, sourceError } from './support/handover.ts';
import { type Inbox, makeInbox } from './support/inbox.ts';
import { odsOf, odsRow, sheetOf, xlsxOf } from './support/workbook.ts';
import { deflatedTimes, zipOf } from './support/zip.ts';

let inbox: Inbox;
beforeEach(async () => {
  inbox = await makeInbox();
});
afterEach(() => inbox.remove());

const read = (content: Uint8Array) => inbox.read('064601.xlsx', content);
const failure = (content: Uint8Array) => sourceError(read(content));
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const TITLES = ['姓名', '身分證字號', '出生日期', '職稱', '備註'];
const STYLES = `${HEAD}<styleSheet><numFmts><numFmt numFmtId="176" formatCode="[$-404]e/m/d"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="27"/><xf numFmtId="22"/></cellXfs></styleSheet>`;
const titles = sheetOf([TITLES]);

/** A workbook written by SheetJS, in any of its formats. */
function written(
  rows: unknown[][],
  bookType: 'xls' | 'xlsx' | 'ods',
  change: (book: sheetjs.WorkBook) => void = () => {},
) {
  const sheet = sheetjs.utils.aoa_to_sheet(rows, { cellDates: true, UTC: true });
  const book: sheetjs.WorkBook = { SheetNames: ['名冊'], Sheets: { 名冊: sheet } };
  change(book);
  return sheetjs.write(book, { type: 'buffer', bookType: bookType === 'xls' ? 'biff8' : bookType }) as Buffer;
}

describe('dates', () => {
  it.each([
    ['1900', '', 27120, '1974-04-01'],
    ['1904', '<workbookPr date1904="1"/>', 25658, '1974-04-01'],
  ])('counted from %s are the day that the sheet shows', async (_, workbookPr, serial, day) => {
    const cells = [1, 2, 3].map(
      (style) => `<c t="inlineStr"><is><t>王</t></is></c><c/><c s="${style}"><v>${serial}</v></c>`,
    );
    const { rows } = await read(
      xlsxOf({ sheet: titles + cells.map((c) => `<row>${c}</row>`).join(''), styles: STYLES, workbookPr }),
    );
    expect(rows.map((row) => row.values.birthDate)).toEqual([day, day, day]);
  });

  it.each([
    ['a time of day, to the second', 27120.333333333, '1974-04-01 08:00:00'],
    ['the day that 1900 did not have', 60, '1900-02-29'],
    ['a number that is no day', 99999999, '99999999'],
    ['113/07/01 typed into LibreOffice', -652506, '0113-07-01'],
    ['a time of 113/07/01 typed into LibreOffice', -652505.292361111, '0113-07-01 16:59:00'],
    ['the last day before the Gregorian calendar', -115859, '1582-10-04'],
    ['a negative number that is no day of a sheet', -115858, '-115858'],
  ])('may be %s', async (_, serial, text) => {
    const sheet = `${titles}<row><c t="inlineStr"><is><t>王</t></is></c><c r="C2" s="4"><v>${serial}</v></c></row>`;
    expect((await read(xlsxOf({ sheet, styles: STYLES }))).rows[0]!.values.birthDate).toBe(text);
  });

  it.each(['xls', 'xlsx', 'ods'] as const)('come out of %s as the day that they are, from 1904 too', async (type) => {
    const rows = [TITLES, ['王小明', 'A123456789', new Date(Date.UTC(1974, 3, 1)), '教師']];
    for (const date1904 of [false, true]) {
      const bytes = written(rows, type, (book) => {
        book.Workbook = { WBProps: { date1904 } };
      });
      expect((await read(bytes)).rows[0]!.values).toMatchObject({
        name: '王小明',
        birthDate: '1974-04-01',
        title: '教師',
      });
    }
  });
});

describe('an XLS workbook', () => {
  const PEOPLE = [
    ['臺中市豐原國小教師名冊'],
    TITLES,
    ['王小明', 'A123456789', '0630401', '教師'],
    [],
    ['黃‧巴燕', '', '', 64350],
  ];

  it('is read as others are', async () => {
    const { rows, notes } = await read(written(PEOPLE, 'xls'));
    expect(notes).toMatchObject({ format: 'xls', sheet: '名冊', headerRow: 2, rows: 2 });
    expect(rows.map((row) => [row.values.name, row.values.title, row.origin.row])).toEqual([
      ['王小明', '教師', 3],
      ['黃‧巴燕', '64350', 5],
    ]);
  });

  it('may have 20,000 rows and no more', async () => {
    const people = (count: number) => [TITLES, ...Array.from({ length: count }, (_, i) => [`王${i}`])];
    expect((await read(written(people(19_999), 'xls'))).rows).toHaveLength(19_999);
    expect(await failure(written(people(20_000), 'xls'))).toMatchObject({
      code: 'file-too-many-rows',
      params: { limit: 20_000 },
    });
  });

  it('that holds nothing below its 20,000th row but says it does is read', async () => {
    const bytes = written(PEOPLE, 'xls', (book) => {
      book.Sheets.名冊!.A30000 = { t: 's', v: ' ' };
      book.Sheets.名冊!['!ref'] = 'A1:E30000';
    });
    expect((await read(bytes)).rows).toHaveLength(2);
  });

  it('that was cut inside, or has a password, is refused', async () => {
    const book = sheetjs.CFB.read(written(PEOPLE, 'xls'), { type: 'buffer' });
    const at = book.FullPaths.findIndex((path: string) => path.endsWith('/Workbook'));
    const stream = Buffer.from(book.FileIndex[at].content);
    const rewritten = (content: Buffer): Buffer => {
      book.FileIndex[at] = { ...book.FileIndex[at], content, size: content.length };
      return sheetjs.CFB.write(book, { type: 'buffer' }) as Buffer;
    };
    expect((await read(rewritten(stream))).rows).toHaveLength(2);
    expect(await failure(rewritten(stream.subarray(0, stream.length - 200)))).toMatchObject({
      code: 'file-workbook-broken',
    });
    const begin = 4 + stream.readUInt16LE(2);
    const password = Buffer.from('2f000600000000000000', 'hex');
    const locked = Buffer.concat([stream.subarray(0, begin), password, stream.subarray(begin)]);
    expect(await failure(rewritten(locked))).toMatchObject({ code: 'file-encrypted' });
  });

  it.each([
    ['an XLSX with a password', ['EncryptionInfo', 'EncryptedPackage'], 'file-encrypted', undefined],
    ['a Word document', ['WordDocument'], 'file-format-unknown', 'Word'],
    ['another compound file', ['Something'], 'file-format-unknown', 'OLE'],
    ['broken inside', ['Workbook'], 'file-workbook-broken', undefined],
  ])('that is %s is refused', async (_, streams, code, format) => {
    const container = sheetjs.CFB.utils.cfb_new();
    for (const stream of streams) sheetjs.CFB.utils.cfb_add(container, `/${stream}`, Buffer.alloc(5000, 7));
    const error = await failure(sheetjs.CFB.write(container, { type: 'buffer' }) as Buffer);
    expect(error.code).toBe(code);
    if (format) expect(error.params).toMatchObject({ format });
  });
});

describe.each(['xls', 'xlsx', 'ods'] as const)('in %s', (type) => {
  it('titles merged over two rows and under a common one are one row of titles', async () => {
    const bytes = written(
      [
        ['學校代碼', '姓名', '聯絡方式', ''],
        ['', '', '聯絡電話', '電子郵件'],
        ['064601', '王小明', '0912345678', 'a@tc.edu.tw'],
      ],
      type,
      (book) => {
        book.Sheets.名冊!['!merges'] = ['A1:A2', 'B1:B2', 'C1:D1'].map(sheetjs.utils.decode_range);
      },
    );
    const { rows, notes } = await read(bytes);
    expect(notes.headerRow).toBe(2);
    expect(rows.map((row) => row.values)).toEqual([
      { institutionCode: '064601', name: '王小明', phone: '0912345678', email: 'a@tc.edu.tw' },
    ]);
  });

  it('the letterhead and the codes say whose it is and how complete, before it is read', async () => {
    const people = Array.from({ length: 150 }, (_, i) => ['064607', `王${i}`]);
    await inbox.put(`名冊.${type}`, written([['名冊別：異動名冊'], ['學校代碼', '姓名'], ...people], type));
    const [part] = await inbox.roster.discover(contextAt());
    expect(part).toMatchObject({ source: 'roster/064607' });
    const [handed] = await handOver(inbox.roster, part!);
    expect(handed).toMatchObject({ delivery: { complete: false } });
    expect(handed!.rows).toHaveLength(150);
  });

  it('titles that all span two rows do not become a person', async () => {
    const bytes = written([['姓名', '職稱'], [], ['王小明', '教師']], type, (book) => {
      book.Sheets.名冊!['!merges'] = ['A1:A2', 'B1:B2'].map(sheetjs.utils.decode_range);
    });
    expect((await read(bytes)).rows.map((row) => row.values.name)).toEqual(['王小明']);
  });

  it('the error of a formula marks its row, unless no column is read from it', async () => {
    const bytes = written([TITLES, ['王小明', 'A123456789'], ['李大華', 'B123456780']], type, (book) => {
      book.Sheets.名冊!.B2 = { t: 'e', v: 0x2a, w: '#N/A', f: 'NA()' };
      book.Sheets.名冊!.E3 = { t: 'e', v: 0x2a, w: '#N/A', f: 'NA()' };
      book.Sheets.名冊!['!ref'] = 'A1:E3';
    });
    const { rows } = await read(bytes);
    // SheetJS writes the error into an ODS as a text, so there it is only a text.
    const marked =
      type === 'ods'
        ? undefined
        : [{ code: 'raw-cell-error', column: null, value: null, params: { cell: 2, error: '#N/A' } }];
    expect(rows.map((row) => row.issues)).toEqual([marked, undefined]);
  });

  it('a cell that stands alone far below the rest is refused', async () => {
    const bytes = written([TITLES, ['王小明']], type, (book) => {
      book.Sheets.名冊!.A19000 = { t: 's', v: '李' };
      book.Sheets.名冊!['!ref'] = 'A1:E19000';
    });
    expect(await failure(bytes)).toMatchObject({ code: 'file-far-cell', params: { row: 19_000 } });
  });
});

describe('an XLSX', () => {
  it('gives the runs of a text joined, without the readings above them', async () => {
    const strings = `${HEAD}<sst><si><r><t>王</t></r><r><rPr><b/></rPr><t xml:space="preserve">小明 </t></r><rPh sb="0" eb="1"><t>ㄨㄤˊ</t></rPh></si><si><t>_x005F_x0041_ &amp; &#33729;</t></si></sst>`;
    const sheet = `${titles}<row><c t="s"><v>0</v></c><c r="D2" t="s"><v>1</v></c></row>`;
    const { rows } = await read(xlsxOf({ sheet, strings }));
    expect(rows[0]!.values).toMatchObject({ name: '王小明 ', title: '_x0041_ & 菁' });
  });

  it('keeps a lone surrogate for the normaliser, and marks the row of a NUL', async () => {
    const { rows } = await read(xlsxOf({ sheet: sheetOf([TITLES, ['王_xD83D_', 'A1'], ['李_x0000_', 'A2']]) }));
    expect(rows.map((row) => [row.values.name, row.issues?.[0]?.code])).toEqual([
      ['王\ud83d', undefined],
      ['李\0', 'raw-nul'],
    ]);
  });

  it('with a formula that nobody calculated marks the row', async () => {
    const cell = (inner: string) => `<c${inner}</c>`;
    const sheet = `${titles}<row>${cell('><f>A9</f>')}${cell('><f>B9</f><v>7</v>')}</row><row>${cell(' t="str"><f>A9</f><v>李</v>')}${cell(' t="str"><f>""</f><v></v>')}</row>`;
    const { rows } = await read(xlsxOf({ sheet }));
    expect(
      rows.map((row) => [row.values.name, row.values.nationalId, row.issues?.map((i) => [i.code, i.params])]),
    ).toEqual([
      ['', '7', [['raw-formula-without-value', { cell: 1 }]]],
      ['李', '', undefined],
    ]);
  });

  it('marks the row of a cell of ten million characters and reads the others', async () => {
    const long = Array.from({ length: 1_500_000 }, (_, i) => (i * 2_654_435_761) % 10_000_019).join('');
    const { rows } = await read(xlsxOf({ sheet: sheetOf([TITLES, ['王', long], ['李', 'B']]) }));
    expect(rows.map((row) => row.issues?.[0] ?? null)).toEqual([
      { code: 'raw-cell-too-long', column: null, value: null, params: { cell: 2, length: long.length, limit: 32_768 } },
      null,
    ]);
    expect(rows[0]!.values.nationalId).toHaveLength(32_768);
  });

  it.each([
    [
      'column',
      '<row><c t="inlineStr"><is><t>姓名</t></is></c><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>',
      'file-too-many-columns',
    ],
    ['row', `${titles}<row r="1048576"><c t="inlineStr"><is><t>王</t></is></c></row>`, 'file-far-cell'],
    ['column that Excel does not have', '<row><c r="ZZZZZZZ1"><v>1</v></c></row>', 'file-workbook-broken'],
    ['row that Excel does not have', '<row r="99999999999"><c><v>1</v></c></row>', 'file-workbook-broken'],
  ])('with a cell in a far %s is refused', async (_, sheet, code) => {
    expect(await failure(xlsxOf({ sheet }))).toMatchObject({ code });
  });

  const LAUGHS = `${HEAD}<!-- ${'x'.repeat(5000)} --><!DOCTYPE l [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>`;
  it.each([
    ['of its sheet', { sheet: `${LAUGHS}<worksheet><sheetData/></worksheet>` }, 'file-doctype'],
    ['of its strings', { sheet: titles, strings: `${LAUGHS}<sst/>` }, 'file-doctype'],
    ['of its styles', { sheet: titles, styles: `${LAUGHS}<styleSheet/>` }, 'file-doctype'],
    ['that is cut', { sheet: `${HEAD}<worksheet><sheetData>${titles}<row><c>` }, 'file-workbook-broken'],
    [
      'that is not UTF-8',
      { sheet: titles, strings: Buffer.from([60, 97, 62, 0xe7, 60]) as unknown as string },
      'file-workbook-broken',
    ],
    [
      'that points to a text that is not there',
      { sheet: `${titles}<row><c t="s"><v>5</v></c></row>` },
      'file-workbook-broken',
    ],
  ])('is refused for XML %s', async (_, parts, code) => {
    expect(await failure(xlsxOf(parts))).toMatchObject({ code });
  });

  const BLOCK = Array.from({ length: 8_000 }, (_, i) => `<si><t>王小明的名字重複${i}${'教師'.repeat(9)}</t></si>`).join(
    '',
  );
  const MIB = 1024 * 1024;
  const bomb = (megabytes: number, declared?: number): Buffer => {
    const times = Math.ceil((megabytes * MIB) / Buffer.byteLength(BLOCK));
    const deflated = deflatedTimes(BLOCK, times, `${HEAD}<sst>`, '</sst>');
    const size = declared ?? times * Buffer.byteLength(BLOCK) + `${HEAD}<sst></sst>`.length;
    return xlsxOf({
      sheet: sheetOf([TITLES, ['王']]),
      stringsEntry: { name: 'xl/sharedStrings.xml', content: '', deflated, declared: size },
    });
  };
  it.each([
    ['600 MB of shared strings', () => bomb(600), 'file-archive-too-large'],
    ['600 MB of shared strings that say they are one', () => bomb(600, MIB), 'file-archive-broken'],
    ['as many shared strings as an archive may hold', () => bomb(190), 'file-needs-memory'],
  ])('of %s is refused, and this process goes on', async (_, bytes, code) => {
    expect(await failure(bytes())).toMatchObject({ code });
    expect((await read(xlsxOf({ sheet: sheetOf([TITLES, ['王']]) }))).rows).toHaveLength(1);
  });

  it.each([
    ['a path that leads out', { name: '../../etc/passwd', content: 'x' }],
    ['an absolute path', { name: '/etc/passwd', content: 'x' }],
    ['a path of Windows', { name: 'C:\\x', content: 'x' }],
    ['a path that leads out with backslashes', { name: 'xl\\..\\..\\x', content: 'x' }],
    ['a symbolic link', { name: 'xl/link', content: '/etc/passwd', unixMode: 0o120777 }, 'file-archive-link'],
  ])('with %s is refused', async (_, entry, code = 'file-archive-path') => {
    expect(await failure(xlsxOf({ sheet: titles, more: [entry] }))).toMatchObject({ code });
  });

  it('in another archive is refused', async () => {
    const inner = xlsxOf({ sheet: titles });
    expect(await failure(zipOf([{ name: '名冊.xlsx', content: inner }]))).toMatchObject({
      code: 'file-format-unknown',
      params: { format: 'ZIP' },
    });
  });
});

describe('an ODS', () => {
  const TITLE_ROW = odsRow(['姓名', '職稱']);

  it('counts blank rows and cells that repeat, and leaves remarks and hidden sheets out', async () => {
    const head = `<office:automatic-styles><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>`;
    const content = `<office:document-content>${head}<office:body><office:spreadsheet><table:table table:name="舊" table:style-name="ta2">${TITLE_ROW}${odsRow(['李'])}</table:table><table:table table:name="名冊" table:style-name="ta1"><table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>${TITLE_ROW}<table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>請確認</text:p></office:annotation><text:p>王<text:s text:c="2"/>小明</text:p><text:p>二行</text:p></table:table-cell><table:table-cell table:number-columns-repeated="1000"/></table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>`;
    const bytes = zipOf([
      { name: 'mimetype', content: 'x' },
      { name: 'content.xml', content: `${HEAD}${content}` },
    ]);
    const { rows, notes } = await read(bytes);
    expect(notes.sheet).toBe('名冊');
    expect(rows.map((row) => [row.values.name, row.origin.row])).toEqual([['王  小明\n二行', 5]]);
  });

  it('may have 20,000 rows and no more', async () => {
    const people = (count: number) => odsOf(TITLE_ROW + odsRow(['王小明', '教師']).repeat(count));
    expect((await read(people(19_999))).rows).toHaveLength(19_999);
    expect(await failure(people(20_000))).toMatchObject({ code: 'file-too-many-rows', params: { limit: 20_000 } });
  });

  it('holds 113/07/01 typed into LibreOffice as the day that the sheet shows', async () => {
    const days = ['0113-06-30', '0100-02-27', '0113-06-30T16:59:00', '1582-10-15', '1981-05-06'];
    const rowOf = (day: string) =>
      `<table:table-row><table:table-cell office:value-type="date" office:date-value="${day}"/></table:table-row>`;
    const { rows } = await read(odsOf(odsRow(['出生日期', '姓名']) + days.map(rowOf).join('')));
    expect(rows.map(({ values }) => values.birthDate)).toEqual([
      '0113-07-01',
      '0100-02-29',
      '0113-07-01 16:59:00',
      '1582-10-15',
      '1981-05-06',
    ]);
  });

  it('marks the row of a formula that ended in an error', async () => {
    const errors = [
      ['#N/A', 'office:value-type="string"', '<text:p>#N/A</text:p>'],
      ['#NAME?', 'office:value-type="string" office:string-value=""', '<text:p>#NAME?</text:p>'],
      ['#DIV/0!', 'office:value-type="float" office:value="0"', '<text:p>#DIV/0!</text:p>'],
      ['#ERR!', 'office:value-type="string" office:string-value=""', ''],
    ];
    const cells = errors.map(
      ([, attributes, shown]) =>
        `<table:table-row><table:table-cell ${attributes} calcext:value-type="error">${shown}</table:table-cell></table:table-row>`,
    );
    const { rows } = await read(odsOf(TITLE_ROW + cells.join('')));
    expect(rows.map((row) => row.issues?.[0])).toEqual(
      errors.map(([error]) => expect.objectContaining({ code: 'raw-cell-error', params: { cell: 1, error } })),
    );
  });

  it.each([
    [
      'billions of laughs behind a long remark',
      odsOf(TITLE_ROW, `<!-- ${'x'.repeat(9000)} --><!DOCTYPE l [<!ENTITY a "b">]>`),
      'file-doctype',
    ],
    [
      'content that is cut',
      odsOf(
        `${TITLE_ROW}<table:table-row><table:table-cell></table:table-row></table:table></office:document-content><x>`,
      ),
      'file-workbook-broken',
    ],
    [
      'a cell in a far column',
      odsOf(
        `<table:table-row><table:table-cell table:number-columns-repeated="16383"/><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>`,
      ),
      'file-too-many-columns',
    ],
  ])('with %s is refused', async (_, bytes, code) => {
    expect(await failure(bytes)).toMatchObject({ code });
  });
});
