/**
 * Text of a file whose encoding nobody declared, in one pass and bounded memory. A byte order mark decides; else ASCII is passed on
 * until the first other byte, and what follows it decides: valid UTF-8 is UTF-8 (98.9 % of random Chinese UTF-8 is not valid Big5
 * and hardly any Big5 is valid UTF-8), else Big5 if it reads well, else the file is refused. UTF-16 without its mark is believed only where every sign speaks for it. Once decided it stays decided.
 *
 * Node decodes Big5 as CP950: user-defined characters come out in the private-use area and broken bytes as U+FFFD. A few of them are
 * normal in old school systems; they are passed on and flagged by the normaliser.
 */
import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { SourceError } from '../../schemas/source-error.ts';

/** Bytes looked at to decide; more than the header and dozens of rows. */
const WINDOW_BYTES = 256 * 1024;

export type Encoding =
  | 'ascii'
  | 'utf-8'
  | 'utf-8 (BOM)'
  | 'utf-16le'
  | 'utf-16be'
  | 'utf-16le (no BOM)'
  | 'utf-16be (no BOM)'
  | 'big5';

export async function* decodeText(
  pieces: AsyncIterable<Buffer>,
  file: string,
  onEncoding: (encoding: Encoding) => void,
): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let encoding: Encoding = 'ascii';
  let window: Buffer[] = [];
  let offset = 0;
  let atStart = true;

  const decode = (bytes: Buffer, stream: boolean): string => {
    try {
      return decoder!.decode(bytes, { stream });
    } catch (cause) {
      throw new SourceError('file-encoding-broken', { file, encoding, offset }, { cause });
    }
  };
  const settle = (bytes: Buffer, last: boolean): string => {
    const choice = (atStart ? (marked(bytes, file) ?? unmarked16(bytes, last)) : null) ?? guessed(bytes, last);
    if (!choice) throw new SourceError('file-encoding-unknown', { file });
    ({ decoder, encoding } = choice);
    onEncoding(encoding);
    return decode(bytes, !last);
  };

  for await (const piece of pieces) {
    if (decoder) yield decode(piece, true);
    else if (window.length === 0 && isAscii(piece) && !piece.includes(0)) {
      atStart = false;
      yield piece.toString('latin1');
    } else {
      window.push(piece);
      if (window.reduce((sum, part) => sum + part.length, 0) >= WINDOW_BYTES) {
        yield settle(Buffer.concat(window), false);
        window = [];
      }
    }
    offset += piece.length;
  }
  if (window.length > 0) yield settle(Buffer.concat(window), true);
  else if (decoder) yield decode(Buffer.alloc(0), false);
  else onEncoding('ascii');
}

interface Choice {
  encoding: Encoding;
  decoder: TextDecoder;
}

/** The encoding that a byte order mark names. */
function marked(bytes: Buffer, file: string): Choice | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return choose('utf-8 (BOM)', 'utf-8', true);
  const utf32 = bytes.length >= 4 && (bytes.readUInt32LE(0) === 0x0000feff || bytes.readUInt32BE(0) === 0x0000feff);
  if (utf32) throw new SourceError('file-encoding-unknown', { file });
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return choose('utf-16le', 'utf-16le', true);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return choose('utf-16be', 'utf-16be', true);
  return null;
}

/** What a table of a Taiwanese school is written with: ASCII, Han, their marks, Zhuyin, half- and full-width forms, Latin letters of foreign names. */
const OF_A_ROSTER =
  /[\t\r\n\x20-\x7e\u00b7\u00c0-\u024f\u2010-\u203b\u3000-\u303f\u3100-\u312f\u3400-\u9fff\uf900-\ufaff\uff01-\uff65\u{20000}-\u{323af}]/gu;

/**
 * UTF-16 whose mark got lost. Delimiters and digits give it NUL bytes, which no other encoding here has; one byte order must decode to nothing but
 * what rosters hold, in lines, and the other must not. Letters alone would not do: swapped, they are Han.
 */
function unmarked16(bytes: Buffer, last: boolean): Choice | null {
  if (!bytes.includes(0) || (last && bytes.length % 2 === 1)) return null;
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const fitting = (['utf-16le', 'utf-16be'] as const).filter((label) => reads16(whole, label));
  const [label] = fitting;
  return label && fitting.length === 1 ? choose(`${label} (no BOM)`, label, true) : null;
}

function reads16(bytes: Buffer, label: string): boolean {
  // Not fatal: the window may end in the middle of a pair. What is broken counts against it.
  const text = new TextDecoder(label).decode(bytes);
  if (text.includes('\0') || !/[\r\n]/.test(text) || !/[\t,;|]/.test(text)) return false;
  return text.replace(OF_A_ROSTER, '').length <= text.length * 0.02;
}

function guessed(bytes: Buffer, last: boolean): Choice | null {
  // Valid UTF-8 as a matter of form, but really UTF-16 without its mark, or no text at all.
  if (count(bytes, 0) * 10 > bytes.length) return null;
  const utf8 = choose('utf-8', 'utf-8', true);
  try {
    utf8.decoder.decode(bytes, { stream: !last });
    return choose('utf-8', 'utf-8', true);
  } catch {
    // Not UTF-8: that is the answer we asked for. Big5 is judged by how it reads.
    return readsWell(new TextDecoder('big5').decode(bytes, { stream: !last })) ? choose('big5', 'big5', false) : null;
  }
}

/** Fewer than 1 in 100 characters broken and fewer than 1 in 20 broken or private: a roster with a few rare names, not another encoding. */
function readsWell(text: string): boolean {
  const broken = (text.match(/\ufffd/g) ?? []).length;
  const own = (text.match(/[\ue000-\uf8ff]/g) ?? []).length;
  const wide = (text.match(/[^\p{ASCII}]/gu) ?? []).length;
  return broken * 100 <= wide && (broken + own) * 20 <= wide;
}

const choose = (encoding: Encoding, label: string, fatal: boolean): Choice => ({
  encoding,
  decoder: new TextDecoder(label, { fatal }),
});

function count(bytes: Buffer, value: number): number {
  let found = 0;
  for (let at = bytes.indexOf(value); at !== -1; at = bytes.indexOf(value, at + 1)) found++;
  return found;
}
