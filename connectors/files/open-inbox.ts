import { resolve } from 'node:path';
import type { SftpConfig } from '../../schemas/config.ts';
import type { ConnectorEnvironment } from '../environment.ts';
import { openLocalInbox } from './inbox.ts';
import type { InboxStore } from './inbox-store.ts';
import { openSftpInbox } from './sftp-inbox.ts';

/** The inbox of a file source: a folder here, or one on an SFTP server. @throws what `environment.secrets` throws for a password that is not set */
export function openInbox(
  { inbox = '', sftp }: { inbox?: string | undefined; sftp?: SftpConfig | undefined },
  { home, configDir, secrets }: ConnectorEnvironment,
): InboxStore {
  if (!sftp) return openLocalInbox(resolve(home, inbox));
  const keyPath = sftp.keyFile === undefined ? null : resolve(configDir, sftp.keyFile);
  const password = sftp.passwordEnv === undefined ? null : secrets(sftp.passwordEnv);
  return openSftpInbox({ ...sftp, keyPath, password });
}
