/** One night whose inbox holds what must not be believed: the worker goes on, the good files are landed, every row is accounted for. */
import { rm, stat, utimes, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SourcePart, SyncResult } from '../../schemas/outputs/sync-result.ts';
import { sheetOf, stringsOf, xlsxOf } from '../connectors/support/workbook.ts';
import { deflatedTimes } from '../connectors/support/zip.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,職稱,登入密碼';
const ARRIVED = '2024-07-29T10:00:00+08:00';
const SECRET = 'correct-horse-battery';
let small: SmallInstallation;
let result: SyncResult;

async function put(name: string, content: Uint8Array): Promise<void> {
  await writeFile(small.inbox(name), content);
  await utimes(small.inbox(name), new Date(ARRIVED), new Date(ARRIVED));
}

/** As many strings as fit under the caps on an archive, no two alike: only the limits of the child stop it. */
function strings(): Buffer {
  const block = stringsOf(60_000, 60)
    .replace(/^.*<sst>/s, '')
    .replace('</sst>', '');
  const size = Buffer.byteLength(block);
  const times = Math.floor((180 * 2 ** 20) / size);
  const deflated = deflatedTimes(block, times, '<sst>', '</sst>');
  const sheet = sheetOf([HEAD.split(','), ['064604', 'A123456789', '王小明', '教師', '']]);
  return xlsxOf({
    sheet,
    stringsEntry: {
      name: 'xl/sharedStrings.xml',
      content: '',
      deflated,
      declared: size * times + '<sst></sst>'.length,
    },
  });
}

beforeAll(async () => {
  small = await openSmallInstallation();
  await small.send('064601-名冊.csv', ARRIVED, [
    HEAD,
    `064601,A123456789,王小明,教師,${SECRET}`,
    `064601,A123456789,王小明,教師,${SECRET}`,
    `064601,F229999993,林淑芬,教師,${SECRET}`,
    `064601,F229999993,林淑芬,組長,${SECRET}`,
    `064602,B123456780,李大華,教師,${SECRET}`,
    `,B123456780,李大華,教師,${SECRET}`,
  ]);
  await small.send('999999-名冊.csv', ARRIVED, [HEAD, '999999,F123456783,林美玲,教師,']);
  await put('064603-名冊.xlsx', xlsxOf({ sheet: '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>' }));
  await put('064604-名冊.xlsx', strings());
  await put(
    '064602-名冊.xlsx',
    xlsxOf({ sheet: sheetOf([HEAD.split(','), ['064602', 'H123456786', '陳雅婷', '教師', SECRET]]) }),
  );
  await small.send('064605-名冊.csv', ARRIVED, [HEAD]);
  await put('064606-名冊.csv', Buffer.alloc(0));
  result = await small.night('2024-07-30T02:00:00+08:00');
});
afterAll(() => small.close());

const part = (code: string): SourcePart | undefined =>
  result.sources.flatMap((source) => source.parts ?? []).find(({ source }) => source === `roster/${code}`);

it.each([
  ['064603', 'file-doctype'],
  ['064604', 'file-needs-memory'],
  ['064605', 'file-no-rows'],
  ['064606', 'file-empty'],
])('the file of %s is refused as %s and stays where it is', async (code, error) => {
  expect(part(code)).toMatchObject({ status: 'failed', read: 0, error: { code: error } });
  const ending = ['064605', '064606'].includes(code) ? 'csv' : 'xlsx';
  expect((await stat(small.inbox(`${code}-名冊.${ending}`))).isFile()).toBe(true);
});

it('the good files beside them are landed, every row with its outcome', async () => {
  // The same row twice is one record and one duplicate; two that contradict each other, and one of another school, are turned away.
  expect(part('064601')).toMatchObject({ status: 'fresh', read: 6, accepted: 2, duplicate: 1, quarantined: 3 });
  expect(part('064602')).toMatchObject({ status: 'fresh', read: 1, accepted: 1 });
  const codes = await small.db.raw(
    `SELECT DISTINCT i->>'code' AS code FROM landing.quarantine q, jsonb_array_elements(q.issues) AS i WHERE q.source = 'roster/064601' ORDER BY 1`,
  );
  expect(codes.rows.map(({ code }: { code: string }) => code)).toEqual(['key-conflict', 'row-of-another-school']);
  for (const one of result.sources) {
    expect(one.read).toBe(one.accepted + one.unchanged + one.quarantined + one.excluded + one.duplicate);
  }
});

it('a school that no list knows is asked about, and nobody is put there', async () => {
  const { rows } = await small.db.raw(`SELECT code FROM review.exception WHERE code = 'institution-unknown'`);
  expect(rows.length).toBeGreaterThan(0);
  const found = await small.db.raw(`SELECT 1 FROM warehouse.institution WHERE source_key LIKE '999999%'`);
  expect(found.rows).toEqual([]);
});

it('a password is nowhere: not in the picture, not in quarantine, not in the log', async () => {
  const { rows } = await small.db.raw(
    `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables WHERE table_schema IN ('landing', 'ops', 'review', 'warehouse', 'bullmq') AND table_type = 'BASE TABLE'`,
  );
  for (const { name } of rows as { name: string }[]) {
    const held = await small.db.raw(`SELECT count(*) AS n FROM ${name} t WHERE t::text LIKE ?`, [`%${SECRET}%`]);
    expect([name, Number(held.rows[0].n)]).toEqual([name, 0]);
  }
  expect(small.log.text()).not.toContain(SECRET);
  await rm(small.inbox('064606-名冊.csv'));
});
