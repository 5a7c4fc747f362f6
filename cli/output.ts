/**
 * Where the answer goes. A reader that has seen enough (`| head`) ends nothing: the command does its work and ends with the usual status. An
 * answer that cannot be written (a full disk) is a failure, said in one line.
 */
import type { Writable } from 'node:stream';

export interface Output {
  write(text: string): void;
  /** After everything was written or given up: whether the answer is incomplete. */
  failed(): Promise<boolean>;
}

const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? error.message;

/** @param answer usually stdout. @param log usually stderr: that nobody reads it is no failure, and there is nowhere to say so */
export function openOutput(answer: Writable, log: Writable): Output {
  let failure: string | null = null;
  let closed = false;
  log.on('error', () => undefined);
  answer.on('error', (error: Error) => {
    if (closed) return;
    closed = true;
    const code = codeOf(error);
    if (code === 'EPIPE') return;
    failure = code;
    log.write(
      `mingce: the answer could not be written (${code}); expected room on the disk, or another place for it\n`,
    );
  });
  return {
    write: (text) => {
      if (!closed) answer.write(text);
    },
    failed: async () => {
      // What was written before is out, or has failed, when this is: nothing is cut off by the end of the process.
      if (!closed) await new Promise<void>((resolve) => answer.write('', () => resolve()));
      return failure !== null;
    },
  };
}
