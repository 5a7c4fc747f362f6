/** Long because it is one inbox, told through everything that can lie in it and everybody who may still be writing there. */
import { execFileSync } from 'node:child_process';
import { appendFile, copyFile, lstat, mkdir, readdir, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pause } from '../../connectors/files/settled-files.ts';
import { openConnector } from '../../connectors/registry.ts';
import { taipeiTime } from '../../connectors/taipei-time.ts';
import { sourceConfig } from '../../schemas/config.ts';
import { environmentAt } from './support/environment.ts';
import { bytesOf, contextAt, handOver, keep, sourceError } from './support/handover.ts';
import { ARRIVED, type Inbox, makeInbox } from './support/inbox.ts';
import { zipOf } from './support/zip.ts';

const ROSTER = '學校代碼,姓名,身分證字號\n064601,王小明,A123456789\n';
let inbox: Inbox;

beforeEach(async () => {
  inbox = await makeInbox();
});
afterEach(() => inbox.remove());

const sources = async (): Promise<string[]> => (await inbox.roster.discover(contextAt())).map((part) => part.source);

describe('what lies in an inbox', () => {
  it('is taken oldest first, then by name, one part per school', async () => {
    await inbox.put('064601_b.csv', ROSTER, '2024-08-01T09:00:00+08:00');
    await inbox.put('064601_a.csv', ROSTER, '2024-08-01T09:00:00+08:00');
    await inbox.put('064602/名冊.csv', ROSTER, '2024-08-01T08:00:00+08:00');
    await inbox.put('064601/z.csv', ROSTER, '2024-08-01T07:00:00+08:00');
    const parts = await inbox.roster.discover(contextAt());
    expect(parts.map(({ source, drop, files }) => ({ source, drop, files }))).toEqual([
      { source: 'roster/064601', drop: 'roster', files: ['064601/z.csv', '064601_a.csv', '064601_b.csv'] },
      { source: 'roster/064602', drop: 'roster', files: ['064602/名冊.csv'] },
    ]);
  });

  it('counts as arrived strictly before the moment of the run', async () => {
    await inbox.put('064601.csv', ROSTER, '2024-08-02T16:59:59+08:00');
    await inbox.put('064602.csv', ROSTER, '2024-08-02T17:00:00+08:00');
    expect(await sources()).toEqual(['roster/064601']);
  });

  it('tells links and pipes without following one, and leaves out hidden and half-transferred files', async () => {
    await inbox.put('real/064601.csv', ROSTER);
    await symlink(join(inbox.path, 'real/064601.csv'), join(inbox.path, '064602.csv'));
    await symlink(join(inbox.path, 'real'), join(inbox.path, '064603'));
    execFileSync('mkfifo', [join(inbox.path, '064604.csv')]);
    for (const name of [
      '.064605.csv',
      '~$064606.xlsx',
      '064607.csv.part',
      '064608.csv.crdownload',
      '.hidden/064609.csv',
      'Thumbs.db',
      '064610/desktop.ini',
    ]) {
      await inbox.put(name, ROSTER);
    }
    const parts = await inbox.roster.discover(contextAt());
    expect(parts.map(({ source }) => source)).toEqual(['roster/064601', 'roster/unknown-entries']);
    expect(await handOver(inbox.roster, parts[0]!)).toHaveLength(1);
    expect(await sourceError(handOver(inbox.roster, parts[1]!))).toMatchObject({
      code: 'inbox-irregular',
      params: { count: 3, files: '064602.csv、064603、064604.csv' },
    });
    await inbox.roster.settle(parts[1]!);
    expect(await readdir(inbox.path)).toEqual(expect.arrayContaining(['064602.csv', '064603', '064604.csv']));
  });

  it('fails when the folder is not there: an unmounted share is not an empty one', async () => {
    await inbox.remove();
    expect(await sourceError(inbox.roster.discover(contextAt()))).toMatchObject({ code: 'inbox-missing' });
    await mkdir(inbox.path);
  });
});

