/** The private key that we show an SFTP server. */
import { readFile } from 'node:fs/promises';
import ssh2 from 'ssh2';
import { SourceError } from '../../schemas/source-error.ts';

/** @throws SourceError `sftp-key-file` where there is none that can be used as it is */
export async function readPrivateKey(path: string): Promise<Buffer> {
  try {
    const key = await readFile(path);
    const parsed = ssh2.utils.parseKey(key);
    if (parsed instanceof Error) throw parsed;
    return key;
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'not a private key without a passphrase';
    throw new SourceError('sftp-key-file', { path, reason }, { cause });
  }
}
