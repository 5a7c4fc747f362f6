/**
 * Files whose time lies in the future. Waiting for it would be to ignore them without a word, perhaps for years; taking them would let them stand
 * above what comes after them. So they are told, as files that fail, until the clock that gave the time is put right.
 */
import { SourceError } from '../../schemas/source-error.ts';
import { taipeiTime } from '../taipei-time.ts';
import { type Folder, type InboxFile, type InboxStore, oldestFirst } from './inbox-store.ts';
import { shownName } from './shown-name.ts';
import { arrivedOf, sameFile } from './stamp.ts';

/** Two clocks are never quite the same: what lies ahead by less is taken by a run that comes later. */
const LISTED_AHEAD_MS = 10 * 60 * 1000;
/** Less, for minutes may pass until a file that was listed is looked at. */
const SEEN_AHEAD_MS = LISTED_AHEAD_MS / 2;

/** An inbox whose list holds the files from the future too, marked. @param clock milliseconds since 1970 */
export function withFutureFiles(folder: Folder, clock: () => number): InboxStore {
  return {
    ...folder,
    async list({ now }) {
      const ahead = clock() + LISTED_AHEAD_MS;
      const { files, ...rest } = await folder.list();
      const marked = files.map((file) => (file.arrived > ahead ? { ...file, fromFuture: true } : file));
      const before = Date.parse(now);
      return { ...rest, files: marked.filter((file) => file.fromFuture || file.arrived < before).sort(oldestFirst) };
    },
    async stat(path) {
      const file = await folder.stat(path);
      return file && file.arrived > clock() + SEEN_AHEAD_MS ? { ...file, fromFuture: true } : file;
    },
  };
}

/**
 * A file of a part, looked at before it is read; it arrived when it was found to. @param stamp what it was then
 * @throws SourceError `file-changed` where it is gone or was touched since, `file-from-the-future`
 */
export async function statWaiting(
  store: InboxStore,
  path: string,
  stamp: string | undefined,
  name = shownName(path),
): Promise<InboxFile> {
  const file = await store.stat(path, stamp);
  if (file?.fromFuture) throw new SourceError('file-from-the-future', { file: name, moment: taipeiTime(file.arrived) });
  if (!file || (stamp !== undefined && !sameFile(file.stamp, stamp)))
    throw new SourceError('file-changed', { file: name }, { retryable: true });
  return stamp === undefined ? file : { ...file, stamp, arrived: arrivedOf(stamp) };
}