describe('in real operation', () => {
  /** Connectors as an installation without a simulation opens them, at a moment of this machine. */
  const real = (machineClock: () => number = Date.now, stableSeconds = 0, pause?: Pause) =>
    openConnector(sourceConfig.parse({ type: 'roster-files', name: 'roster', inbox: '.', stableSeconds }), {
      ...environmentAt(inbox.path),
      machineClock,
      ...(pause && { pause }),
    });
  const now = () => contextAt(new Date(Date.now() + 1).toISOString());
  const arrival = async (name: string): Promise<number> => (await lstat(join(inbox.path, name))).ctimeMs;

  it('a file has arrived when it came to be there, whatever time its sender or a tool that keeps times gave it', async () => {
    await inbox.put('064601.csv', ROSTER, '2014-08-01T09:00:00+08:00');
    await inbox.put('064602.csv', ROSTER.replace('064601', '064602'), '2999-01-01T00:00:00+08:00');
    await inbox.put(
      'all.zip',
      zipOf([{ name: '064603/名冊.csv', content: ROSTER.replace('064601', '064603') }]),
      '2014-08-01T09:00:00+08:00',
    );
    const connector = real();
    const parts = await connector.discover(now());
    expect(parts.map(({ source }) => source).sort()).toEqual(['roster/064601', 'roster/064602', 'roster/064603']);
    for (const part of parts) {
      const [one] = await handOver(connector, part);
      const name = part.files[0]!.split('//')[0]!;
      expect(Date.parse(one!.delivery.asOf)).toBe(Math.floor(await arrival(name)));
      await connector.settle(part);
    }
    expect(await readdir(inbox.path)).toEqual([]);
  });

  it('a file put there after the moment of the run waits, though its time is of before', async () => {
    await inbox.put('064601.csv', ROSTER, '2014-08-01T09:00:00+08:00');
    const moment = new Date(Math.floor(await arrival('064601.csv'))).toISOString();
    expect(await real().discover(contextAt(moment))).toEqual([]);
  });

  it('a file whose time lies in the future, for the clock was wrong, is told and not taken', async () => {
    await inbox.put('064601.csv', ROSTER);
    await inbox.put('064602/a.csv', ROSTER.replace('064601', '064602'));
    const minutesAgo = (minutes: number) => () => Date.now() - minutes * 60_000;
    const ctx = contextAt(new Date(minutesAgo(60)()).toISOString());
    const connector = real(minutesAgo(60));
    const parts = await connector.discover(ctx);
    expect(parts.map(({ source }) => source)).toEqual(['roster/064601', 'roster/064602']);
    expect(await sourceError(handOver(connector, parts[0]!))).toMatchObject({
      code: 'file-from-the-future',
      params: { file: '064601.csv', moment: taipeiTime(await arrival('064601.csv')) },
    });
    // Clocks that differ by a little: the next run takes it.
    expect(await real(minutesAgo(8)).discover(contextAt(new Date(minutesAgo(8)()).toISOString()))).toEqual([]);
  });

  it('a file that changed a moment ago is waited for once, and told; one that has settled is not', async () => {
    await inbox.put('064601.csv', ROSTER);
    await inbox.put('064602.csv', ROSTER.replace('064601', '064602'));
    const waits: number[] = [];
    const told: string[] = [];
    const ctx = { ...now(), progress: (what: string) => told.push(what) };
    const connector = real(Date.now, 10, async (ms) => {
      waits.push(ms);
    });
    const [part] = await connector.discover(ctx);
    expect((await handOver(connector, part!))[0]!.rows).toHaveLength(1);
    expect(waits).toEqual([expect.toSatisfy((ms: number) => ms > 0 && ms <= 10_000)]);
    expect(told).toEqual(['files that settle']);
    const later = real(
      () => Date.now() + 10_000,
      10,
      () => Promise.reject(new Error('waited')),
    );
    expect(await later.discover(now())).toHaveLength(2);
  });

  it('a file that is still written when it was waited for is told and never taken half, wherever its school is found', async () => {
    const whole = `${ROSTER}064605,李大華,B123456789\n`.replaceAll('064601', '064605');
    const half = whole.slice(0, 50);
    await inbox.put('064605.csv', half);
    await inbox.put('名冊.csv', half);
    const archive = zipOf([{ name: '064606/名冊.csv', content: ROSTER.replace('064601', '064606') }]);
    await inbox.put('全市.zip', archive.subarray(0, 40));
    await inbox.put('064607.csv', ROSTER.replace('064601', '064607'));
    const connector = real(Date.now, 10, async () => {
      for (const name of ['064605.csv', '名冊.csv']) await appendFile(join(inbox.path, name), whole.slice(50));
      await appendFile(join(inbox.path, '全市.zip'), archive.subarray(40));
    });
    const parts = await connector.discover(now());
    const files = parts.map(({ files: [name] }) => name).sort();
    expect(files).toEqual(['064605.csv', '064607.csv', '全市.zip', '名冊.csv'].sort());
    for (const part of parts) {
      if (part.source === 'roster/064607') await handOver(connector, part);
      else expect(await sourceError(handOver(connector, part))).toMatchObject({ code: 'file-changed' });
      await connector.settle(part);
    }
    expect((await readdir(inbox.path)).sort()).toEqual(['064605.csv', '全市.zip', '名冊.csv'].sort());
    const next = real();
    const again = await next.discover(contextAt(new Date(Date.now() + 60_000).toISOString()));
    expect(again.map(({ source }) => source).sort()).toEqual(['roster/064605', 'roster/064606']);
    const both = await handOver(next, again.find(({ source }) => source === 'roster/064605')!);
    expect(both.map(({ rows }) => rows.length)).toEqual([2, 2]);
  });
});

