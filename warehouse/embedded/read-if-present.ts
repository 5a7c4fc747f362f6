import { readFileSync, readlinkSync } from 'node:fs';
import { errorCode } from './error-code.ts';

/** The text of a file, or undefined when there is no such file. */
export function readIfPresent(path: string): string | undefined {
  return unlessAbsent(() => readFileSync(path, 'utf8'));
}

/** The target of a symbolic link, or undefined when there is nothing or something else at the path. */
export function readLinkIfPresent(path: string): string | undefined {
  return unlessAbsent(() => readlinkSync(path), 'EINVAL');
}

/** Runs a look at the file system; absence is an answer, every other failure is thrown. */
export function unlessAbsent<T>(look: () => T, ...alsoAbsent: string[]): T | undefined {
  try {
    return look();
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || (code !== undefined && alsoAbsent.includes(code))) return undefined;
    throw error;
  }
}
