/** A made-up personnel service: pages of people by number, each with the whole's total and moment. */
import { z } from 'zod';
import { failApi } from '../../../../connectors/http/api-codes.ts';
import { parseJson } from '../../../../connectors/http/parse-json.ts';
import { SourceError } from '../../../../schemas/source-error.ts';

/** The bound on the total bounds the walk: every page before the end brings somebody. */
const pageShape = z.looseObject({
  asOf: z.iso.datetime({ offset: true }),
  total: z.int().nonnegative().max(100_000),
  people: z.array(z.unknown()),
});
export type Page = z.infer<typeof pageShape>;

/** What is agreed of a person: in a real connector it stands in `schemas/<kind>.ts`, where `schemas/contracts.ts` finds it. */
export const personShape = z.looseObject({
  no: z.string().min(1),
  fullName: z.string(),
  idNumber: z.string().nullish(),
  post: z.string().nullish(),
  room: z.int().nullish(),
});

/** People are left unparsed: a broken one costs its row, not the source. @throws SourceError `api-json-…`, `api-shape` */
export function parsePage(body: Uint8Array, name: string, source: string): Page {
  const fail = failApi(source);
  const { data, error } = pageShape.safeParse(parseJson(body, name, fail));
  if (data) return data;
  const [issue] = error.issues;
  throw fail('shape', { page: name, field: issue!.path.join('.') || '(root)', problem: issue!.message });
}

/**
 * Proof that pages are one whole picture, while they are fetched and again when they are read: one total and one moment, somebody on every page before
 * the end, and as many different people as the total says.
 */
export function createProof(source: string) {
  const numbers = new Set<unknown>();
  let first: Page | null = null;
  const broken = (total: number) =>
    new SourceError('api-total', { source, what: 'people', count: numbers.size, total }, { retryable: true });
  const ended = (): boolean => first !== null && numbers.size === first.total;
  return {
    /** Pages in order. @returns whether that was the last. @throws SourceError, retryable: asked again, the list may stand still */
    add(page: Page): boolean {
      if (ended()) throw broken(page.total);
      first ??= page;
      for (const person of page.people) numbers.add((person as { no?: unknown } | null)?.no ?? {});
      const same = page.total === first.total && page.asOf === first.asOf;
      if (!same || numbers.size > page.total || (page.people.length === 0 && !ended())) throw broken(page.total);
      return ended();
    },
    /** @throws SourceError; nobody at all is an outage, not news */
    finish(): Page {
      if (first?.total === 0) throw new SourceError('api-empty', { source, what: 'people' });
      if (first === null || !ended()) throw broken(first?.total ?? 0);
      return first;
    },
  };
}