describe('the school of a file', () => {
  it.each([
    ['064601_教師名冊.csv', '064601'],
    ['豐原國小(064601)113年.csv', '064601'],
    ['064601_202407.csv', '064601'],
    ['教師名冊_11307_064601.csv', '064601'],
    ['240729_064612_名冊.csv', '064612'],
    ['61f01 名冊.csv', '061F01'],
    ['64350.csv', '064350'],
    ['０６４６０１.csv', '064601'],
    ['新/191602/第一批/名冊.csv', '191602'],
  ])('is found in "%s"', async (name, code) => {
    await inbox.put(name, ROSTER.replace('064601', ''));
    expect(await sources()).toEqual([`roster/${code}`]);
  });

  it('is found in the code column or the letterhead when the name is silent', async () => {
    await inbox.put('名冊.csv', ROSTER.replace('064601', '64602'));
    await inbox.put('名冊二.csv', '學校代碼：064603\n姓名,性別\n王小明,男\n');
    expect((await sources()).sort()).toEqual(['roster/064602', 'roster/064603']);
  });

  it.each([
    ['名冊.csv', 'file-school-unknown'],
    ['064601/064602_名冊.csv', 'file-school-conflict'],
  ])('that "%s" leaves open fails the file, in a part of its own', async (name, code) => {
    await inbox.put(name, '姓名,性別\n王小明,男\n');
    const [part] = await inbox.roster.discover(contextAt());
    expect(part!.source).toMatch(/^roster\/unknown-[0-9a-f]{8}$/);
    expect(await sourceError(handOver(inbox.roster, part!))).toMatchObject({ code });
  });
});

describe('a delivery', () => {
  it.each(['異動名冊／完整名冊', '□完整 □異動', '新學年'])('whose 名冊別 says "%s" is refused', async (said) => {
    await inbox.put('064601.csv', `名冊別：${said},,\n${ROSTER}`);
    const [part] = await inbox.roster.discover(contextAt());
    expect(await sourceError(handOver(inbox.roster, part!))).toMatchObject({ code: 'file-list-kind-unclear' });
  });

  it('is complete or not by its letterhead, else by configuration, and arrived when the file did', async () => {
    await inbox.put('064601_1.csv', ROSTER);
    await inbox.put('064601_2.csv', `臺中市豐原國小,,\n名冊別：異動名冊,,\n${ROSTER}`);
    await inbox.put('064601_3.csv', `名冊別,完整名冊,\n${ROSTER}`);
    await inbox.put('064601_4.csv', `名冊別：□完整名冊 ■異動,,\n${ROSTER}`);
    const [part] = await inbox.roster.discover(contextAt());
    const all = await handOver(inbox.roster, part!);
    expect(all.map(({ delivery }) => delivery.complete)).toEqual([true, false, true, false]);
    expect(all[0]!.delivery).toMatchObject({ asOf: '2024-08-01T10:00:00.000+08:00', source: 'roster/064601' });
  });

  it('of a file that grew since it was found is left for the next run', async () => {
    await inbox.put('064601.csv', ROSTER);
    const [part] = await inbox.roster.discover(contextAt());
    await inbox.put('064601.csv', `${ROSTER}064601,李大華,B123456789\n`);
    expect(await sourceError(handOver(inbox.roster, part!))).toMatchObject({ code: 'file-changed', retryable: true });
  });

  it('over the size limit fails', async () => {
    await inbox.put('064601.csv', Buffer.alloc(65 * 1024 * 1024, 'x'));
    const [part] = await inbox.roster.discover(contextAt());
    expect(await sourceError(handOver(inbox.roster, part!))).toMatchObject({ code: 'file-too-large' });
  });

  it('does not show what looks like an identifier in a file name', async () => {
    await inbox.put('064601_A123456789.csv', ROSTER);
    const [part] = await inbox.roster.discover(contextAt());
    const [{ delivery, notes }] = (await handOver(inbox.roster, part!)) as [Awaited<ReturnType<typeof handOver>>[0]];
    expect(JSON.stringify([delivery.objects[0]!.name, notes])).not.toContain('A123456789');
  });
});

