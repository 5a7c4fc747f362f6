/**
 * Text of a file whose encoding nobody declared, in one pass and bounded memory. ASCII is passed on until the first other byte, and what follows
 * it decides (`guess-encoding.ts`). Once decided it stays decided: a broken character is replaced by U+FFFD and told, for the row that holds it is
 * not used; where they are many the file is two encodings in one, or damaged, and is refused. So is one that ends inside a character: it was cut.
 */
import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { SourceError } from '../../schemas/source-error.ts';
import { BROKEN_IN, type Encoding, guessEncoding } from './guess-encoding.ts';
import { createTextPlace } from './text-place.ts';

export type { Encoding };

/** Bytes looked at to decide; more than the header and dozens of rows. */
const WINDOW_BYTES = 256 * 1024;
/** So many broken characters are no other encoding, however short the text. */
const FEW = 3;

/** What broke on the way, as far as the text was read. */
export interface Damage {
  /** Characters that became U+FFFD here; those that came as U+FFFD are not among them. */
  broken: number;
}

/** @throws SourceError `file-encoding-unknown`, `file-encoding-unclear`, `file-encoding-broken`, `file-cut-short` */
export async function* decodeText(
  pieces: AsyncIterable<Buffer>,
  file: string,
  onEncoding: (encoding: Encoding) => void,
  damage: Damage = { broken: 0 },
): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let encoding: Encoding = 'ascii';
  let window: Buffer[] = [];
  const place = createTextPlace();
  let atStart = true;

  const decode = (bytes: Buffer): string => {
    let text: string;
    try {
      text = decoder!.decode(bytes, { stream: true });
    } catch (cause) {
      throw new SourceError('file-encoding-broken', { file, encoding, ...place.now() }, { cause });
    }
    damage.broken += place.pass(bytes, text, encoding);
    if (damage.broken > FEW && damage.broken * BROKEN_IN > place.wide)
      throw new SourceError('file-encoding-broken', { file, encoding, ...place.broken() });
    return text;
  };
  const settle = (bytes: Buffer, last: boolean): string => {
    const choice = guessEncoding(bytes, atStart, last);
    if (choice === 'utf-32') throw new SourceError('file-encoding-unknown', { file });
    if (choice === null) {
      place.pass(bytes, new TextDecoder('utf-8').decode(bytes), 'utf-8');
      throw new SourceError('file-encoding-unclear', { file, ...place.broken() });
    }
    ({ decoder, encoding } = choice);
    onEncoding(encoding);
    return decode(bytes);
  };

  for await (const piece of pieces) {
    if (decoder) yield decode(piece);
    else if (window.length === 0 && isAscii(piece) && !piece.includes(0)) {
      atStart = false;
      const text = piece.toString('latin1');
      place.pass(piece, text, 'ascii');
      yield text;
    } else {
      window.push(piece);
      if (window.reduce((sum, part) => sum + part.length, 0) >= WINDOW_BYTES) {
        yield settle(Buffer.concat(window), false);
        window = [];
      }
    }
  }
  if (window.length > 0) yield settle(Buffer.concat(window), true);
  if (!decoder) onEncoding('ascii');
  else if (endsInside(decoder)) throw new SourceError('file-cut-short', { file, ...place.now() });
}

function endsInside(decoder: TextDecoder): boolean {
  try {
    return decoder.decode() !== '';
  } catch {
    return true; // Fatal ones say it this way.
  }
}
