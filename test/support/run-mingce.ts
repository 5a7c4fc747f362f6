/** The command line as a process of its own. */
import { execFile } from 'node:child_process';
import path from 'node:path';

const MAIN = path.resolve('cli/main.ts');

export interface Ended {
  status: number;
  out: string;
  err: string;
}

/** @param env beside PATH; nothing else of the test's own environment reaches the process */
export function runMingce(env: Record<string, string>, ...args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = { env: { PATH: process.env.PATH, ...env }, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [MAIN, ...args], options, (error, out, err) => {
      const code = error === null ? 0 : error.code;
      if (typeof code !== 'number') reject(error);
      else resolve({ status: code, out, err });
    });
  });
}
