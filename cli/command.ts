/** What a command is given: the way to open the installation, and the way to answer. stdout carries the answer only; the rest goes to stderr. */
import type { Command } from 'commander';
import type { Logger } from 'pino';
import type { Environment } from './environment.ts';
import type { Installation } from './installation.ts';

export interface Cli {
  readonly log: Logger;
  /** Aborted by Ctrl-C and SIGTERM: finish within 10 s. */
  signal: AbortSignal;
  /** The environment, parsed. @throws UsageError */
  environment(): Environment;
  /** Opens the installation for the command and closes it afterwards. @param use `first` where the command may be the first to seal something */
  withInstallation<T>(work: (installation: Installation) => Promise<T>, use?: 'first'): Promise<T>;
  /** Writes the answer to stdout. */
  answer(text: string): void;
  /** Sets the exit status of a command that ended: 0 done, 2 done with a failed source or something held, 1 failed. */
  exit(status: 0 | 1 | 2): void;
}

/** Adds one command to the program; each lives in a file of `commands/`. */
export type Register = (program: Command, cli: Cli) => void;
