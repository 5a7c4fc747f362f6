import type { Part, Remembered, StoredObject } from '../contract.ts';
import { arrivedOf } from './stamp.ts';

export interface HeldFile {
  object: StoredObject;
  /** Milliseconds since 1970. */
  arrived: number;
}

/**
 * The n-th file of a part as an interrupted fetch of the same run kept it; null where it has to be read from the inbox. A run sets down its files once,
 * and they are fetched in that order, one object each: what is held are the first of them. Whatever became of the file meanwhile, the run goes on
 * with what it had: another one under its name has another stamp, stays where it is and is taken by the next run.
 */
export function heldFile({ stamps }: Part, nth: number, remembered: Remembered | undefined): HeldFile | null {
  const stamp = stamps?.[nth];
  const object = remembered?.held[nth];
  return stamp === undefined || object === undefined ? null : { object, arrived: arrivedOf(stamp) };
}
