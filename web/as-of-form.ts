/** The form of the pages that show what was recorded before a moment and true on a day. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Asked } from '../pipelines/explain.ts';
import { WrongRequestError } from '../schemas/wrong-request.ts';

/** What a form sends where a field was left empty. */
const EMPTY = z.literal('').transform(() => null);
/** The fields of the form: a day, and a moment in Taipei as `datetime-local` writes it. */
const query = z.object({
  on: EMPTY.or(z.iso.date()).nullable().default(null),
  before: EMPTY.or(z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?$/))
    .nullable()
    .default(null),
});
export const WRONG = '日期或時點看不懂，請依欄位格式填寫。';

export interface Form {
  moments: Asked;
  on: string | null;
  before: string | null;
}

/** @returns null where a field cannot be read */
export function readForm(request: FastifyRequest): Form | null {
  const parsed = query.safeParse(request.query);
  if (!parsed.success) return null;
  const { on, before } = parsed.data;
  const asOf = before === null ? null : `${before.length === 16 ? `${before}:00` : before}+08:00`;
  if (asOf !== null && Number.isNaN(Date.parse(asOf))) return null;
  return { moments: { asOf, on, now: new Date().toISOString() }, on, before };
}

/** What was asked cannot be answered: the form stands there again, with why. */
export async function orWhy<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WrongRequestError) return null;
    throw error;
  }
}
