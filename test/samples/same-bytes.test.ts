import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const GENERATE = join(import.meta.dirname, '../../samples/generate.ts');
const folders: string[] = [];
const hashes = new Map<string, string>();
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** One hash over names, times and bytes of everything that one process in one time zone and language writes. */
async function hashOf(seed: string, night: string, env: Record<string, string>): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), 'mingce-bytes-'));
  folders.push(out);
  await promisify(execFile)(process.execPath, [GENERATE, '--seed', seed, '--night', night, '--out', out], {
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  const hash = createHash('sha256');
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const file of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    const arrival = file.includes('/inbox/') ? statSync(file).mtimeMs : '';
    hash.update(`${relative(out, file)} ${arrival}\n`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

test.each(['0', '2'])('night %s has the same bytes in every time zone and language', async (night) => {
  const here = await hashOf('113', night, { TZ: 'UTC', LANG: 'C' });
  const there = await hashOf('113', night, { TZ: 'America/New_York', LANG: 'de_DE.UTF-8' });
  expect(there).toBe(here);
  hashes.set(night, here);
});

test('another seed has other bytes', async () => {
  expect(await hashOf('7', '2', { TZ: 'UTC' })).not.toBe(hashes.get('2'));
});

test('the books in the folder hold no identifier', async () => {
  const out = folders[0] as string;
  const text = readFileSync(join(out, 'truth.json'), 'utf8');
  expect(text).not.toMatch(/"[A-Z][0-9A-D]\d{8}"/);
});
