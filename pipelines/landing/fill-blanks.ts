/** Here the plain identifier ends: from now on there is only its pseudonym (HMAC) and its sealed value. */
import { transcode } from 'node:buffer';
import { hash } from 'node:crypto';
import type { RecordKind } from '../../schemas/records.ts';
import { type Keyring, SEALED_EXTRA_BYTES } from '../../warehouse/keyring.ts';
import { RECORD_TABLES, stageColumns } from '../../warehouse/landing/record-tables.ts';
import type { Block } from './line-block.ts';

/** 160 bits of the pseudonym name a record: no two people of a country meet. */
export const KEY_HEX = 40;
export const PSEUDONYM_HEX = 64;
/** 128 bits of SHA-256. */
export const HASH_HEX = 32;
/** What a blank is made of. No text of a source holds it and the database refuses it, so that a blank left open cannot be loaded. */
export const BLANK = '\0';

const PLAIN_DIGEST = /[0-9a-f]{64}$/;
const NUL = 0x00;
const TAB = 0x09;
const LINE_END = 0x0a;
const BACKSLASH = 0x5c;
/** More than any kind has columns. */
const COLUMNS_MAX = 64;
/** `\\x` before a bytea. */
const HEX_PREFIX = 3;
/** `source` of registered_by; the other is `arrival`. */
const SOURCE = 's'.charCodeAt(0);

/** Place that a sealed identifier is bound to. */
export const identifierPlace = (hmacHex: string): string => `landing.identifier.sealed:${hmacHex}`;

/**
 * Keys made of an unkeyed digest could be enumerated: the pseudonym takes the digest's place. Rows whose own identifier makes their key get the
 * same from `fillBlanks`; this is for the others: rejected rows, accounts named by an identifier, a source's own id that is one.
 */
export function sealKey(keyring: Keyring, key: string): string {
  const digest = PLAIN_DIGEST.exec(key)?.[0];
  if (digest === undefined) return key;
  return key.slice(0, -digest.length) + keyring.pseudonym(digest, 'hex').slice(0, KEY_HEX);
}

/** Places of the columns with which filling is concerned; -1 where a kind has none. */
interface Layout {
  key: number;
  pseudonym: number;
  registeredAt: number;
  sealed: number;
  hash: number;
  registeredBy: number;
}

function layoutOf(kind: RecordKind): Layout {
  const columns = stageColumns(RECORD_TABLES[kind]);
  const at = (name: string): number => columns.indexOf(name);
  return {
    key: at('key'),
    pseudonym: at('id_hmac'),
    registeredAt: at('registered_at'),
    sealed: at('id_sealed'),
    hash: at('hash'),
    registeredBy: at('registered_by'),
  };
}

const LAYOUTS: Readonly<Record<RecordKind, Layout>> = {
  institution: layoutOf('institution'),
  staff: layoutOf('staff'),
  account: layoutOf('account'),
  course: layoutOf('course'),
};

/**
 * Makes UTF-8 of a block and fills the blanks of every line. Tabs and line ends inside a value are escaped, so that those between values are found by
 * looking at bytes alone.
 */
export function fillBlanks(keyring: Keyring, { kind, bytes }: Block): Block {
  const buffer = transcode(bytes, 'utf16le', 'utf8') as Buffer<ArrayBuffer>;
  const layout = LAYOUTS[kind];
  // Where each column begins, and after the last one the next line.
  const starts = new Int32Array(COLUMNS_MAX);
  let column = 0;
  for (let i = 0; i < buffer.length; i += 1) {
    const byte = buffer[i] as number;
    if (byte > LINE_END || byte < TAB) continue;
    column += 1;
    starts[column] = i + 1;
    if (byte === TAB) continue;
    fillLine(keyring, buffer, starts, layout);
    column = 0;
    starts[0] = i + 1;
  }
  return { kind, bytes: buffer };
}

/** @param starts where each column of the line begins */
function fillLine(keyring: Keyring, buffer: Buffer, starts: Int32Array, layout: Layout): void {
  const begin = (column: number): number => starts[column] as number;
  // A null is `\N`, a bytea begins with two backslashes.
  const identified = layout.pseudonym !== -1 && buffer[begin(layout.pseudonym) + 1] === BACKSLASH;
  if (identified) fillIdentifier(keyring, buffer, starts, layout);
  const bySource = buffer[begin(layout.registeredBy)] === SOURCE;
  const saidEnd = begin(bySource ? layout.registeredAt + 1 : layout.registeredAt) - 1;
  const contentHash = hash('sha256', buffer.subarray(begin(layout.key), saidEnd), 'hex');
  buffer.write(contentHash, begin(layout.hash) + HEX_PREFIX, HASH_HEX, 'latin1');
}

function fillIdentifier(keyring: Keyring, buffer: Buffer, starts: Int32Array, layout: Layout): void {
  const begin = (column: number): number => starts[column] as number;
  const end = (column: number): number => begin(column + 1) - 1;
  const pseudonymAt = begin(layout.pseudonym) + HEX_PREFIX;
  const digest = buffer.toString('latin1', pseudonymAt, pseudonymAt + PSEUDONYM_HEX);
  const hex = keyring.pseudonym(digest, 'hex');
  buffer.write(hex, pseudonymAt, PSEUDONYM_HEX, 'latin1');
  const keyEnd = end(layout.key);
  if (buffer[keyEnd - 1] === NUL) buffer.write(hex, keyEnd - KEY_HEX, KEY_HEX, 'latin1');
  const sealedAt = begin(layout.sealed) + HEX_PREFIX;
  const plainBytes = (end(layout.sealed) - sealedAt) / 2 - SEALED_EXTRA_BYTES;
  const sealed = keyring.seal(identifierPlace(hex), buffer.subarray(sealedAt, sealedAt + plainBytes));
  buffer.write(sealed.toString('hex'), sealedAt, 'latin1');
}
