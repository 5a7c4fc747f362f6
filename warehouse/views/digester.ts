/** Who opens identifiers: this thread, or another beside it where they are many. Nothing of them is kept. */
import { Worker } from 'node:worker_threads';
import type { Keyring } from '../keyring.ts';
import { digestsOf } from './snapshot-digests.ts';

export interface Digester {
  /** Digests of what `askDigest` wrote, in the order of asking. */
  digests(asked: string): Promise<string>;
  close(): Promise<void>;
}

/** A thread costs some 50 ms and 30 MB, an identifier some 5 µs. */
const WORTH_A_THREAD = 10_000;

export const openDigester = (keyring: Keyring, people: number): Digester =>
  people < WORTH_A_THREAD ? digestHere(keyring) : digestInThread(keyring);

export const digestHere = (keyring: Keyring): Digester => ({
  digests: async (asked) => digestsOf(keyring, asked),
  close: async () => undefined,
});

export function digestInThread(keyring: Keyring): Digester {
  const thread = new Worker(new URL('./digest-thread.ts', import.meta.url), {
    workerData: keyring.keys,
    // It holds one block: without a limit garbage of hundreds of blocks would pile up first.
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 64 },
  });
  let waiting: PromiseWithResolvers<string>[] = [];
  let failure: Error | null = null;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const one of waiting) one.reject(failure);
    waiting = [];
  };
  thread.on('message', (answer: string) => waiting.shift()?.resolve(answer));
  thread.on('error', fail);
  thread.on('messageerror', fail);
  thread.on('exit', () => fail(new Error('the thread that opens identifiers ended')));
  return {
    digests: (asked) => {
      if (failure) return Promise.reject(failure);
      const answer = Promise.withResolvers<string>();
      waiting.push(answer);
      thread.postMessage(asked);
      return answer.promise;
    },
    close: async () => {
      await thread.terminate();
    },
  };
}
