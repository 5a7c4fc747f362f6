import { resolve } from 'node:path';
import type { SftpConfig } from '../../schemas/config.ts';
import type { ConnectorEnvironment } from '../environment.ts';
import { withArrivals, withSights } from './arrived-files.ts';
import { withFutureFiles } from './future-files.ts';
import { openLocalFolder } from './inbox.ts';
import type { InboxStore } from './inbox-store.ts';
import { withSettledFiles } from './settled-files.ts';
import { openSftpFolder } from './sftp-inbox.ts';

interface Configured {
  name: string;
  inbox?: string | undefined;
  sftp?: SftpConfig | undefined;
  stableSeconds: number;
}

/**
 * The inbox of a file source: a folder here, or one on an SFTP server. In a rehearsal files have the times of its nights, and nobody writes them meanwhile.
 * @throws what `environment.secrets` throws for a password that is not set
 */
export function openInbox(
  { name, inbox = '', sftp, stableSeconds }: Configured,
  { home, configDir, secrets, machineClock, pause }: ConnectorEnvironment,
): InboxStore {
  const settled = (store: InboxStore): InboxStore => withSettledFiles(store, stableSeconds * 1000, pause);
  if (!sftp) {
    const folder = openLocalFolder(resolve(home, inbox), machineClock);
    return machineClock ? settled(withFutureFiles(folder, machineClock)) : withArrivals(folder);
  }
  const keyPath = sftp.keyFile === undefined ? null : resolve(configDir, sftp.keyFile);
  const password = sftp.passwordEnv === undefined ? null : secrets(sftp.passwordEnv);
  const folder = openSftpFolder({ ...sftp, keyPath, password });
  return machineClock ? settled(withSights(folder, name)) : withArrivals(folder);
}
