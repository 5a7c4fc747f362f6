import { resolve } from 'node:path';
import type { SftpConfig } from '../../schemas/config.ts';
import type { ConnectorEnvironment } from '../environment.ts';
import { withFutureFiles } from './future-files.ts';
import { openLocalInbox } from './inbox.ts';
import type { InboxStore } from './inbox-store.ts';
import { openSftpInbox } from './sftp-inbox.ts';

/** The inbox of a file source: a folder here, or one on an SFTP server. @throws what `environment.secrets` throws for a password that is not set */
export function openInbox(
  { inbox = '', sftp }: { inbox?: string | undefined; sftp?: SftpConfig | undefined },
  { home, configDir, secrets, machineClock }: ConnectorEnvironment,
): InboxStore {
  const told = (store: InboxStore): InboxStore => (machineClock ? withFutureFiles(store, machineClock) : store);
  if (!sftp) return told(openLocalInbox(resolve(home, inbox), machineClock ? 'changed' : 'modified'));
  const keyPath = sftp.keyFile === undefined ? null : resolve(configDir, sftp.keyFile);
  const password = sftp.passwordEnv === undefined ? null : secrets(sftp.passwordEnv);
  return told(openSftpInbox({ ...sftp, keyPath, password }));
}
