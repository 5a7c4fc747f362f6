/**
 * Files that somebody may still be writing. What changed a moment ago is waited for, once per look, and looked at again. One that changed meanwhile, or
 * went, is handed on as it was at first: whoever fetches it finds another file and tells so (`file-changed`), and nothing of it is taken.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { InboxFile, InboxStore } from './inbox-store.ts';
import { sameFile } from './stamp.ts';

/** @returns after so many milliseconds. @throws AbortError when the run is stopped */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

const pauseFor: Pause = async (ms, signal) => {
  await delay(ms, undefined, { signal });
};

/** @param stableMs for how long a file must have been as it is */
export function withSettledFiles(store: InboxStore, stableMs: number, pause: Pause = pauseFor): InboxStore {
  const missing = ({ fromFuture, unchangedFor }: InboxFile): number =>
    fromFuture ? 0 : Math.min(stableMs, stableMs - (unchangedFor ?? stableMs));
  return {
    ...store,
    async list(ctx) {
      const first = await store.list(ctx);
      const young = first.files.filter((file) => missing(file) > 0);
      if (young.length === 0) return first;
      const ms = Math.ceil(Math.max(...young.map(missing)));
      ctx.log.info({ files: young.length, ms }, 'files changed a moment ago: looked at again when they have settled');
      ctx.progress?.('files that settle', 0, young.length);
      await pause(ms, ctx.signal);
      const second = await store.list(ctx);
      const now = new Map(second.files.map((file) => [file.path, file]));
      const settled = first.files.map((file) => {
        const again = now.get(file.path);
        return again && sameFile(again.stamp, file.stamp) ? again : file;
      });
      return { ...second, files: settled };
    },
  };
}