describe('a fetch that was interrupted', () => {
  it('takes what was kept as it was, letterhead and arrival too, and only the rest from the inbox', async () => {
    const CHANGES = `名冊別：異動名冊,,\n${ROSTER}`;
    await inbox.put('064601_1.csv', CHANGES, '2024-08-01T09:00:00.125+08:00');
    await inbox.put('064601_2.csv', ROSTER);
    const [part] = await inbox.roster.discover(contextAt());
    const whole = await keep(inbox.roster, part!, contextAt());
    const held = whole[0]!.objects;
    await inbox.put('064601_1.csv', `${CHANGES}064601,李大華,B123456789\n`);
    const again = await keep(inbox.roster, part!, contextAt(), { held, landed: null });
    expect(again.map(({ complete, asOf }) => ({ complete, asOf }))).toEqual([
      { complete: false, asOf: '2024-08-01T09:00:00.125+08:00' },
      { complete: true, asOf: '2024-08-01T10:00:00.000+08:00' },
    ]);
    expect(again[0]!.objects[0]).toBe(held[0]);
    expect((await bytesOf(again[1]!.objects[0]!.body())).toString()).toBe(ROSTER);
    await inbox.roster.settle(part!);
    expect(await readdir(inbox.path), 'what came meanwhile waits for the next run').toEqual(['064601_1.csv']);
  });
});

describe('settling', () => {
  it('removes what was landed and nothing else', async () => {
    await inbox.put('064601_a.csv', ROSTER);
    await inbox.put('064601_b.csv', ROSTER);
    await inbox.put('064601_c.csv', ROSTER);
    await inbox.put('064602.csv', ROSTER);
    const [part] = await inbox.roster.discover(contextAt());
    await writeFile(join(inbox.path, '064601_b.csv'), ROSTER.replace('王', '林'));
    await inbox.roster.settle(part!);
    expect((await readdir(inbox.path)).sort()).toEqual(['064601_b.csv', '064602.csv']);
  });

  it('leaves a file that somebody wrote or replaced after it was read, though size and time are what they were', async () => {
    await inbox.put('064601_a.csv', ROSTER);
    await inbox.put('064601_b.csv', ROSTER);
    const [part] = await inbox.roster.discover(contextAt());
    await handOver(inbox.roster, part!);
    const asBefore = (name: string) => utimes(join(inbox.path, name), new Date(ARRIVED), new Date(ARRIVED));
    await writeFile(join(inbox.path, '064601_a.csv'), ROSTER.replace('王', '林'));
    await asBefore('064601_a.csv');
    await copyFile(join(inbox.path, '064601_b.csv'), join(inbox.path, '.new'));
    await asBefore('.new');
    await rename(join(inbox.path, '.new'), join(inbox.path, '064601_b.csv'));
    await inbox.roster.settle(part!);
    expect((await readdir(inbox.path)).sort()).toEqual(['064601_a.csv', '064601_b.csv']);
  });

  it('is fine with files that are gone, and removes nothing it was not shown', async () => {
    await inbox.put('064601.csv', ROSTER);
    await inbox.roster.settle({ source: 'roster/064601', drop: 'roster', files: ['064601.csv', 'gone.csv'] });
    await inbox.roster.settle({ source: 'roster/064601', drop: 'roster', files: ['gone.csv'], stamps: ['1:1'] });
    expect(await readdir(inbox.path)).toEqual(['064601.csv']);
  });
});
