import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

interface Explanation {
  pattern: RegExp;
  advice: string;
}

const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /No space left on device|ENOSPC|Disk quota exceeded/,
    advice: 'The disk is full: free some space there, or set MINGCE_HOME to a folder on another disk.',
  },
  {
    pattern: /Cannot allocate memory|could not create shared memory segment|could not map anonymous shared memory/,
    advice: 'The memory does not suffice: about 400 MB should be free. Give the machine or container more.',
  },
  {
    pattern: /Read-only file system|Permission denied|EACCES|EPERM|EROFS/,
    advice: 'Its account cannot read, write or run something it needs: check the owner and mode of the path below.',
  },
  {
    pattern: /spawn \S+ ENOENT|setpriv: failed to execute|cannot open shared object file|GLIBC_/,
    advice: 'The programs need Linux with glibc (not Alpine): set DATABASE_URL to a PostgreSQL server (15 or newer).',
  },
  {
    pattern: /could not locate a valid checkpoint record|invalid checkpoint|invalid primary checkpoint/,
    advice: 'The data is damaged: restore a backup, or, to begin with an empty database, move the data directory away.',
  },
];

const TAIL_LINES = 12;

/** An error that says what failed, what to do about it when the output shows a known reason, and the output's end. */
export function explainFailure(what: string, output: string, cause?: unknown): EmbeddedPostgresError {
  const known = EXPLANATIONS.find(({ pattern }) => pattern.test(output));
  const advice = known?.advice ?? 'Set DATABASE_URL to use another server.';
  return new EmbeddedPostgresError(`${what}. ${advice} ${quoteEnd(output)}`, cause === undefined ? {} : { cause });
}

/** The last lines of an output, as the end of a message. */
export function quoteEnd(output: string): string {
  const lines = output.trim().split('\n').slice(-TAIL_LINES);
  return output.trim() === '' ? 'It said nothing.' : `It said:\n${lines.join('\n')}`;
}
