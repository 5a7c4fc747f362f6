import type { Asked } from '../../pipelines/explain.ts';

/** Asks of what was recorded before a moment; it has passed, whenever the test runs. */
export const recordedBefore = (asOf: string, on: string | null = null): Asked => ({
  asOf,
  on,
  now: '2100-01-01T00:00:00+08:00',
});
