/** What `mingce explain person --json` answers: where each value came from. Never an identifier. */
import { z } from 'zod';
import { CRITERIA } from '../precedence.ts';
import { institutionRef } from './institution-ref.ts';
import { moment } from './sync-result.ts';

/** Which record of which source said so, in which run, by which rule; when the source registered it and when we knew. */
export const lineage = z.strictObject({
  source: z.string(),
  object: z.string().nullable(),
  /** When the original was deleted because its retention was over; null while it is kept. */
  objectRemovedAt: moment.nullable(),
  row: z.int(),
  run: z.string(),
  rule: z.string(),
  reason: z.string(),
  registeredAt: moment,
  recordedAt: moment,
  /** Set by hand over what that record says; null where the record itself says it. */
  manual: z
    .strictObject({
      number: z.int(),
      by: z.string(),
      reason: z.string(),
      setAt: moment,
      until: z.iso.date().nullable(),
    })
    .nullable(),
  /** What somebody of the bureau decided, where the change followed that. */
  judgement: z.strictObject({ number: z.int(), by: z.string(), reason: z.string(), decidedAt: moment }).nullable(),
});
export type Lineage = z.infer<typeof lineage>;

/** What a record, or somebody by hand, says of a field now. */
export const claim = z.strictObject({
  value: z.string().nullable(),
  /** null: set by hand. */
  source: z.string().nullable(),
  object: z.string().nullable(),
  row: z.int().nullable(),
  institution: institutionRef.nullable(),
  registeredAt: moment,
  /** Number of the value set by hand. */
  manual: z.int().nullable(),
  /** Why it is not heard: the criterion by which the first one goes before it; null of the first one. */
  lostBy: z.enum(['by-hand', ...CRITERIA]).nullable(),
});
export type ExplainedClaim = z.infer<typeof claim>;

export const explainedValue = z.strictObject({
  column: z.string(),
  value: z.string().nullable(),
  from: lineage,
  /** What it was before, newest first. */
  before: z.array(z.strictObject({ value: z.string().nullable(), from: lineage })),
  /** Where records say different things now: all of them, the one that is heard first; empty where they agree, or as of an earlier moment. */
  claims: z.array(claim),
  /** Rule that the choice between them stands under. */
  claimRule: z.string(),
});
export type ExplainedValue = z.infer<typeof explainedValue>;

export const explainedSpell = z.strictObject({
  institution: institutionRef,
  spell: z.int(),
  validFrom: z.iso.date(),
  /** First day on which it no longer holds; null while it goes on. */
  validTo: z.iso.date().nullable(),
  title: z.string().nullable(),
  subjects: z.array(z.string()),
  primary: z.boolean(),
  onLeave: z.boolean(),
  endReason: z.string().nullable(),
  from: lineage,
});
export type ExplainedSpell = z.infer<typeof explainedSpell>;

/** One thing that one run did, as people say it. */
export const storyLine = z.strictObject({
  run: z.string(),
  recordedAt: moment,
  institution: institutionRef.nullable(),
  /** Number of the spell of service that it is about. */
  spell: z.int().nullable(),
  /** What a reader calls it: 轉入, 職稱異動, 撤銷執行. */
  what: z.string(),
  /** From when it holds, and until when (that day no more); null where it goes on. */
  from: z.iso.date().nullable(),
  to: z.iso.date().nullable(),
  detail: z.string(),
  rule: z.string(),
  source: z.string().nullable(),
  /** Who decided to undo something, and why. */
  by: z.string().nullable(),
  why: z.string().nullable(),
});
export type StoryLine = z.infer<typeof storyLine>;

/** What `mingce explain institution CODE` and `mingce explain account CODE/NAME` answer with `--json`. */
export const thingExplained = z.strictObject({
  kind: z.enum(['institution', 'account']),
  /** Our own id. */
  id: z.int(),
  name: z.string(),
  institution: institutionRef,
  /** By which systems know it: `school 064601 國小`. */
  codes: z.array(z.strictObject({ system: z.string(), code: z.string(), section: z.string() })),
  asOf: moment.nullable(),
  /** The day that is asked about; null: as it stands, with what came and will come. */
  on: z.iso.date().nullable(),
  /** Nothing stands for it any more: what had brought it was undone. */
  withdrawn: z.boolean(),
  values: z.array(explainedValue),
  /** What was superseded before it may be forgotten, so values and story may begin later than they did; null: nothing was. */
  historyFrom: moment.nullable(),
  story: z.array(storyLine),
});
export type ThingExplained = z.infer<typeof thingExplained>;

export const explanation = z.strictObject({
  person: z.int(),
  /** Other numbers that lead to this person, by decision of the bureau. */
  otherNumbers: z.array(z.int()),
  name: z.string(),
  /** null: as known now. */
  asOf: moment.nullable(),
  /** The day that is asked about; null: as it stands, with what came and will come. */
  on: z.iso.date().nullable(),
  values: z.array(explainedValue),
  identifiers: z.array(z.strictObject({ kind: z.string(), strong: z.boolean(), mark: z.string(), run: z.string() })),
  spells: z.array(explainedSpell),
  /** Nothing stands for the person any more: what had brought them was undone. */
  withdrawn: z.boolean(),
  /** What happened, run by run, oldest first. */
  /** What was superseded before it may be forgotten, so values and story may begin later than they did; null: nothing was. */
  historyFrom: moment.nullable(),
  story: z.array(storyLine),
});
export type Explanation = z.infer<typeof explanation>;
