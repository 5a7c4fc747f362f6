import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { errorCode } from './error-code.ts';
import { readLinkIfPresent } from './read-if-present.ts';

interface LibraryLink {
  source: string;
  target: string;
}

/**
 * Makes the version links of the shared libraries, which an npm package cannot hold: its install script makes them,
 * and npm 12 does not run install scripts. Answers whether all of them are there; a read-only folder is the reason
 * when not.
 */
export function linkLibraries(native: string): boolean {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as LibraryLink[];
  try {
    for (const { source, target } of links) link(basename(source), join(native, relative('native', target)));
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
    throw error;
  }
  return true;
}

function link(to: string, path: string): void {
  if (readLinkIfPresent(path) === to) return;
  try {
    rmSync(path, { force: true });
    symlinkSync(to, path);
  } catch (error) {
    // Mingce of another home made the same link at the same time.
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
