/**
 * Questions of requests that come at the same time, asked of the database together: what is there to be read now goes with the batch, what comes while it is on its way with the next
 * one. So no answer is older than its question, and nobody waits for somebody who may come.
 */
import { setImmediate as turn } from 'node:timers/promises';

/** More would only make one statement slower. */
const MOST_AT_ONCE = 200;

/** Reads what lies in the sockets already: after the first turn comes whatever this one goes on with, before the second all that could be read. */
async function gather(): Promise<void> {
  await turn();
  await turn();
}

interface Waiting<Question, Answer> {
  question: Question;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * @param ask answers in the order of the questions. Where it fails of several, each is asked alone, so that one does not fail the others: it must leave nothing behind then
 */
export function batched<Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  let waiting: Waiting<Question, Answer>[] = [];
  let underWay = false;

  async function settle(batch: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await ask(batch.map(({ question }) => question));
      for (const [i, { resolve }] of batch.entries()) resolve(answers[i] as Answer);
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const one of batch) await settle([one]);
    }
  }

  async function send(): Promise<void> {
    underWay = true;
    while (waiting.length > 0) {
      await gather();
      const batch = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
      await settle(batch);
    }
    underWay = false;
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (!underWay) void send();
    });
}
