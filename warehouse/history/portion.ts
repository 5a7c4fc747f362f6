/** What one transaction looks at: at most so many rows, from where the portion before it ended. */
export interface PortionAsked {
  limit: number;
  /** ISO moment. */
  horizon: string;
  /** Where the portion before ended, in the order of the rows; null at the beginning. */
  from: Place | null;
}

/** Two values by which rows are ordered. */
export type Place = readonly [first: string | number, second: number];

export interface Portion {
  /** How many rows went. */
  rows: number;
  /** Whether there may be more to go, from `until` on. */
  more: boolean;
  until: Place | null;
}
