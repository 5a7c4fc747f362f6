/** Asks for a secret at a terminal, without showing what is typed. */
import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';

export interface Terminal {
  input: Readable & { isTTY?: boolean };
  /** Not stdout: that carries the answer only. */
  output: Writable & { isTTY?: boolean };
}

const nowhere = (): Writable => new Writable({ write: (_piece, _encoding, done) => done() });

/** @returns what was typed; null without a terminal, and where the typing was ended (Ctrl-D). @throws the signal's reason once it aborts */
export async function askSecret(
  prompt: string,
  { input, output }: Terminal,
  signal: AbortSignal,
): Promise<string | null> {
  if (!input.isTTY || !output.isTTY) return null;
  signal.throwIfAborted();
  output.write(prompt);
  // readline takes the terminal's own echo away and would show each key itself, so it writes nowhere.
  const lines = createInterface({ input, output: nowhere(), terminal: true, historySize: 0 });
  const { promise, resolve, reject } = Promise.withResolvers<string | null>();
  const interrupted = (): void => reject(signal.reason);
  signal.addEventListener('abort', interrupted, { once: true });
  lines.once('line', resolve);
  lines.once('close', () => resolve(null));
  // With the echo goes the terminal's own Ctrl-C.
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', interrupted);
    lines.close();
    output.write('\n');
  }
}
