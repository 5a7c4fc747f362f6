import { writeFileSync } from 'node:fs';
import { ExpectedError } from '../schemas/expected-error.ts';
import { UsageError } from './usage-error.ts';

const MACHINE: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EMFILE']);

/** Writes an answer to the file that an option names, mode 0600. @throws UsageError, or ExpectedError where the machine is at fault, naming the option */
export function writeAnswer(option: string, file: string, answer: string | Uint8Array): void {
  try {
    writeFileSync(file, answer, { mode: 0o600 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const message = `${option} ${file}: cannot be written (${code})`;
    if (MACHINE.has(code)) throw new ExpectedError(`${message}: the disk does not take it`, { cause: error });
    throw new UsageError(`${message}; expected a file name in a folder that is there and that this user can write`, {
      cause: error,
    });
  }
}
