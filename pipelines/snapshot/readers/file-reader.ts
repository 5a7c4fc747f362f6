/** Reads a file of a snapshot once, a piece at a time, for what the manifest says of it. Memory does not grow with the file. */
import { createHash } from 'node:crypto';

export interface Contents {
  rows: number;
  /** What the file says its columns are, in the words of `expectedHead`; null where it says nothing, for it has no row. */
  head: string | null;
}

export interface FileReader {
  take(piece: Uint8Array): void;
  /** @throws UnlikeFormatError */
  end(): Contents;
}

/** The bytes are not of the format that the manifest says. */
export class UnlikeFormatError extends Error {
  override readonly name = 'UnlikeFormatError';
}

export interface Measured {
  bytes: number;
  /** `sha256:` and 64 hex digits. */
  hash: string;
  /** Null where nothing but the bytes is looked at. */
  contents: Contents | UnlikeFormatError | null;
}

export async function measure(body: AsyncIterable<Uint8Array>, reader: FileReader | null): Promise<Measured> {
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const piece of body) {
    digest.update(piece);
    bytes += piece.length;
    reader?.take(piece);
  }
  return { bytes, hash: `sha256:${digest.digest('hex')}`, contents: reader && contentsOf(reader) };
}

function contentsOf(reader: FileReader): Contents | UnlikeFormatError {
  try {
    return reader.end();
  } catch (error) {
    if (error instanceof UnlikeFormatError) return error;
    throw error;
  }
}
