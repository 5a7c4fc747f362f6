import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runDirectory } from '../../../warehouse/embedded/home-layout.ts';
import { markOwner, otherOwner } from '../../../warehouse/embedded/owner-mark.ts';

const trusted = [process.geteuid?.() ?? 0];

it('the socket folder of a home under a long path is not that of its copy: the copy would speak to the original’s server', () => {
  const place = mkdtempSync(join(tmpdir(), 'mingce-owner-'));
  try {
    const [base, copy, sockets] = [join(place, 'postgres'), join(place, 'copy'), join(place, 'sockets')];
    mkdirSync(base);
    mkdirSync(sockets);
    symlinkSync(sockets, join(base, 'run'));
    expect(otherOwner(sockets, base)).toBeUndefined();
    markOwner(sockets, base);
    cpSync(base, copy, { recursive: true, verbatimSymlinks: true });
    expect(runDirectory(base, trusted)).toBe(sockets);
    expect(runDirectory(copy, trusted)).toBeUndefined();
    expect(otherOwner(sockets, copy)).toBe(base);
  } finally {
    rmSync(place, { recursive: true });
  }
});
