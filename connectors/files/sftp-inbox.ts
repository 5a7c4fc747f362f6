/**
 * A folder on an SFTP server. The same rules as for one here: regular files only, no link is followed, what changes while it is read is left for the
 * next run. Times come from the server, in whole seconds, and any client can set them.
 */
import pRetry from 'p-retry';
import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { SourceError } from '../../schemas/source-error.ts';
import { MAX_DEPTH, MAX_FILES, WAITING } from './inbox.ts';
import { type Folder, type InboxFile, type InboxList, NOTE } from './inbox-store.ts';
import { openSftpSession, type SftpAccess, type SftpSession } from './sftp-session.ts';
import { shownName } from './shown-name.ts';
import { arrivedOf, sameFile, stampOf } from './stamp.ts';

const PIECE_BYTES = 128 * 1024;
const TRIES_MORE = 3;
const FIRST_PAUSE_MS = 250;
const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;

export function openSftpFolder(access: SftpAccess): Folder {
  const session = openSftpSession(access);
  const full = (path: string): string => (path === '' ? access.folder : `${access.folder.replace(/\/$/, '')}/${path}`);
  const shown = `sftp://${access.host}${access.folder.startsWith('/') ? '' : '/'}${access.folder}`;
  const ask = <T>(work: (sftp: SFTPWrapper) => Promise<T>): Promise<T> => patiently(() => session.use(work));

  const look = async (): Promise<InboxList> => {
    const list: InboxList = { files: [], notes: [], irregular: [] };
    const visit = async (folder: string, depth: number): Promise<void> => {
      for (const { filename, attrs } of await readFolder(folder)) {
        // A server could name what lies elsewhere.
        if (/[/\0]/.test(filename) || filename === '.' || filename === '..') continue;
        const path = folder === '' ? filename : `${folder}/${filename}`;
        if (NOTE.test(filename) && attrs.isFile()) list.notes.push(path);
        if (WAITING.test(filename)) continue;
        if (attrs.isDirectory()) {
          if (depth < MAX_DEPTH) await visit(path, depth + 1);
        } else if (!attrs.isFile()) list.irregular.push(path);
        else list.files.push(asFile(path, attrs));
        if (list.files.length + list.irregular.length > MAX_FILES)
          throw new SourceError('inbox-too-many', { inbox: shown, limit: MAX_FILES });
      }
    };
    await visit('', 0);
    return list;
  };

  const readFolder = (folder: string): Promise<FileEntryWithStats[]> =>
    ask((sftp) => call<FileEntryWithStats[]>((done) => sftp.readdir(full(folder), done))).catch((cause: unknown) => {
      if (cause instanceof SourceError) throw cause;
      const code = folder === '' && statusOf(cause) === NO_SUCH_FILE ? 'inbox-missing' : 'inbox-unreadable';
      throw new SourceError(code, { inbox: shown, reason: (cause as Error).message }, { cause });
    });

  const stat = async (path: string): Promise<InboxFile | null> => {
    const attrs = await ask((sftp) => call<Stats>((done) => sftp.lstat(full(path), done))).catch(absent);
    return attrs?.isFile() ? asFile(path, attrs) : null;
  };

  return {
    list: look,
    stat,
    read: (path, stamp) => readFileOnce(session, full(path), shownName(path), stat.bind(null, path), stamp),
    async remove(path, stamp) {
      const file = await stat(path);
      if (!file || !sameFile(file.stamp, stamp)) return;
      await ask((sftp) => call<void>((done) => sftp.unlink(full(path), done))).catch(absent);
    },
    readNote: async (path) => {
      const note = await ask((sftp) => call<Buffer>((done) => sftp.readFile(full(path), done))).catch(absent);
      return note?.toString('utf8') ?? '';
    },
    addNote: (path, line) =>
      session.use((sftp) => call<void>((done) => sftp.appendFile(full(path), line, { mode: 0o600 }, done))),
    removeNote: async (path) => {
      await ask((sftp) => call<void>((done) => sftp.unlink(full(path), done))).catch(absent);
    },
  };
}

/** One request of ssh2, which answers by a callback. */
const call = <T>(request: (done: (error?: Error | null, answer?: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    request((error, answer) => (error ? reject(error) : resolve(answer as T)));
  });

const NS_PER_SECOND = 1_000_000_000n;

function asFile(path: string, { size, mtime }: Stats): InboxFile {
  const stamp = stampOf(size, BigInt(mtime) * NS_PER_SECOND);
  return { path, bytes: size, arrived: arrivedOf(stamp), stamp };
}

/** @throws SourceError `file-changed` (retryable), `file-unreadable`, and those of the session */
async function* readFileOnce(
  session: SftpSession,
  path: string,
  file: string,
  look: () => Promise<InboxFile | null>,
  stamp: string | undefined,
): AsyncGenerator<Uint8Array> {
  const changed = (): SourceError => new SourceError('file-changed', { file }, { retryable: true });
  const seen = await look();
  if (!seen || (stamp !== undefined && !sameFile(seen.stamp, stamp))) throw changed();
  const { opened, handle } = await session
    .use(async (sftp) => ({ opened: sftp, handle: await call<Buffer>((done) => sftp.open(path, 'r', done)) }))
    .catch((cause: unknown) => {
      if (statusOf(cause) === NO_SUCH_FILE) throw changed();
      if (statusOf(cause) !== PERMISSION_DENIED) throw cause;
      throw new SourceError('file-unreadable', { file, reason: 'EACCES' }, { cause });
    });
  let bytes = 0;
  try {
    for (;;) {
      const piece = await session.use((sftp) => {
        // The handle means nothing, or another file, on a connection made since.
        if (sftp !== opened) throw changed();
        return readPiece(sftp, handle, bytes);
      });
      if (piece.length === 0) break;
      bytes += piece.length;
      yield piece;
      if (bytes > seen.bytes) throw changed();
    }
  } finally {
    opened.close(handle, () => undefined); // Whatever it answers: all was read, or nothing of it is taken.
  }
  if (bytes !== seen.bytes || (await look())?.stamp !== seen.stamp) throw changed();
}

/** Empty at the end. */
function readPiece(sftp: SFTPWrapper, handle: Buffer, at: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const buffer = Buffer.allocUnsafe(PIECE_BYTES);
    sftp.read(handle, buffer, 0, PIECE_BYTES, at, (error, count) => {
      if (error && statusOf(error) !== END_OF_FILE) reject(error);
      else resolve(error ? Buffer.alloc(0) : buffer.subarray(0, count));
    });
  });
}
const END_OF_FILE = 1;

const statusOf = (error: unknown): number | null => {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' ? code : null;
};

const absent = (error: unknown): null => {
  if (statusOf(error) === NO_SUCH_FILE) return null;
  throw error;
};

/** Tries again what is a matter of time; nothing that is asked here can do harm when done twice. */
const patiently = <T>(work: () => Promise<T>): Promise<T> =>
  pRetry(work, {
    retries: TRIES_MORE,
    minTimeout: FIRST_PAUSE_MS,
    shouldRetry: ({ error }) => error instanceof SourceError && error.retryable,
  });
