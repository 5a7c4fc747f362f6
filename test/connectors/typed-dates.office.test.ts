/** What a school's own workbook says after somebody typed dates of the Republic into plain cells of it, in LibreOffice. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { utils, write } from '@e965/xlsx';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { parseDate } from '../../pipelines/normalise/read-date.ts';
import { parseMoment } from '../../pipelines/normalise/read-moment.ts';
import { type LibreOffice, startLibreOffice } from '../support/libreoffice.ts';
import { type Inbox, makeInbox } from './support/inbox.ts';

let office: LibreOffice;
beforeAll(async () => {
  office = await startLibreOffice();
});
afterAll(() => office?.close());
let inbox: Inbox;
beforeEach(async () => {
  inbox = await makeInbox();
});
afterEach(() => inbox.remove());

it.each([
  'xlsx',
  'ods',
] as const)('a day or moment of a ROC year of three digits, typed into %s, is the one that is meant', async (type) => {
  const rows = [
    ['姓名', '身分證字號', '異動別', '異動日期', '登錄時間'],
    ['王小明', 'A123456789', '新進', '', ''],
    ['李大華', 'B123456780', '新進', '', ''],
  ];
  const name = `064601.${type}`;
  await inbox.put(name, write(utils.book_new(utils.aoa_to_sheet(rows)), { type: 'buffer', bookType: type }) as Buffer);
  const file = path.join(inbox.path, name);
  await office.save(file, { D2: '113/07/01', E2: '113/07/02 16:59:00', D3: '100/2/28', E3: '113/7/3 上午8:00' });
  const read = await inbox.read(name, await readFile(file));
  const days = read.rows.map(({ values }) => [
    parseDate(values.changeDate ?? ''),
    parseMoment(values.registeredAt ?? ''),
  ]);
  expect(days).toEqual([
    ['2024-07-01', '2024-07-02T16:59:00.000000+08:00'],
    ['2011-02-28', '2024-07-03T08:00:00.000000+08:00'],
  ]);
});
