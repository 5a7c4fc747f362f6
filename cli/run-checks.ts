/** Makes the checks of `mingce doctor` one after the other: one that breaks fails by itself, and those that stand on it are named as not made. */
import { describeError } from '../schemas/describe-error.ts';
import { ExpectedError } from '../schemas/expected-error.ts';
import type { Check, CheckName, DoctorReport } from '../schemas/outputs/doctor.ts';
import { EmbeddedPostgresError } from '../warehouse/embedded/embedded-postgres-error.ts';
import { KeyFileError } from '../warehouse/key-file.ts';
import { UsageError } from './usage-error.ts';

export interface Finding {
  ok: boolean;
  detail: string;
}
export interface Probe<Found> {
  name: CheckName;
  /** Checks that must have been made with success before. */
  needs(found: Found): readonly CheckName[];
  /** What to do where it fails. */
  todo: string;
  /** May leave in `found` what later ones need. */
  look(found: Found): Promise<Finding> | Finding;
}

const PLAIN = [UsageError, KeyFileError, EmbeddedPostgresError, ExpectedError];

/** Nothing of ours writes values into these; of any other error nothing is shown that could be one (I8). */
const messageOf = (error: unknown): string =>
  PLAIN.some((type) => error instanceof type) ? (error as Error).message : describeError(error).message;

/** @throws the signal's reason when it is interrupted, and nothing else */
export async function runChecks<Found>(
  probes: readonly Probe<Found>[],
  found: Found,
  signal: AbortSignal,
): Promise<DoctorReport> {
  const checks: Check[] = [];
  const passed = new Set<CheckName>();
  for (const { name, needs, todo, look } of probes) {
    const missing = needs(found).filter((other) => !passed.has(other));
    if (missing.length > 0) {
      checks.push({ name, status: 'not-checked', detail: `not checked: needs ${missing.join(', ')}`, todo: null });
      continue;
    }
    const { ok, detail } = await Promise.resolve(found)
      .then(look)
      .catch((error: unknown) => ({ ok: false, detail: messageOf(error) }));
    signal.throwIfAborted();
    if (ok) passed.add(name);
    checks.push({ name, status: ok ? 'ok' : 'failed', detail, todo: ok ? null : todo });
  }
  return { ok: checks.every(({ status }) => status !== 'failed'), checks };
}
