/**
 * An inbox in which the files of an archive stand beside the others: `全市.zip//064601/名冊.csv` (no real path holds `//`). Each becomes the part
 * of its school, so one archive is landed by several parts, perhaps by several workers and over several nights. What was landed is written down in
 * a note beside the archive; when all of it was, the archive leaves. A note lost costs nothing: bytes landed before change nothing.
 */
import { SourceError } from '../../schemas/source-error.ts';
import { MAX_WORKBOOK_BYTES } from '../tables/limits.ts';
import { type Archive, type ArchivedFile, openArchive } from './archive-entries.ts';
import { type InboxFile, type InboxStore, NOTE, noteOf, oldestFirst } from './inbox-store.ts';
import { shownName } from './shown-name.ts';
import { fileOf, sameFile } from './stamp.ts';

const ARCHIVE = /\.zip$/i;
const ZIP = Buffer.from('PK');
const INSIDE = '//';

/** The archive's path and the entry's name; null for a file that lies in the inbox itself. */
export function insideArchive(path: string): { archive: string; entry: string } | null {
  const at = path.indexOf(INSIDE);
  return at === -1 ? null : { archive: path.slice(0, at), entry: path.slice(at + INSIDE.length) };
}

interface Opened {
  path: string;
  stamp: string;
  /** null where it is no archive after all, but a workbook or a text under that name. */
  archive: Archive | null;
}

export function withArchives(store: InboxStore): InboxStore {
  // The parts of a job ask for the same archive one after the other: the last one stays at hand.
  let last: Opened | null = null;

  const open = async (file: InboxFile): Promise<Archive | null> => {
    if (last?.path === file.path && sameFile(last.stamp, file.stamp)) return last.archive;
    last = null;
    const bytes = await collect(store.read(file.path, file.stamp), file);
    const archive = bytes.subarray(0, 2).equals(ZIP) ? openArchive(bytes, shownName(file.path)) : null;
    last = { path: file.path, stamp: file.stamp, archive };
    return archive;
  };

  /** The files of an archive that were not landed yet; the archive itself where it cannot be opened: reading it tells why. */
  const unfold = async (file: InboxFile): Promise<InboxFile[]> => {
    try {
      const archive = await open(file);
      if (!archive) return [file];
      const landed = landedOf(await store.readNote(noteOf(file.path)), file.stamp);
      const waiting = archive.files.filter(({ index }) => !landed.has(index));
      if (waiting.length === 0) await leave(file.path, file.stamp);
      return waiting.map(({ name, bytes }) => ({ ...file, path: file.path + INSIDE + name, bytes }));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      // Still being written: whoever fetches it tells so, and the next run takes it.
      if (error.retryable && error.code !== 'file-changed') throw error;
      return [file];
    }
  };

  const leave = async (path: string, stamp: string): Promise<void> => {
    await store.remove(path, stamp);
    await store.removeNote(noteOf(path));
  };

  /** @throws SourceError `file-changed` where the archive is another one than was seen, or does not hold it any more */
  const find = async (
    path: string,
    stamp?: string,
  ): Promise<{ file: InboxFile; archive: Archive; at: ArchivedFile }> => {
    const { archive: outer, entry } = insideArchive(path)!;
    const file = await store.stat(outer);
    const archive = file && (stamp === undefined || sameFile(file.stamp, stamp)) ? await open(file) : null;
    const at = archive?.files.find(({ name }) => name === entry);
    if (file && archive && at) return { file, archive, at };
    throw new SourceError('file-changed', { file: shownName(path) }, { retryable: true });
  };

  return {
    ...store,
    async list(ctx) {
      const { files, notes, irregular } = await store.list(ctx);
      const all: InboxFile[] = [];
      for (const file of files) all.push(...(ARCHIVE.test(file.path) ? await unfold(file) : [file]));
      for (const note of notes) {
        const archive = note.replace(/[^/]*$/, (name) => NOTE.exec(name)![1]!);
        if (!(await store.stat(archive))) await store.removeNote(note);
      }
      return { files: all.sort(oldestFirst), notes, irregular };
    },
    async stat(path, stamp) {
      if (insideArchive(path)) {
        const { file, at } = await find(path, stamp);
        return { ...file, path, bytes: at.bytes };
      }
      const file = await store.stat(path);
      const same = file && (stamp === undefined || sameFile(file.stamp, stamp));
      if (same && ARCHIVE.test(path)) await open(file); // One that cannot be opened says so here.
      return file;
    },
    async *read(path, stamp) {
      if (insideArchive(path)) {
        const { archive, at } = await find(path, stamp);
        yield archive.content(at);
      } else yield* store.read(path, stamp);
    },
    async remove(path, stamp) {
      const inside = insideArchive(path);
      if (!inside) return store.remove(path, stamp);
      const file = await store.stat(inside.archive);
      if (!file || !sameFile(file.stamp, stamp)) return;
      const archive = await open(file);
      const at = archive?.files.find(({ name }) => name === inside.entry);
      if (!archive || !at) return;
      const note = noteOf(inside.archive);
      await store.addNote(note, `${fileOf(stamp)} ${at.index}\n`);
      const landed = landedOf(await store.readNote(note), stamp);
      if (archive.files.every(({ index }) => landed.has(index))) await leave(inside.archive, stamp);
    },
  };
}

/** Places of the files that were landed from the archive with this stamp. */
function landedOf(note: string, stamp: string): Set<number> {
  const lines = note.split('\n').map((line) => line.split(' '));
  return new Set(lines.filter(([of]) => of === fileOf(stamp)).map(([, index]) => Number(index)));
}

async function collect(body: AsyncIterable<Uint8Array>, { path, bytes }: InboxFile): Promise<Buffer> {
  if (bytes > MAX_WORKBOOK_BYTES)
    throw new SourceError('file-too-large', { file: shownName(path), bytes, limit: MAX_WORKBOOK_BYTES });
  const held: Uint8Array[] = [];
  for await (const piece of body) held.push(piece);
  return Buffer.concat(held);
}
