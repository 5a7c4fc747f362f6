/**
 * How a command is told to stop: Ctrl-C and SIGTERM abort once; a second one, or the grace running out, ends at once. One Ctrl-C may come twice, from the
 * terminal and again from npm. Under npx no signal comes: npm tells the shell between, which dies alone, so that a parent that is gone means the same.
 */

/** After the first signal what is in hand may end; after this it is cut off and resumes another time. */
const GRACE_MS = 9_000;
const SAME_SIGNAL_MS = 1_000;
const LOOK_EVERY_MS = 250;

export interface StopOptions {
  /** What npm was asked for, where npm started us: its environment variable `npm_command`. */
  npmCommand: string | undefined;
  /** Exit status when it is ended at once. */
  interrupted: number;
}

export function abortOnSignal({ npmCommand, interrupted }: StopOptions): AbortSignal {
  const abort = new AbortController();
  let began = 0;
  const stop = (): void => {
    if (abort.signal.aborted) {
      if (performance.now() - began > SAME_SIGNAL_MS) process.exit(interrupted);
      return;
    }
    began = performance.now();
    abort.abort(new Error('interrupted'));
    setTimeout(() => process.exit(interrupted), GRACE_MS).unref();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (npmCommand === 'exec') {
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      stop();
    }, LOOK_EVERY_MS).unref();
  }
  return abort.signal;
}
