/** Where files of schools arrive: a folder here or on a server, and the archives in it, all behind one shape. Names are relative, with `/`. */
import type { ConnectorContext } from '../contract.ts';
import { modifiedOf } from './stamp.ts';

export interface InboxFile {
  path: string;
  bytes: number;
  /** Milliseconds since 1970. */
  arrived: number;
  /** Its time lies in the future: it is told, never taken. */
  fromFuture?: boolean;
  /** For how long it is known to have been as it is, milliseconds; left out where nobody may still be writing it. */
  unchangedFor?: number;
  /** What it is told by, and when it arrived (`stampOf`). */
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

/** A folder as it lies there. All may throw a SourceError: a mount that is gone, a server that does not answer. */
export interface Folder {
  /** Every regular file, in any order, and our notes. */
  list(): Promise<InboxList>;
  /** null where there is no such regular file any more. @param stamp what it was: one that is something else now is not looked into */
  stat(path: string, stamp?: string): Promise<InboxFile | null>;
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

/** A folder under the rules of an inbox. */
export interface InboxStore extends Omit<Folder, 'list'> {
  /** Files that arrived before the run's moment, oldest first. */
  list(ctx: ConnectorContext): Promise<InboxList>;
  /** Where a file's arrival is our first sight of it: sees what lies there. */
  look?(ctx: ConnectorContext): Promise<void>;
}

/** A note of ours beside an archive: `.全市.zip.landed`. */
export const NOTE = /^\.(.+)\.landed$/;
export const noteOf = (path: string): string => path.replace(/[^/]*$/, (name) => `.${name}.landed`);

/** What was found at one look arrived at one moment: there the sender's own times still say which is the newer. */
export const oldestFirst = (a: InboxFile, b: InboxFile): number =>
  a.arrived - b.arrived || modifiedOf(a.stamp) - modifiedOf(b.stamp) || (a.path < b.path ? -1 : 1);
