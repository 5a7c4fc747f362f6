/**
 * XML of a workbook's part, piece by piece. No document type (entities, and none is ever written by a spreadsheet program), no text
 * that is not UTF-8 (or UTF-16 with its mark), and an end for whatever was begun: a part that was cut off is not read as a short one.
 */
import { TextDecoder } from 'node:util';
import { Parser } from 'htmlparser2';
import { SourceError } from '../../schemas/source-error.ts';

export interface XmlHandler {
  /** Names come without their prefix. */
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Yields after every piece, so that what the handler gathered can be handed on. @throws SourceError `file-doctype`, `file-workbook-broken` */
export async function* readXml(
  pieces: AsyncIterable<Buffer>,
  file: string,
  handler: XmlHandler,
): AsyncGenerator<undefined> {
  const broken = (cause?: unknown): SourceError => new SourceError('file-workbook-broken', { file }, { cause });
  let decoder: TextDecoder | null = null;
  let roots = 0;
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (depth === 0) roots += 1;
        depth += 1;
        handler.open?.(local(name), attributes);
      },
      ontext(text) {
        handler.text?.(text);
      },
      onclosetag(name, implied) {
        depth -= 1;
        // An element that ends by its own slash is closed as if implied, but right after it was opened.
        if (implied && ended) throw broken();
        handler.close?.(local(name));
      },
      onprocessinginstruction(name) {
        if (name.toLowerCase() === '!doctype') throw new SourceError('file-doctype', { file });
      },
    },
    { xmlMode: true },
  );
  let ended = false;
  const decode = (piece?: Buffer): string => {
    try {
      return piece ? decoder!.decode(piece, { stream: true }) : (decoder?.decode() ?? '');
    } catch (cause) {
      throw broken(cause);
    }
  };
  for await (const piece of pieces) {
    decoder ??= new TextDecoder(piece[0] === 0xff || piece[0] === 0xfe ? utf16(piece) : 'utf-8', { fatal: true });
    parser.write(decode(piece));
    yield;
  }
  parser.write(decode());
  ended = true;
  parser.end();
  if (roots !== 1 || depth !== 0) throw broken();
  yield;
}

/** Reads a part to its end. @throws SourceError as `readXml` */
export async function readWholeXml(pieces: AsyncIterable<Buffer>, file: string, handler: XmlHandler): Promise<void> {
  for await (const _ of readXml(pieces, file, handler));
}

const utf16 = (piece: Buffer): string => (piece[0] === 0xff ? 'utf-16le' : 'utf-16be');

const local = (name: string): string => {
  const at = name.indexOf(':');
  return at === -1 ? name : name.slice(at + 1);
};
