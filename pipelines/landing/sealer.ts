/** Who fills the blanks of blocks: this thread, or another beside it when there is much to do. */
import { Worker } from 'node:worker_threads';
import type { Keyring } from '../../warehouse/keyring.ts';
import { fillBlanks } from './fill-blanks.ts';
import type { Block } from './line-block.ts';

export interface Sealer {
  /** Takes a block over and gives it back with its blanks filled, in the order of asking. */
  seal(block: Block): Promise<Block>;
  close(): Promise<void>;
}

export const sealHere = (keyring: Keyring): Sealer => ({
  seal: async (block) => fillBlanks(keyring, block),
  close: async () => undefined,
});

/** Blocks travel by transfer, nothing is copied; keys go as key objects. A thread costs some 150 ms of a core and 30 MB: worth it from twenty thousand rows. */
export function sealInThread(keyring: Keyring): Sealer {
  const thread = new Worker(new URL('./sealing-thread.ts', import.meta.url), { workerData: keyring.keys });
  let waiting: PromiseWithResolvers<Block>[] = [];
  let failure: Error | null = null;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const one of waiting) one.reject(failure);
    waiting = [];
  };
  thread.on('message', (block: Block) => waiting.shift()?.resolve(block));
  thread.on('error', fail);
  thread.on('messageerror', fail);
  thread.on('exit', () => fail(new Error('the sealing thread ended')));
  return {
    seal: (block) => {
      if (failure) return Promise.reject(failure);
      const answer = Promise.withResolvers<Block>();
      waiting.push(answer);
      thread.postMessage(block, [block.bytes.buffer]);
      return answer.promise;
    },
    close: async () => {
      await thread.terminate();
    },
  };
}
