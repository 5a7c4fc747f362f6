/** Logs for ops: one JSON line each on stderr. Errors are described without the values they were about (I8). */
import pino, { type Logger } from 'pino';
import { describeError, shapeProblems } from '../schemas/describe-error.ts';

const frames = (error: Error): string[] =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
    .map((line) => line.trim());

export function makeLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: {
        err: (error: unknown) =>
          error instanceof Error
            ? {
                type: error.name,
                ...describeError(error),
                ...(shapeProblems(error).length > 0 && { problems: shapeProblems(error) }),
                at: frames(error),
                cause: error.cause && describeError(error.cause),
              }
            : describeError(error),
      },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
