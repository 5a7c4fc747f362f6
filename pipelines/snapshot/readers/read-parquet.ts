import { type FileMetaData, parquetMetadata, parquetSchema } from 'hyparquet';
import { type FileReader, UnlikeFormatError } from './file-reader.ts';

/** The footer grows with row groups: 20 million people have some 300 of them. */
const TAIL_BYTES = 4 * 1024 * 1024;

/** Parquet: rows and columns as its footer says; the last bytes are kept, for it stands at the end. */
export function parquetReader(): FileReader {
  let tail: Uint8Array[] = [];
  let held = 0;
  return {
    take: (piece) => {
      tail.push(piece.slice());
      held += piece.length;
      while (tail.length > 1 && held - (tail[0] as Uint8Array).length >= TAIL_BYTES) {
        held -= (tail[0] as Uint8Array).length;
        tail = tail.slice(1);
      }
    },
    end: () => {
      const metadata = footerOf(Buffer.concat(tail));
      const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
      if (rows !== Number(metadata.num_rows)) throw new UnlikeFormatError('its row groups do not add up');
      return {
        rows,
        head: parquetSchema(metadata)
          .children.map(({ element }) => element.name)
          .join(','),
      };
    },
  };
}

function footerOf(bytes: Buffer): FileMetaData {
  try {
    return parquetMetadata(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer);
  } catch (error) {
    throw new UnlikeFormatError('its footer cannot be read', { cause: error });
  }
}
