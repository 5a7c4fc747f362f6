import pino, { type Logger } from 'pino';
import { describeError, shapeProblems } from '../../schemas/describe-error.ts';

export interface TestLog {
  logger: Logger;
  /** Everything that was logged, as written. */
  text(): string;
}

/** Keeps every line, at every level. */
export function makeTestLogger(): TestLog {
  const lines: string[] = [];
  const logger = pino(
    { level: 'trace', serializers: { err: (error) => ({ ...describeError(error), problems: shapeProblems(error) }) } },
    { write: (line: string) => void lines.push(line) },
  );
  return { logger, text: () => lines.join('') };
}
