import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ServerSettings } from '../../../warehouse/embedded/embedded-options.ts';
import { THROWAWAY } from '../../support/embedded-home.ts';

export interface ClientProcess {
  pid: number;
  url: string;
  leave(): Promise<void>;
  kill(): Promise<void>;
}

export interface ClientOrder {
  home: string;
  lingerMs?: number;
  settings?: ServerSettings;
  /** Run as somebody else; needs root. */
  account?: { uid: number; gid: number };
}

/** Starts a process of its own that opens the home; resolves when it did, and rejects with its message when it could not. */
export async function startClient({ account, ...order }: ClientOrder): Promise<ClientProcess> {
  const program = fileURLToPath(new URL('./client-program.ts', import.meta.url));
  const options = { lingerMs: 0, settings: THROWAWAY, ...order };
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    ...account,
    cwd: '/',
    env: { PATH: process.env.PATH },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, error } = JSON.parse(line) as { url?: string; error?: string };
    if (url === undefined) throw new Error(error);
    const end = async (how: () => void) => {
      how();
      await exited;
    };
    return {
      pid: child.pid!,
      url,
      leave: () => end(() => child.stdin.end()),
      kill: () => end(() => child.kill('SIGKILL')),
    };
  }
  throw new Error(`the client process ended without a word: ${await exited}`);
}
