import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FileServer, openFileServer } from '../../bench/file-server.ts';

let folder: string;
let server: FileServer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mingce-load-'));
  await chmod(folder, 0o755);
  await writeFile(path.join(folder, 'file'), 'x'.repeat(300_000), { mode: 0o644 });
  server = await openFileServer(folder, folder);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

async function load(at: string, bytes: number): Promise<{ requests: number; seconds: number }> {
  const args = ['bench/api-load.ts', server.port, at, bytes, 10, 0.3].map(String);
  const loading = promisify(execFile)(process.execPath, args);
  loading.child.stdin?.end('');
  return JSON.parse((await loading).stdout);
}

it('the bench counts downloads that came whole, and fails at one that is another length or no file', async () => {
  const { requests, seconds } = await load('/file', 300_000);
  expect(requests).toBeGreaterThan(0);
  expect(seconds).toBe(0.3);
  await expect(load('/file', 299_999)).rejects.toThrow('300000 bytes, expected 299999');
  await expect(load('/nothing', 300_000)).rejects.toThrow();
});
