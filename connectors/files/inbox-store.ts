/** Where files of schools arrive: a folder here or on a server, and the archives in it, all behind one shape. Names are relative, with `/`. */

export interface InboxFile {
  path: string;
  bytes: number;
  /** Milliseconds since 1970. */
  arrived: number;
  /** Its time lies in the future: it is told, never taken. */
  fromFuture?: boolean;
  /** Size, modification time and arrival (`stampOf`): the same stamp, the same content. */
  stamp: string;
}

export interface InboxList {
  /** Regular files, oldest first, then by name. */
  files: InboxFile[];
  /** Our own notes beside them. */
  notes: string[];
  /** Paths of what is no file and no folder: links, pipes, devices. */
  irregular: string[];
}

/** All may throw a SourceError: a mount that is gone, a server that does not answer. */
export interface InboxStore {
  /** Files that arrived before `before` (ms). */
  list(before: number): Promise<InboxList>;
  /** null where there is no such regular file any more. */
  stat(path: string): Promise<InboxFile | null>;
  /** Its bytes, if it still is what it was: a file that changes is still being written. @throws SourceError `file-changed` (retryable) */
  read(path: string, stamp: string | undefined): AsyncIterable<Uint8Array>;
  /** Removes a file unless it is another one than was seen. */
  remove(path: string, stamp: string): Promise<void>;
  /** '' where there is none. */
  readNote(path: string): Promise<string>;
  /** Adds a line; several workers may do so at once. */
  addNote(path: string, line: string): Promise<void>;
  removeNote(path: string): Promise<void>;
}

/** A note of ours beside an archive: `.全市.zip.landed`. */
export const NOTE = /^\.(.+)\.landed$/;
export const noteOf = (path: string): string => path.replace(/[^/]*$/, (name) => `.${name}.landed`);

export const oldestFirst = (a: InboxFile, b: InboxFile): number => a.arrived - b.arrived || (a.path < b.path ? -1 : 1);
