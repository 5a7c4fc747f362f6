/**
 * Which encoding the bytes of a file are in, where nobody declared one. A byte order mark decides; else valid UTF-8 is UTF-8 (98.9 % of random
 * Chinese UTF-8 is not valid Big5 and hardly any Big5 is valid UTF-8), and so is what is UTF-8 but for a broken character here and there; else Big5 if
 * it reads well; else nobody can tell. UTF-16 without its mark is believed only where every sign speaks for it.
 *
 * Node decodes Big5 as CP950: user-defined characters come out in the private-use area and broken bytes as U+FFFD.
 */
import { TextDecoder } from 'node:util';

export type Encoding =
  | 'ascii'
  | 'utf-8'
  | 'utf-8 (BOM)'
  | 'utf-16le'
  | 'utf-16be'
  | 'utf-16le (no BOM)'
  | 'utf-16be (no BOM)'
  | 'big5';

export interface Choice {
  encoding: Encoding;
  decoder: TextDecoder;
}

/** Of 20 characters one may be broken: read in another encoding than its own, a text breaks at nearly every one. */
export const BROKEN_IN = 20;

/** @param last nothing follows the bytes @returns 'utf-32' for a mark that is known and not taken; null where nobody can tell */
export function guessEncoding(bytes: Buffer, atStart: boolean, last: boolean): Choice | 'utf-32' | null {
  return (atStart ? (marked(bytes) ?? unmarked16(bytes, last)) : null) ?? guessed(bytes, last);
}

/** The encoding that a byte order mark names. */
function marked(bytes: Buffer): Choice | 'utf-32' | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return choose('utf-8 (BOM)', 'utf-8');
  if (bytes.length >= 4 && (bytes.readUInt32LE(0) === 0x0000feff || bytes.readUInt32BE(0) === 0x0000feff))
    return 'utf-32';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return choose('utf-16le', 'utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return choose('utf-16be', 'utf-16be');
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
  return label && fitting.length === 1 ? choose(`${label} (no BOM)`, label) : null;
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
  const read = (label: string): string => new TextDecoder(label).decode(bytes, { stream: !last });
  if (isClearUtf8(read('utf-8'), bytes)) return choose('utf-8', 'utf-8');
  return readsWell(read('big5')) ? choose('big5', 'big5') : null;
}

/** U+FFFD as UTF-8 has it: a character that was lost before the file was written, and no break of the encoding. */
const LOST = Buffer.from('\ufffd');

/** Broken characters of a text. One may leave several U+FFFD, a byte each. */
export function brokenIn(text: string, bytes: Buffer): number {
  const all = howMany(text, /\ufffd/g);
  const came = all === 0 ? 0 : count(bytes, LOST);
  return all === came ? 0 : Math.max(1, howMany(text, /\ufffd+/g) - came);
}

const isClearUtf8 = (text: string, bytes: Buffer): boolean =>
  brokenIn(text, bytes) * BROKEN_IN <= howMany(text, /[^\p{ASCII}\ufffd]/gu);

/** So many private characters are those of some names, where at least as many others stand beside them: a file may be of three people. */
const FEW = 20;

/** Fewer than 1 in 100 characters broken, and few or fewer than 1 in 20 broken or private: a roster with some rare names, not another encoding. */
function readsWell(text: string): boolean {
  const broken = howMany(text, /\ufffd/g);
  const own = howMany(text, /[\ue000-\uf8ff]/g);
  const wide = howMany(text, /[^\p{ASCII}]/gu);
  return broken * 100 <= wide && ((broken + own) * 20 <= wide || (own <= FEW && own * 2 <= wide));
}

/** Only UTF-16 is fatal: its lone halves are put right by nobody. In the others a broken character is replaced, and costs its row. */
const choose = (encoding: Encoding, label: string): Choice => ({
  encoding,
  decoder: new TextDecoder(label, { fatal: label.startsWith('utf-16') }),
});

const howMany = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** How often a byte, or a sequence that cannot overlap itself, stands in the bytes. */
function count(bytes: Buffer, value: number | Buffer): number {
  let found = 0;
  for (let at = bytes.indexOf(value); at !== -1; at = bytes.indexOf(value, at + 1)) found++;
  return found;
}
