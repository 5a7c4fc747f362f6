import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerSettings } from '../../warehouse/embedded/embedded-options.ts';
import { takeExclusiveLock } from '../../warehouse/embedded/exclusive-lock.ts';
import { homeLayout } from '../../warehouse/embedded/home-layout.ts';
import { until } from './until.ts';

/** For servers whose data nobody keeps. */
export const THROWAWAY: ServerSettings = {
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
};

/** The number in the name is the process that will remove it. */
const NAME = /^mingce-test-(\d+)-/;

/** A folder for a MINGCE_HOME, which the caller removes with `removeHome`. */
export function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), `mingce-test-${process.pid}-`));
  // Under root, the account of PostgreSQL has to pass; otherwise the cluster would live under /var/lib and stay there.
  chmodSync(home, 0o711);
  return home;
}

/** Waits until the home's server and keeper have ended, and removes the home. */
export async function removeHome(home: string): Promise<void> {
  await untilStopped(home);
  rmSync(home, { recursive: true, force: true });
}

/** Waits until nothing of the home runs any more: a keeper holds the lock as long as it or its server lives. */
export async function untilStopped(home: string): Promise<void> {
  const { lock } = homeLayout(home);
  await until(`the keeper of ${home} has ended`, () => {
    if (!existsSync(lock)) return true;
    const taken = takeExclusiveLock(lock);
    taken?.release();
    return taken !== undefined;
  });
}

/** Removes homes of test runs that were killed before they could. */
export function sweepHomes(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = NAME.exec(name)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}
