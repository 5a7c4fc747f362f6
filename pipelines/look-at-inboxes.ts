/**
 * Between runs: what lies in inboxes on servers. There a file arrived when it was first seen (R24), so somebody has to look more often than once a night,
 * or what came in time before a cut-off would be known only after it. Nothing is fetched.
 */
import { SourceError } from '../schemas/source-error.ts';
import type { PipelineContext } from './context.ts';
import { sightsFor } from './landing/sights.ts';
import type { Sources } from './nightly-run.ts';

/** @param now the real moment, ISO. A server that does not answer is logged: the run that hears it will tell. */
export async function lookAtInboxes(
  ctx: PipelineContext,
  { specs }: Pick<Sources, 'specs'>,
  now: string,
): Promise<void> {
  const { log, signal } = ctx;
  const sights = sightsFor(ctx, { at: now, until: now, past: false });
  for (const [source, { connector }] of specs) {
    signal.throwIfAborted();
    try {
      await connector.look?.({ log, signal, now, sights });
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      log.warn({ source, code: error.code, ...error.params }, 'an inbox could not be looked at between runs');
    }
  }
}
