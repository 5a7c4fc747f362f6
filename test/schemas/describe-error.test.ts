import { expect, it } from 'vitest';
import { z } from 'zod';
import { describeError, shapeProblems } from '../../schemas/describe-error.ts';

it('a document of ours that is not as its schema says is told in a sentence, and where it differs goes to the log only', () => {
  const broken = z.strictObject({ kind: z.enum(['a', 'b']), name: z.string() }).safeParse({ kind: '王小明', name: 1 });
  const { code, message } = describeError(broken.error);
  expect(code).toBe('document-malformed');
  expect(message).not.toMatch(/[[{]/);
  const problems = shapeProblems(broken.error);
  expect(problems.map((line) => line.split(': ')[0])).toEqual(['kind', 'name']);
  expect(problems.join()).not.toContain('王小明');
  expect(shapeProblems(new Error('x'))).toEqual([]);
});
