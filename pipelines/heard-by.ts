import type { Run } from '../warehouse/runs.ts';
import type { SourceSpec } from './landing/source-spec.ts';

/**
 * Whether a run listens to a configured source: all of them, but for a run that was asked for some only, a replay, which reads what is kept, a decision, which
 * carries out what is held, a revert, which undoes what another run did, and a closing run, which takes in the school files that arrived before the cut-off, while kindergartens come from the last good night (R15, R24).
 */
export const hears = (run: Pick<Run, 'kind' | 'only_sources'>, drop: string, spec: Pick<SourceSpec, 'path'>): boolean =>
  run.kind !== 'replay' &&
  run.kind !== 'decision' &&
  run.kind !== 'revert' &&
  (run.only_sources === null || run.only_sources.includes(drop)) &&
  (run.kind !== 'closing' || spec.path !== 'kindergarten');
