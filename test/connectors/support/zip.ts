import { constants, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  name: string;
  content: string | Uint8Array;
  /** General purpose flags; 1 means encrypted. */
  flags?: number;
  /** Uncompressed size that the archive claims. */
  declared?: number;
  /** Unix mode; 0o120777 means a symbolic link. */
  mode?: number;
  /** What stands in the archive instead of the compressed content. */
  deflated?: Buffer;
}

/** An archive as a test wants it: also one that lies. Checksums are left out, for nothing here reads them. */
export function zipOf(entries: ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, flags = 0, declared, mode = 0, deflated } of entries) {
    const body = deflated ?? deflateRawSync(content);
    const title = Buffer.from(name);
    const size = declared ?? Buffer.byteLength(content);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(flags, 2);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(body.length, 14);
    shared.writeUInt32LE(size, 18);
    shared.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), shared, title, body]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(mode * 2 ** 16, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), shared, tail, title]));
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
