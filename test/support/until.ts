import { setTimeout as delay } from 'node:timers/promises';

/** Looks until a condition holds; fails with what was waited for. Tests wait for conditions, never for a time. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, patienceMs = 20_000) {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${patienceMs / 1000} s in vain until ${what}`);
    await delay(10);
  }
}
