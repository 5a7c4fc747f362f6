import { setTimeout as delay } from 'node:timers/promises';
import { takeExclusiveLock } from '../warehouse/embedded/exclusive-lock.ts';
import { homeLayout } from '../warehouse/embedded/home-layout.ts';

/** A keeper holds the lock of the home as long as it or its server lives. */
export async function untilStopped(home: string): Promise<void> {
  const taken = takeExclusiveLock(homeLayout(home).lock);
  if (taken) return taken.release();
  await delay(50);
  return untilStopped(home);
}
