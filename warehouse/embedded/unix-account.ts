import { readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { unlessAbsent } from './read-if-present.ts';

export interface UnixAccount {
  uid: number;
  gid: number;
  /** The name in /etc/passwd, or the number where there is none. */
  name: string;
}

/** The account this process runs as. */
export function ownAccount(): UnixAccount {
  const uid = process.geteuid?.() ?? 0;
  return accountOf(uid) ?? { uid, gid: process.getegid?.() ?? 0, name: String(uid) };
}

/** The account with this number or name, or undefined when /etc/passwd does not know it. */
export function accountOf(who: number | string): UnixAccount | undefined {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name === undefined || uid === undefined || gid === undefined) continue;
    if (name === who || Number(uid) === who) return { uid: Number(uid), gid: Number(gid), name };
  }
  return undefined;
}

/** Whether the account can walk into every folder down to the path. Parts that do not exist yet are left out. */
export function canReach(account: UnixAccount, path: string): boolean {
  if (account.uid === 0) return true;
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const stats = unlessAbsent(() => statSync(folder));
    if (stats?.isDirectory() && !canEnter(account, stats)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function canEnter(account: UnixAccount, folder: Stats): boolean {
  if (folder.uid === account.uid) return (folder.mode & 0o100) !== 0;
  if (folder.gid === account.gid) return (folder.mode & 0o010) !== 0;
  return (folder.mode & 0o001) !== 0;
}
