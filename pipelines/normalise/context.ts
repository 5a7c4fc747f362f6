/** Which door a row came through; it decides which rules hold (R03: one path per institution kind). */
export type NormalisePath = 'school' | 'kindergarten' | 'list';

/** What the normaliser must know besides the row. Fixed for one delivery, so a replay of its bytes gives the same records. */
export interface NormaliseContext {
  source: string;
  /** The configured source that `source` is a part of. */
  drop: string;
  path: NormalisePath;
  /** The school that this file may speak for; null for feeds and lists. */
  partCode: string | null;
  /** Moment of the picture, ISO with offset: bounds what dates are plausible. */
  asOf: string;
  /** When the picture reached us (a file's arrival, a feed's own moment), ISO with offset: `registeredAt` of a row that has none, or a later one; such a record is `registeredBy: 'arrival'`. */
  registeredFallback: string;
  /** Its prefix is left out of institution name keys. */
  city?: string;
  /** What 處理狀態 of a course may say; configuration. */
  courseStates?: readonly string[];
}
