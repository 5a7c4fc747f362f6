import { constants, crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** Bytes for a name in a code page of its own. */
  name: string | Uint8Array;
  content: string | Uint8Array;
  /** General purpose flags; 1 means encrypted. */
  flags?: number;
  /** Uncompressed size that the archive claims. */
  declared?: number;
  /** Checksum that the archive claims. */
  crc?: number;
  method?: number;
  /** Extra field of the directory. */
  extra?: Uint8Array;
  /** File type and permissions, as a Unix writes them. */
  unixMode?: number;
  /** What stands in the archive instead of the compressed content. */
  deflated?: Buffer;
}

/** An archive as a test wants it: also one that lies. */
export function zipOf(entries: ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { name, content, flags = 0, declared, crc, method = 8, extra = Buffer.alloc(0), unixMode } = entry;
    const body = entry.deflated ?? deflateRawSync(content);
    const title = Buffer.from(name as string);
    const size = declared ?? Buffer.byteLength(content);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(flags, 2);
    shared.writeUInt16LE(method, 4);
    shared.writeUInt32LE(crc ?? crc32(Buffer.from(content)), 10);
    shared.writeUInt32LE(body.length, 14);
    shared.writeUInt32LE(size, 18);
    shared.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), shared, title, body]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((unixMode ?? 0) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const head = Buffer.from(unixMode === undefined ? '504b01021400' : '504b01021403', 'hex');
    const own = Buffer.from(shared);
    own.writeUInt16LE(extra.length, 24);
    directory.push(Buffer.concat([head, own, tail, title, extra]));
    locals.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, list, end]);
}

/** `times` copies of a block, compressed without ever being there: what a bomb is made of. */
export function deflatedTimes(block: string | Uint8Array, times: number, before = '', after = ''): Buffer {
  const part = (text: string | Uint8Array): Buffer =>
    deflateRawSync(text, { finishFlush: constants.Z_FULL_FLUSH, level: 9 });
  const repeated = part(block);
  return Buffer.concat([part(before), ...Array.from({ length: times }, () => repeated), deflateRawSync(after)]);
}
