import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import {
  clusterBase,
  dataDirectory,
  type HomeLayout,
  runDirectory,
  serverSocketDirectory,
  socketsFit,
  trustedUids,
} from './home-layout.ts';
import { markOwner } from './owner-mark.ts';
import { readLinkIfPresent, unlessAbsent } from './read-if-present.ts';
import { serverAccount } from './server-account.ts';
import { canReach, type UnixAccount } from './unix-account.ts';

export interface PreparedBase {
  account: UnixAccount;
  base: string;
  data: string;
  run: string;
}

/** Where clusters go that cannot stay in a home below a closed folder such as /root. Root's own, unlike /var/tmp. */
const ELSEWHERE = '/var/lib/mingce';

/** Decides who runs the server and where it lives. The lock of the home must be held. */
export function prepareBase(layout: HomeLayout): PreparedBase {
  const known = clusterBase(layout);
  const account = serverAccount(dataDirectory(known));
  const base = placeFor(account, layout, known);
  if (base !== layout.root) markOwner(base, layout.root);
  const run = prepareRun(account, base, trustedUids(layout));
  return { account, base, data: dataDirectory(base), run };
}

function placeFor(account: UnixAccount, layout: HomeLayout, known: string): string {
  if (unlessAbsent(() => statSync(known)) === undefined) {
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL of ${layout.home} kept its data in ${known}, which is gone. Put it back, or, to begin ` +
        `with an empty database, remove ${layout.elsewhere}.`,
    );
  }
  if (canReach(account, known)) return known;
  if (unlessAbsent(() => statSync(dataDirectory(known))) !== undefined) {
    throw new EmbeddedPostgresError(
      `PostgreSQL runs as ${account.name}, who can no longer reach its data in ${known}: a folder above it was closed. ` +
        `Give that folder back its search permission (chmod o+x), or set DATABASE_URL.`,
    );
  }
  mkdirSync(ELSEWHERE, { recursive: true, mode: 0o711 });
  const base = mkdtempSync(join(ELSEWHERE, 'home-'));
  chmodSync(base, 0o711);
  symlinkSync(base, layout.elsewhere);
  return base;
}

function prepareRun(account: UnixAccount, base: string, trusted: readonly number[]): string {
  const run = runDirectory(base, trusted) ?? makeRun(base);
  const usable = socketsFit(run) && canReach(account, run) ? run : makeRun(base);
  const sockets = serverSocketDirectory(usable);
  mkdirSync(sockets, { recursive: true, mode: 0o700 });
  if (account.uid !== process.geteuid?.()) chownSync(sockets, account.uid, account.gid);
  return usable;
}

function makeRun(base: string): string {
  const path = join(base, 'run');
  if (readLinkIfPresent(path) !== undefined || !socketsFit(path)) rmSync(path, { recursive: true, force: true });
  const mode = process.geteuid?.() === 0 ? 0o711 : 0o700;
  if (socketsFit(path)) {
    mkdirSync(path, { recursive: true, mode });
    return path;
  }
  const short = mkdtempSync('/tmp/mingce-');
  chmodSync(short, mode);
  markOwner(short, base);
  symlinkSync(short, path);
  return short;
}

/** Removes a run folder under /tmp once nobody uses it: nobody would find it again after the home is removed. */
export function leaveRun({ base, run }: PreparedBase): void {
  const link = join(base, 'run');
  if (run === link) return;
  rmSync(run, { recursive: true, force: true });
  rmSync(link, { force: true });
}
