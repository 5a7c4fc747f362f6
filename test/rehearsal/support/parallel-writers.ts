/**
 * Writers that apply plans at once: each has an engine of its own (connections, queue, worker), as a command has, and a clock that is the machine's. What a run of the
 * `pair` and the `branch` brings is numbered, and stands in several tables: whoever reads two numbers has read between two states.
 */
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { nationalId } from '../../../bench/roster-file.ts';
import { type Engine, openEngine } from '../../../cli/engine.ts';
import type { Installation } from '../../../cli/installation.ts';
import { type SyncRequest, sync } from '../../../cli/sync.ts';
import { expireManualValue, setManualValue } from '../../../pipelines/manual-values.ts';
import type { Campaign } from '../../../schemas/campaign.ts';
import { connect, type Database } from '../../../warehouse/connect.ts';
import { CAMPAIGN } from '../../pipelines/snapshot/campaign.ts';
import { openSmallInstallation, type SmallInstallation } from '../../support/small-installation.ts';
import { makeTestLogger } from '../../support/test-logger.ts';
import { addBureau, LIN } from '../../support/users.ts';

const STAFF = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,任教科目,登錄時間';
const ACCOUNTS = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態,啟用日期';
const QUIET = { hearing: () => undefined, stage: () => undefined, done: () => undefined };
const HOUR = 3_600_000;
/** An account of the pair was enabled in this year and as many later as the round's number says. */
export const YEAR_0 = 1950;
/** Nobody writes to a file while it is read. */
const SETTLED = { stableSeconds: 0 };

export interface ParallelWriters {
  small: SmallInstallation;
  campaign: Campaign;
  /** Runs one round of a writer and the next until `done`. Resolves when all have ended. */
  write(done: () => boolean): Promise<void>;
  close(): Promise<void>;
}

export async function openParallelWriters(): Promise<ParallelWriters> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mingce-parallel-'));
  const began = Date.now() - 24 * HOUR;
  const campaign: Campaign = { ...CAMPAIGN, cutOff: new Date(Date.now() - HOUR).toISOString() };
  const list = path.join(folder, 'schools.csv');
  const small = await openSmallInstallation(1, {
    config: { simulation: false, guards: { changed: { percent: 100, people: 100 } } },
    campaigns: [campaign],
    only: [
      { type: 'institution-list', name: 'schools', path: list, layout: 'schools' },
      { type: 'roster-files', name: 'roster', inbox: 'inbox', ...SETTLED },
      { type: 'account-files', name: 'accounts', inbox: 'accounts', ...SETTLED },
      { type: 'roster-files', name: 'branch', inbox: 'bundles', ...SETTLED },
    ],
  });
  await addBureau(small.db, [LIN.name]);
  let sent = 0;
  /** Each file came a second after the one before; what it says was registered an hour before it came. */
  const stamp = (): { arrived: string; registered: string } => {
    sent += 1;
    const at = began + sent * 1000;
    return { arrived: new Date(at).toISOString(), registered: new Date(at - HOUR).toISOString() };
  };
  const staff = (code: string, n: number, from: number): { lines: string[]; arrived: string } => {
    const { arrived, registered } = stamp();
    const line = (i: number, name: string, subject: string) =>
      `${code},${nationalId(from + i)},${name},男,70/05/06,教師,${subject},${registered}`;
    return { lines: [STAFF, line(0, '甲', `科目${n}`), line(1, `乙${n}`, '國語文')], arrived };
  };
  async function sendPair(n: number): Promise<void> {
    const { arrived } = stamp();
    const schools = [
      `064601,豐原國小${n},國小,公立,豐原區`,
      '064602,瑞穗國小,國小,公立,豐原區',
      '064603,南陽國小,國小,公立,豐原區',
    ];
    await writeFile(list, ['code,name,section,ownership,district', ...schools, ''].join('\n'));
    await utimes(list, new Date(arrived), new Date(arrived));
    const roster = staff('064601', n, 0);
    await small.send('064601.csv', roster.arrived, roster.lines);
    const account = (name: string, kind: string, year: number) =>
      `064601,${name},${kind},${nationalId(0)},甲,啟用,${year - 1911}/01/01`;
    const accounts = [account('head01', '總負責人', 2023), account('clerk01', '研習承辦人', YEAR_0 + n)];
    await small.send('064601.csv', stamp().arrived, [ACCOUNTS, ...accounts], 'accounts');
  }
  async function sendBranch(n: number): Promise<void> {
    const roster = staff('064603', n, 100);
    await small.send('064603.csv', roster.arrived, roster.lines, 'bundles');
  }
  const writers: Writer[] = [];
  const open = async (): Promise<Writer> => {
    const writer = await openWriter(small.installation);
    writers.push(writer);
    return writer;
  };
  await sendPair(0);
  await sendBranch(0);
  const [pair, branch, hand] = [await open(), await open(), await open()];
  await pair.run({ sources: null });
  const rounds: readonly ((n: number) => Promise<void>)[] = [
    async (n) => {
      await sendPair(n);
      await pair.run({ sources: ['schools', 'roster', 'accounts'] });
    },
    // Every other run of the branch is undone, before anybody else changed what it brought.
    async (n) => {
      await sendBranch(n);
      const run = await branch.run({ sources: ['branch'] });
      if (n % 2 === 0) return;
      const decision = { by: LIN, reason: '誤送', at: new Date().toISOString() };
      await branch.run({ kind: 'revert', revert: { run, decision } });
    },
    async (n) => {
      const when = new Date().toISOString();
      const asked = { entity: 'institution', id: '064602', field: 'phone', value: `04-2522${1000 + n}` } as const;
      const set = { ...asked, at: null, reason: '來電更正', until: null, by: LIN, when };
      const { line } = await setManualValue(hand.db, set);
      await hand.run({ kind: 'decision' });
      if (n % 2 === 0)
        await expireManualValue(hand.db, {
          id: line.number,
          reason: '學校已更正',
          by: LIN,
          when: new Date().toISOString(),
        });
      if (n % 2 === 0) await hand.run({ kind: 'decision' });
    },
  ];
  return {
    small,
    campaign,
    async write(done) {
      await Promise.all(
        rounds.map(async (round) => {
          for (let n = 1; !done(); n += 1) await round(n);
        }),
      );
    },
    async close() {
      for (const writer of writers) await writer.close();
      await small.close();
      await rm(folder, { recursive: true });
    },
  };
}

interface Writer {
  db: Database;
  /** @returns the number of the run that was asked for */
  run(request: Partial<SyncRequest>): Promise<number>;
  close(): Promise<void>;
}

async function openWriter(shared: Installation): Promise<Writer> {
  const db = connect(shared.databaseUrl, { max: 4 });
  const installation = { ...shared, db };
  const engine: Engine = openEngine(installation, makeTestLogger().logger, new AbortController().signal);
  return {
    db,
    run: async (request) => {
      const asked = { sources: null, dryRun: false, clock: null, ...request };
      const run = (await sync(installation, engine, asked, QUIET, async () => undefined)).at(-1);
      if (run?.status !== 'complete') throw new Error(`a run ended ${run?.status}: ${run?.error?.message}`);
      return run.id;
    },
    close: async () => {
      await engine.close();
      await db.destroy();
    },
  };
}
