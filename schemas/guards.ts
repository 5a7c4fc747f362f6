/** Limits of one night (I6): what is over them is held until a second person decides. Configuration `guards`. */
import { z } from 'zod';

const percent = z.number().min(0);
/** Over the limit is what is more than `percent` of those in service and at least `people`: of three people one is a third. */
const limit = (share: number, people: number) =>
  z.strictObject({ percent: percent.default(share), people: z.int().min(1).default(people) }).prefault({});

export const guardsConfig = z
  .strictObject({
    /** Of one institution's people: told to have ended, or missing from a complete list for the first time. Of its business accounts: deleted. */
    lost: limit(20, 3),
    /** Whose duties or personal data change. */
    changed: limit(50, 3),
    /** New at an institution that has people: more than so many percent of them. */
    added: limit(100, 3),
    /** People who leave with an explicit reason around the beginning of the school year; they do not count as `lost` then. */
    leaving: z
      .strictObject({
        months: z.array(z.int().min(1).max(12)).default([7, 8]),
        reasons: z.array(z.string().min(1)).default(['離職', '轉校', '退休', '代理期滿']),
        percent: percent.default(60),
        people: z.int().min(1).default(3),
        /** Of the whole city. */
        cityPercent: percent.default(20),
      })
      .prefault({}),
    /** Of the whole city, for people and for institutions; below so many of them nothing is a city's matter. */
    city: z
      .strictObject({
        percent: percent.default(5),
        people: z.int().min(1).default(50),
        institutions: z.int().min(1).default(10),
      })
      .prefault({}),
    /** Days after which a hold that nobody decided expires: its plan stays out, as if discarded. */
    expireDays: z.int().positive().default(30),
  })
  .prefault({});
export type GuardLimits = z.infer<typeof guardsConfig>;

/** What is counted; of the city also `institutions-…`. */
export const GUARDS = [
  'lost',
  'leaving',
  'changed',
  'added',
  'accounts-lost',
  'institutions-added',
  'institutions-changed',
  'institutions-ended',
] as const;
export type Guard = (typeof GUARDS)[number];

/** One limit that a night is over. */
export interface GuardReason {
  guard: Guard;
  count: number;
  /** In service (or known institutions) before the night. */
  of: number;
  /** Over more than so many percent … */
  percent: number;
  /** … and at least so many. */
  least: number;
}

/** What a night would do to one institution. People are counted once: who ends does not change as well. */
export interface Measure {
  institutionKey: string;
  serving: number;
  /** Ended for another reason than an explicit one of the season, and missing for the first time. */
  lost: number;
  leaving: number;
  changed: number;
  added: number;
  /** Business accounts in force, and those that would be deleted. */
  accounts: number;
  accountsLost: number;
  institution: 'added' | 'changed' | 'ended' | null;
}

/** The whole city before the night, without what is loaded for the first time. */
export interface CitySize {
  serving: number;
  accounts: number;
  institutions: number;
}

/** Holds for a limit of the whole city begin so, and end with the run that opened them; no source is named like that. Others are keys of institutions. */
const CITY = '*city:';
export const cityKey = (runId: number): string => `${CITY}${runId}`;
export const isCity = (holdKey: string): boolean => holdKey.startsWith(CITY);

export interface HeldSet {
  /** Key of the one institution, or of a hold of the city. */
  holdKey: string;
  institutions: string[];
  reasons: GuardReason[];
}

/** What holds where the configuration says nothing. */
export const DEFAULT_GUARDS: GuardLimits = guardsConfig.parse(undefined);
