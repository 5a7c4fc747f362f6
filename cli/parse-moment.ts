import { z } from 'zod';
import { UsageError } from './usage-error.ts';

const moment = z.iso.datetime({ offset: true });

/** @returns null where the option was not given. @throws UsageError naming the option and its value */
export function parseMoment(option: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  if (moment.safeParse(value).success) return value;
  throw new UsageError(`${option} ${value}: expected a moment with its offset, such as 2024-08-02T17:00:00+08:00`);
}
