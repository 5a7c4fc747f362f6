/** What a correction file is as a file: read back by our own readers, which did not write it, and looked at in its parts. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CFB } from '@e965/xlsx';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workbookTables } from '../../../connectors/tables/workbook-tables.ts';
import { writeTable } from '../../../pipelines/quarantine/write-table.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mingce-table-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(format: string, rows: string[][]): Promise<Buffer> {
  const file = path.join(folder, `更正${format}`);
  await rm(file, { force: true });
  await writeTable(file, { sheet: '更正檔', rows });
  return readFile(file);
}

/** One part of a workbook as text. */
function partOf(bytes: Buffer, name: string): string {
  const entry = CFB.find(CFB.read(bytes, { type: 'buffer' }), `/${name}`);
  return Buffer.from(entry?.content ?? []).toString();
}

async function readBack(bytes: Buffer): Promise<string[][]> {
  const { tables } = await workbookTables(bytes, '更正', false);
  const rows: string[][] = [];
  for await (const batch of tables[0]!.batches) {
    expect(batch.issues).toBeNull();
    rows.push(...batch.rows);
  }
  return rows;
}

it('every cell of an XLSX is of the format "text", also a blank one', async () => {
  const bytes = await written('.xlsx', [['學校代碼：064601'], ['生日', '異動日期'], ['70/05/06', '']]);
  const style = /<c r="[A-Z]+\d+" s="(\d+)" t="s">/g;
  const styles = [...partOf(bytes, 'xl/worksheets/sheet1.xml').matchAll(style)].map(([, at]) => Number(at));
  expect(styles).toHaveLength(5);
  const formats = partOf(bytes, 'xl/styles.xml')
    .split('<cellXfs')[1]!
    .match(/<xf [^>]*numFmtId="\d+"/g)!;
  // 49 is the built-in format @.
  for (const at of styles) expect(formats[at]).toContain('numFmtId="49"');
});

it('every cell of an ODS is of the format "text", also a blank one', async () => {
  const content = partOf(
    await written('.ods', [['學校代碼：064601'], ['生日', '異動日期'], ['70/05/06', '']]),
    'content.xml',
  );
  const text = /<number:text-style style:name="(\w+)"><number:text-content\/>/.exec(content)?.[1];
  const style = new RegExp(`style:name="(\\w+)" style:family="table-cell"[^>]* style:data-style-name="${text}"`).exec(
    content,
  );
  const cells = [...content.matchAll(/<table:table-cell office:value-type="string" table:style-name="(\w+)">/g)];
  expect(cells.map(([, name]) => name)).toEqual(Array.from({ length: 5 }, () => style?.[1]));
});

describe.each(['.xlsx', '.ods'])('a table as %s', (format) => {
  it('holds every text as it is, also what looks like a formula, an error, a number, or a code of XML', async () => {
    const row = ['=1+1', '#N/A', '064601', 'TRUE', '1e5', '  二  空格 ', '_x0041_', '<&>"\'', '兩\n行', '𠮷', "'0"];
    expect(await readBack(await written(format, [row, row.toReversed()]))).toEqual([row, row.toReversed()]);
  });

  it('leaves out what XML cannot hold, for LibreOffice would not open the file', async () => {
    const [row] = await readBack(
      await written(format, [['王\0小\u0001明', 'a\r\nb\rc', '\uFFFF\uFFFE林', 'x\uD800y']]),
    );
    expect(row).toEqual(['王小明', 'a\nb\nc', '林', 'x\uFFFDy']);
  });

  it('holds any text', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((t) => t.trim() !== '');
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), async (row) => {
        expect(await readBack(await written(format, [row]))).toEqual([row]);
      }),
      { numRuns: 50, seed: 1 },
    );
  });
});

it('of a CSV is marked with an apostrophe what a spreadsheet would change', async () => {
  const bytes = await written('.csv', [
    ['字號', '生日', '備註'],
    ['064601', '70/05/06', '=1+1'],
    ['A123456789', '', '王'],
  ]);
  expect(bytes.toString()).toBe("\uFEFF字號,生日,備註\r\n'064601,'70/05/06,'=1+1\r\nA123456789,,王\r\n");
});
