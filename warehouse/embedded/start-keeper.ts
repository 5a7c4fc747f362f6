import { spawn } from 'node:child_process';
import { closeSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { HomeLayout } from './home-layout.ts';
import type { KeeperOrder } from './keeper-protocol.ts';
import { openLog, rotateLog } from './log-file.ts';
import { ownAccount, type UnixAccount } from './unix-account.ts';

export interface StartedKeeper {
  /** How it ended, once it did. */
  end(): { status: number } | 'killed' | undefined;
  /** Size of the keeper's log before it started: what comes after it is this keeper's. */
  logStart: number;
}

/**
 * Starts a keeper that outlives us: in a session of its own, away from our terminal and our folder, without our
 * environment (it may hold credentials, and the keeper lives on).
 */
export function startKeeper(order: KeeperOrder, layout: HomeLayout, account: UnixAccount): StartedKeeper {
  rotateLog(layout.keeperLog);
  const log = openLog(layout.keeperLog, account);
  const logStart = statSync(layout.keeperLog).size;
  const program = fileURLToPath(new URL('./keeper.ts', import.meta.url));
  const drop = account.uid === ownAccount().uid ? {} : { uid: account.uid, gid: account.gid };
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    ...drop,
    detached: true,
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let failedToSpawn = false;
  child.once('error', () => {
    failedToSpawn = true;
  });
  child.unref();
  return {
    logStart,
    end() {
      if (child.signalCode !== null) return 'killed';
      if (failedToSpawn) return { status: -1 };
      return child.exitCode === null ? undefined : { status: child.exitCode };
    },
  };
}
