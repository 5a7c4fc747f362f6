import { z } from 'zod';
import { UsageError } from './usage-error.ts';

const day = z.iso.date();

/** @returns null where the option was not given. @throws UsageError naming the option and its value */
export function parseDay(option: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  if (day.safeParse(value).success) return value;
  throw new UsageError(`${option} ${value}: expected a day, such as 2025-07-31`);
}
