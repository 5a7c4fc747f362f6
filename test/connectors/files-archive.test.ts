import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { writeXlsx } from 'hucre/xlsx';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Part } from '../../connectors/contract.ts';
import { openConnector } from '../../connectors/registry.ts';
import { environmentAt } from './support/environment.ts';
import { contextAt, handOver, sourceError } from './support/handover.ts';
import { type Inbox, makeInbox } from './support/inbox.ts';
import { type ZipEntry, zipOf } from './support/zip.ts';

let inbox: Inbox;
beforeEach(async () => {
  inbox = await makeInbox();
});
afterEach(() => inbox.remove());

const roster = (name: string) => `姓名,職稱\n${name},教師\n`;
const TWO: ZipEntry[] = [
  { name: '064601/', content: '' },
  { name: '064601/名冊.csv', content: roster('王小明') },
  { name: '064602/名冊.csv', content: roster('李大華') },
];
const parts = () => inbox.roster.discover(contextAt());
const names = async (part: Part) =>
  (await handOver(inbox.roster, part)).flatMap(({ rows }) => rows.map((row) => row.values.name));

describe('an archive with one folder per school', () => {
  it('comes as one part per school, each file named with its archive', async () => {
    await inbox.put('全市.zip', zipOf(TWO));
    await inbox.put('064601_補.csv', roster('林美玲'), '2024-08-01T11:00:00+08:00');
    const [first, second] = (await parts()) as [Part, Part];
    expect([first, second].map(({ source, files }) => ({ source, files }))).toEqual([
      { source: 'roster/064601', files: ['全市.zip//064601/名冊.csv', '064601_補.csv'] },
      { source: 'roster/064602', files: ['全市.zip//064602/名冊.csv'] },
    ]);
    expect(await names(first)).toEqual(['王小明', '林美玲']);
    const [{ delivery, notes }] = (await handOver(inbox.roster, second)) as [Awaited<ReturnType<typeof handOver>>[0]];
    expect(delivery).toMatchObject({ asOf: '2024-08-01T10:00:00.000+08:00' });
    expect(notes.file).toBe('全市.zip > 名冊.csv');
  });

  it('holds workbooks, folders that say what is whole, and what systems add by themselves', async () => {
    const sheet = await writeXlsx({ sheets: [{ name: '名冊', rows: [['姓名'], ['王小明']] }] });
    await inbox.put(
      '全市.ZIP',
      zipOf([
        { name: '064601/異動/名冊.xlsx', content: sheet },
        { name: '__MACOSX/064601/._名冊.xlsx', content: 'x' },
        { name: '064601/.DS_Store', content: 'x' },
        { name: '064601/~$名冊.xlsx', content: 'x' },
        { name: 'Thumbs.db', content: 'x' },
      ]),
    );
    const all = await parts();
    expect(all.map((part) => part.files)).toEqual([['全市.ZIP//064601/異動/名冊.xlsx']]);
    const [{ rows, delivery }] = (await handOver(inbox.roster, all[0]!)) as [Awaited<ReturnType<typeof handOver>>[0]];
    expect(rows).toHaveLength(1);
    expect(delivery.complete).toBe(false);
  });

  it.each<[string, Partial<ZipEntry>, string]>([
    ['UTF-8, as marked', { name: '064601/豐原國小.csv', flags: 0x800 }, '豐原國小'],
    ['UTF-8, not marked', { name: '064601/豐原國小.csv' }, '豐原國小'],
    ['Big5, with a backslash inside a character', { name: iconv.encode('064601/成功國小.csv', 'big5') }, '成功國小'],
    ['Big5, in folders of Windows', { name: iconv.encode('064601\\豐原國小.csv', 'big5') }, '豐原國小'],
    ['CP437', { name: iconv.encode('064601/Müller_Ö.csv', 'cp437') }, 'Müller_Ö'],
    [
      'an extra field beside a name that is lost',
      { name: '064601/????.csv', extra: unicodePath('064601/????.csv', '064601/瑠公國小.csv') },
      '瑠公國小',
    ],
    ['an extra field of another name', { name: '064601/a.csv', extra: unicodePath('b.csv', '064602/c.csv') }, 'a'],
  ])('may have names in %s', async (_, entry, shown) => {
    await inbox.put('全市.zip', zipOf([{ name: '', content: roster('王小明'), ...entry }]));
    const [part] = (await parts()) as [Part];
    expect(part).toMatchObject({ source: 'roster/064601', files: [`全市.zip//064601/${shown}.csv`] });
    expect(await names(part)).toEqual(['王小明']);
  });

  it.each([
    ['240801.zip', '064601/名冊.csv', 'roster/064601'],
    ['064601.zip', '名冊.csv', 'roster/064601'],
    ['064602/全市.zip', '名冊.csv', 'roster/064602'],
  ])('"%s" with "%s" speaks for %3$s', async (archive, entry, source) => {
    await inbox.put(archive, zipOf([{ name: entry, content: roster('王小明') }]));
    expect((await parts()).map((part) => part.source)).toEqual([source]);
  });

  it('in the folder of one school does not speak for another', async () => {
    await inbox.put('064602/全市.zip', zipOf([{ name: '064601/名冊.csv', content: roster('王小明') }]));
    const [part] = (await parts()) as [Part];
    expect(await sourceError(handOver(inbox.roster, part))).toMatchObject({ code: 'file-school-conflict' });
  });

  it('that is a workbook, or a text, is what it is', async () => {
    await inbox.put('064601.zip', await writeXlsx({ sheets: [{ name: '名冊', rows: [['姓名'], ['王小明']] }] }));
    await inbox.put('064602.zip', roster('李大華'));
    expect(await Promise.all((await parts()).map(names))).toEqual([['王小明'], ['李大華']]);
  });
});

