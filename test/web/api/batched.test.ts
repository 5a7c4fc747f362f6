import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { batched } from '../../../web/api/batched.ts';

/** A database that answers when it is told to. */
function slow() {
  const asked: { questions: readonly number[]; answer(): void; fail(): void }[] = [];
  const ask = (questions: readonly number[]): Promise<string[]> =>
    new Promise((resolve, reject) =>
      asked.push({
        questions,
        answer: () => resolve(questions.map((n) => `of ${n}`)),
        fail: () => reject(new Error(`no answer for ${questions.join()}`)),
      }),
    );
  const until = async (calls: number): Promise<void> => {
    for (let nth = 0; asked.length < calls; nth += 1) {
      if (nth > 100) throw new Error(`asked ${asked.length} times, not ${calls}`);
      await turn();
    }
  };
  return { asked, ask, until };
}

it('asks together what is there to be read, and what came meanwhile after it; each has its own answer', async () => {
  const { asked, ask, until } = slow();
  const one = batched(ask);
  const answers = [one(1)];
  // Read within the same turn of the loop.
  await turn();
  answers.push(one(2));
  await until(1);
  answers.push(one(3), one(4));
  expect(asked.map(({ questions }) => questions)).toEqual([[1, 2]]);
  asked[0]?.answer();
  await until(2);
  const later = one(5);
  expect(asked.map(({ questions }) => questions)).toEqual([
    [1, 2],
    [3, 4],
  ]);
  asked[1]?.answer();
  await until(3);
  asked[2]?.answer();
  expect(await Promise.all([...answers, later])).toEqual(['of 1', 'of 2', 'of 3', 'of 4', 'of 5']);
});

it('a question that has no answer fails alone, and others are asked after it', async () => {
  const { asked, ask, until } = slow();
  const one = batched(ask);
  const first = one(1);
  await until(1);
  const [bad, good] = [2, 3].map((n) => one(n));
  const failed = expect(bad).rejects.toThrow('no answer for 2');
  asked[0]?.answer();
  await until(2);
  asked[1]?.fail();
  await until(3);
  asked[2]?.fail();
  await until(4);
  asked[3]?.answer();
  await failed;
  expect(await Promise.all([first, good])).toEqual(['of 1', 'of 3']);
  const next = one(5);
  await until(5);
  asked[4]?.answer();
  expect(await next).toBe('of 5');
});
