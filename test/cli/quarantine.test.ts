/** `mingce quarantine` and `mingce receipt` as a person types them, on a school's broken files. */
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Cli } from '../../cli/command.ts';
import { registerQuarantine } from '../../cli/commands/quarantine.ts';
import { registerReceipt } from '../../cli/commands/receipt.ts';
import { readEnvironment } from '../../cli/environment.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { WrongRequestError } from '../../schemas/wrong-request.ts';
import { filesOf, rosterOf, zipFiles } from '../connectors/support/oneroster.ts';
import { publishedAnswer } from '../support/published-schema.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

let small: SmallInstallation;
beforeAll(async () => {
  const schools = ['064601', '064602'];
  const source = { type: 'oneroster-files', name: 'oneroster', inbox: 'bundles', schools };
  small = await openSmallInstallation(1, { sources: [source] });
  await small.send('064601.csv', '2024-07-29T10:00:00+08:00', [
    '身分證字號,姓名,職稱',
    'A123456789,王小明,教師',
    'B12****780,李大華,校長',
  ]);
  await small.send(
    '064601.csv',
    '2024-07-29T10:00:00+08:00',
    ['帳號,帳號類別,狀態,姓名', 'x01,總負責人,不明,王小明'],
    'accounts',
  );
  await small.night('2024-07-30T02:00:00+08:00');
});
afterAll(() => small.close());

/** Runs one command line as the process root does, without its worker. */
async function mingce(...args: string[]): Promise<{ out: string; status: number }> {
  const told = { out: '', status: 0 };
  const cli: Cli = {
    log: small.ctx.log,
    environment: () => readEnvironment({}),
    signal: small.ctx.signal,
    withInstallation: (work) => work(small.installation),
    answer: (text) => {
      told.out += `${text}\n`;
    },
    exit: (status) => {
      told.status = status;
    },
  };
  const program = new Command('mingce').exitOverride().configureOutput({ writeErr: () => undefined });
  registerQuarantine(program, cli);
  registerReceipt(program, cli);
  await program.parseAsync(args, { from: 'user' });
  return told;
}

it('lists as text and as JSON of the published schema, of one source or of all', async () => {
  expect((await mingce('quarantine', 'list')).out).toContain('未採用的資料 2 列');
  const all = publishedAnswer('quarantine-list', (await mingce('quarantine', 'list', '--json')).out);
  expect(all).toMatchObject({ rows: 2, truncated: false });
  const one = await mingce('quarantine', 'list', '--source', 'accounts/064601', '--json');
  expect(publishedAnswer('quarantine-list', one.out)).toMatchObject({
    rows: 1,
    causes: [{ code: 'account-state-unknown' }],
  });
  expect((await mingce('quarantine', 'list', '--institution', '064602')).out).toContain('nothing is quarantined');
});

it('writes the correction file of one kind of file, and asks which where a school has two', async () => {
  const file = path.join(path.dirname(small.inbox('x')), '..', '更正.ods');
  await expect(mingce('quarantine', 'export', '064601', file)).rejects.toThrow(
    /accounts and roster|roster and accounts/,
  );
  const { out } = await mingce('quarantine', 'export', '064601', file, '--source', 'roster', '--json');
  expect(publishedAnswer('correction-exported', out)).toEqual({
    source: 'roster/064601',
    file,
    rows: 1,
    withoutOriginal: 0,
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it.each([
  '.xlsx',
  '.ods',
  '.csv',
])('a correction file%s that stands is not written over, and a place that is none is named', async (ending) => {
  const folder = path.join(path.dirname(small.inbox('x')), '..', `export${ending}`);
  await mkdir(folder);
  const file = path.join(folder, `更正${ending}`);
  await writeFile(file, 'what the school has done so far');
  const taken = mingce('quarantine', 'export', '064601', file, '--source', 'roster');
  await expect(taken).rejects.toThrow(WrongRequestError);
  await expect(taken).rejects.toThrow(`FILE ${file}: is there already and is not written over`);
  expect(await readFile(file, 'utf8')).toBe('what the school has done so far');
  const nowhere = path.join(folder, 'nowhere', `更正${ending}`);
  const lost = mingce('quarantine', 'export', '064601', nowhere, '--source', 'roster');
  await expect(lost).rejects.toThrow(WrongRequestError);
  await expect(lost).rejects.toThrow(`FILE ${nowhere}: cannot be written (ENOENT)`);
  expect(((await lost.catch((error: unknown) => error)) as Error).message).not.toContain('.part');
  expect(await readdir(folder)).toEqual([`更正${ending}`]);
});

it('promises a correction file only where people send tables', async () => {
  expect((await mingce('quarantine', 'list')).out).toContain('給學校的更正檔');
  const roster = rosterOf(1);
  roster.tables.roles![0]!.orgSourcedId = 'gone';
  const zip = zipFiles(filesOf(roster));
  for (const [name, source] of [
    ['064602.zip', 'oneroster/064602'],
    ['city.zip', 'oneroster'],
  ] as const) {
    const file = small.inbox(name, 'bundles');
    await writeFile(file, zip);
    await utimes(file, new Date('2024-07-30T10:00:00+08:00'), new Date('2024-07-30T10:00:00+08:00'));
    await small.night(name.startsWith('c') ? '2024-08-01T02:00:00+08:00' : '2024-07-31T02:00:00+08:00');
    const { out } = await mingce('quarantine', 'list', '--source', source);
    expect(out).toContain('oneroster-org-unknown');
    expect(out).not.toContain('更正檔');
    const told = (await mingce('receipt', source)).out;
    expect(told).toContain('請依下表在該系統更正');
    expect(told).not.toContain('更正檔');
  }
  const exported = mingce('quarantine', 'export', '064602', '/tmp/never.csv');
  await expect(exported).rejects.toThrow('064602: nobody sends tables to oneroster/064602');
});

it('points from a school to the source that speaks for it among others', async () => {
  expect((await mingce('receipt', 'oneroster')).out).toContain('來源 oneroster，');
  await expect(mingce('receipt', '064602', '--run', '1')).rejects.toThrow(
    '064602: no receipt of run 1; a source that speaks for several schools has one for all: "mingce receipt oneroster"',
  );
  await expect(mingce('receipt', '064699')).rejects.toThrow('"mingce runs" lists who was heard');
});

it('says what is wrong with a command: 64, without having written anything', async () => {
  for (const args of [
    ['quarantine', 'export', '0646', 'x.csv'],
    ['quarantine', 'export', '064601', 'x.pdf'],
    ['quarantine', 'export', '064602', '/tmp/x.csv'],
    ['quarantine', 'list', '--source', 'nobody'],
    ['quarantine', 'replay', '--source', 'nobody'],
    ['receipt', '064699'],
    ['receipt', '064601', '--run', 'x'],
    ['receipt', 'A1 '],
  ]) {
    await expect(mingce(...args), args.join(' ')).rejects.toThrow(UsageError);
  }
});

it('shows the receipts of a school: all its sources, one of them, of a run', async () => {
  const { out } = await mingce('receipt', '064601');
  expect(out).toContain('來源 roster/064601');
  expect(out).toContain('來源 accounts/064601');
  const one = publishedAnswer('receipt-list', (await mingce('receipt', 'roster/064601', '--run', '1', '--json')).out);
  expect(one).toEqual([expect.objectContaining({ source: 'roster/064601', outcome: 'partly-taken' })]);
});