function unicodePath(of: string, name: string): Buffer {
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x7075, 0);
  field.writeUInt16LE(5 + Buffer.byteLength(name), 2);
  field.writeUInt8(1, 4);
  field.writeUInt32LE(crc32(of), 5);
  return Buffer.concat([Buffer.from('99990100', 'hex'), Buffer.from('x'), field, Buffer.from(name)]);
}

describe('an archive that cannot be trusted', () => {
  const file = (name: string, more: Partial<ZipEntry> = {}): ZipEntry => ({ name, content: roster('王小明'), ...more });

  it.each<[string, Buffer, string]>([
    ['climbs out of its folder', zipOf([...TWO, file('064601/../../etc/名冊.csv')]), 'file-archive-path'],
    ['climbs out the way of Windows', zipOf([file('064601\\..\\..\\名冊.csv')]), 'file-archive-path'],
    ['names the root', zipOf([file('/etc/名冊.csv')]), 'file-archive-path'],
    ['names a drive', zipOf([file('C:\\名冊.csv')]), 'file-archive-path'],
    ['has a line end in a name', zipOf([file('064601/a\nb.csv')]), 'file-archive-path'],
    ['has folders without end', zipOf([file(`${'a/'.repeat(50)}b.csv`)]), 'file-archive-path'],
    [
      'holds a link',
      zipOf([file('064601/名冊.csv', { unixMode: 0o120777, content: '/etc/passwd' })]),
      'file-archive-link',
    ],
    ['holds a pipe', zipOf([file('064601/名冊.csv', { unixMode: 0o010644 })]), 'file-archive-link'],
    ['holds another archive', zipOf([...TWO, file('064603/名冊.zip')]), 'file-archive-nested'],
    ['is packed by a method that few know', zipOf([file('064601/名冊.csv', { method: 14 })]), 'file-archive-method'],
    ['is encrypted', zipOf([file('064601/名冊.csv', { flags: 1 })]), 'file-encrypted'],
    ['is cut', zipOf(TWO).subarray(0, 200), 'file-archive-broken'],
    ['gives one name twice', zipOf([file('064601/名冊.csv'), file('064601\\名冊.csv')]), 'file-archive-broken'],
    ['is larger than is held in memory', Buffer.concat([zipOf(TWO), Buffer.alloc(65 * 1024 * 1024)]), 'file-too-large'],
    ['is empty', zipOf([{ name: '064601/', content: '' }]), 'file-archive-empty'],
    [
      'has too many files',
      zipOf(Array.from({ length: 2001 }, (_, i) => file(`064601/${i}.csv`))),
      'file-archive-too-large',
    ],
    [
      'unfolds to too much',
      zipOf([file('064601/a.csv', { content: Buffer.alloc(20_000_000) })]),
      'file-archive-too-large',
    ],
  ])('because it %s, is one failed source that names it', async (_, bytes, code) => {
    await inbox.put('全市.zip', bytes);
    await inbox.put('064601.csv', roster('王小明'));
    const all = await parts();
    expect(all.map((part) => part.files)).toEqual([['064601.csv'], ['全市.zip']]);
    const error = await sourceError(handOver(inbox.roster, all[1]!));
    expect(error).toMatchObject({ code, params: { file: '全市.zip' } });
    expect(await names(all[0]!)).toEqual(['王小明']);
  });

  it.each<[string, Partial<ZipEntry>]>([
    ['whose checksum is another', { crc: 1 }],
    ['that unfolds to more than it declares', { content: Buffer.alloc(9000, 'x'), declared: 100 }],
  ])('in one file, %s, fails that school alone', async (_, more) => {
    await inbox.put('全市.zip', zipOf([...TWO, file('064603/名冊.csv', more)]));
    const [one, two, three] = (await parts()) as [Part, Part, Part];
    expect(await sourceError(handOver(inbox.roster, three))).toMatchObject({
      code: 'file-archive-broken',
      params: { file: '全市.zip > 名冊.csv' },
    });
    expect([await names(one), await names(two)]).toEqual([['王小明'], ['李大華']]);
  });
});

