import { accessSync, chownSync, constants, mkdirSync, statSync } from 'node:fs';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { errorCode } from './error-code.ts';
import { type HomeLayout, homeLayout } from './home-layout.ts';
import { refuseFullDisk } from './refuse-full-disk.ts';
import { accountOf, ownAccount, type UnixAccount } from './unix-account.ts';

export interface PreparedHome {
  layout: HomeLayout;
  /** Who the keeper runs as: ourselves, or, for root in somebody's home, that person, so that he can use it later. */
  keeperAccount: UnixAccount;
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'the permissions forbid it',
  EPERM: 'the permissions forbid it',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'the path is taken by something that is not a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'the path is too long',
};

/** Makes the home and its `postgres` folder, and says clearly when they cannot be written. */
export function prepareHome(home: string): PreparedHome {
  const layout = homeLayout(home);
  const self = ownAccount();
  try {
    // Under root, PostgreSQL runs as another account and has to pass through (not list) these folders.
    const mode = self.uid === 0 ? 0o711 : 0o700;
    mkdirSync(layout.home, { recursive: true, mode });
    const owner = statSync(layout.home);
    const keeperAccount = self.uid === 0 && owner.uid !== 0 ? ownerOf(owner) : self;
    const made = mkdirSync(layout.root, { recursive: true, mode });
    if (made !== undefined && keeperAccount.uid !== self.uid) chownSync(made, keeperAccount.uid, keeperAccount.gid);
    accessSync(layout.root, constants.R_OK | constants.W_OK | constants.X_OK);
    // On a disk without any room the keeper could not even say so in its log.
    refuseFullDisk(layout.root, 1);
    return { layout, keeperAccount };
  } catch (error) {
    const why = WHY[errorCode(error) ?? ''];
    if (why === undefined) throw error;
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL cannot keep its data in ${layout.root}: user ${self.name} cannot write there, because ` +
        `${why}. Set MINGCE_HOME to a folder that this user can write, or set DATABASE_URL to use a server of your own.`,
      { cause: error },
    );
  }
}

function ownerOf(stats: { uid: number; gid: number }): UnixAccount {
  return accountOf(stats.uid) ?? { uid: stats.uid, gid: stats.gid, name: String(stats.uid) };
}
