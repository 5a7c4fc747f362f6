/** What waits for a judgement, and what was decided, as `mingce review list --json` shows them. Never holds an identifier. */
import { z } from 'zod';
import { institutionRef } from './institution-ref.ts';
import { moment } from './sync-result.ts';

export const MATTER_KINDS = ['institution', 'unit', 'identity', 'absence'] as const;
export const JUDGEMENT_KINDS = [...MATTER_KINDS, 'person'] as const;

export const reviewMatter = z.strictObject({
  /** As `mingce review decide` takes it. */
  id: z.string().regex(/^[KEA]\d+$/),
  /** Which institution a listed one is; which unit has a person; whether an identifier is this person's; whether who is missing has left. */
  kind: z.enum(MATTER_KINDS),
  /** Code of the exception, or why no match joined it. */
  why: z.string(),
  /** Of the person, or as the list has it. */
  name: z.string(),
  person: z.int().nullable(),
  listed: z
    .strictObject({ code: z.string(), district: z.string().nullable(), address: z.string().nullable() })
    .nullable(),
  /** Institutions to choose from; of a listed one those that come near, and any other may be named. */
  choices: z.array(
    z.strictObject({
      institution: institutionRef,
      title: z.string().nullable(),
      /** Day from which the unit claims the person. */
      since: z.iso.date().nullable(),
      registeredAt: moment.nullable(),
    }),
  ),
  /** Whose the identifier is so far. */
  otherPerson: z.strictObject({ person: z.int(), name: z.string() }).nullable(),
  /** Of an absence: nights in a row, and the day since which no complete list has the person. */
  absent: z.strictObject({ since: z.iso.date(), nights: z.int() }).nullable(),
  /** What may be decided: `same CODE`, `different`, `keep CODE`, `ended 離職`. */
  verdicts: z.array(z.string()),
  /** Number of the judgement that the next run carries out; null while nobody decided. */
  decided: z.int().nullable(),
});
export type ReviewMatter = z.infer<typeof reviewMatter>;

export const judgementLine = z.strictObject({
  number: z.int(),
  /** `person`: whether two people are one. */
  kind: z.enum(JUDGEMENT_KINDS),
  verdict: z.enum(['same', 'different', 'keep', 'ended']),
  /** Of an absence: why and from which day the person is out. */
  ended: z.strictObject({ reason: z.string(), on: z.iso.date() }).nullable(),
  name: z.string().nullable(),
  person: z.int().nullable(),
  /** Of two people, the other one. */
  otherPerson: z.int().nullable(),
  institution: institutionRef.nullable(),
  reason: z.string(),
  by: z.string(),
  decidedAt: moment,
  status: z.enum(['in-force', 'undone', 'superseded']),
  end: z.strictObject({ by: z.string(), reason: z.string(), at: moment }).nullable(),
});
export type JudgementLine = z.infer<typeof judgementLine>;

export const reviewList = z.strictObject({ waiting: z.array(reviewMatter), judgements: z.array(judgementLine) });
export type ReviewList = z.infer<typeof reviewList>;