describe('an archive in the inbox', () => {
  const left = async () => (await readdir(inbox.path)).sort();

  it('leaves once all its parts are landed, whoever landed them and in whatever order', async () => {
    await inbox.put('全市.zip', zipOf(TWO));
    const [first, second] = (await parts()) as [Part, Part];
    const environment = environmentAt(inbox.path);
    const otherWorker = openConnector(
      { type: 'roster-files', name: 'roster', inbox: '.', maxBytes: 1e8, stableSeconds: 0, complete: true },
      environment,
    );
    await otherWorker.settle(second);
    expect(await left()).toEqual(['.全市.zip.landed', '全市.zip']);
    expect((await parts()).map((part) => part.source)).toEqual(['roster/064601']);
    await otherWorker.settle(second);
    expect(await left()).toEqual(['.全市.zip.landed', '全市.zip']);
    await inbox.roster.settle(first);
    expect(await left()).toEqual([]);
  });

  it('whose parts are settled at the same moment leaves too', async () => {
    await inbox.put('全市.zip', zipOf(TWO));
    await Promise.all((await parts()).map((part) => inbox.roster.settle(part)));
    expect(await left()).toEqual([]);
  });

  it('that was replaced is a new one: what was landed of the old one says nothing of it', async () => {
    await inbox.put('全市.zip', zipOf(TWO));
    const [first, second] = (await parts()) as [Part, Part];
    await inbox.roster.settle(second);
    await inbox.put('全市.zip', zipOf(TWO), '2024-08-01T12:00:00+08:00');
    expect(await sourceError(handOver(inbox.roster, first))).toMatchObject({ code: 'file-changed', retryable: true });
    await inbox.roster.settle(first);
    const again = await parts();
    expect(again.map((part) => part.source)).toEqual(['roster/064601', 'roster/064602']);
    for (const part of again) await inbox.roster.settle(part);
    expect(await left()).toEqual([]);
  });

  it('landed whole by a worker that died before it could remove it, leaves at the next look; a note without its archive too', async () => {
    await inbox.put('全市.zip', zipOf(TWO));
    const all = await parts();
    await inbox.roster.settle(all[0]!);
    await inbox.put('064603.zip', zipOf([{ name: 'a.csv', content: roster('王') }]));
    const note = await readFile(join(inbox.path, '.全市.zip.landed'), 'utf8');
    await appendFile(join(inbox.path, '.全市.zip.landed'), note.replace(/\d+\n$/, '2\n'));
    await inbox.put('.gone.zip.landed', note);
    expect((await parts()).map((part) => part.source)).toEqual(['roster/064603']);
    expect(await left()).toEqual(['064603.zip']);
  });
});
