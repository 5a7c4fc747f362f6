/**
 * A normalised record becomes one line of COPY, in the order of `stageColumns`, with blanks for what needs a key or a hash. The row's hash covers
 * what the source said (its content columns, and the registration time where the source gave one), not where or when we read it.
 */
import type { AccountRecord, Identifier, InstitutionRecord, SourceRecord, StaffRecord } from '../../schemas/records.ts';
import { copyText, copyTextArray } from '../../warehouse/copy.ts';
import { SEALED_EXTRA_BYTES } from '../../warehouse/keyring.ts';
import { HASH_HEX, KEY_HEX, PSEUDONYM_HEX } from './fill-blanks.ts';
import { type LineBlock, MARK } from './line-block.ts';

const NULL = '\\N';
const HEX = '\\\\x';
const UTF8_BYTES_PER_UNIT = 3;

/** Whether the key ends with the digest of the row's own identifier, as of people told by it: then `fillBlanks` seals it with the identifier. */
export const isKeyedByIdentifier = (record: SourceRecord): boolean =>
  record.kind === 'staff' && record.identifier !== null && record.key.endsWith(record.identifier.digest);

const flag = (value: boolean): string => (value ? 't' : 'f');

/** The content of a line around its two blanks: the end of the key and the pseudonym. */
interface Content {
  key: string;
  /** The key ends with the identifier's digest, which its pseudonym will stand for. */
  keyed: boolean;
  middle: string;
  identifier: Identifier | null;
  rest: string;
}

const institutionContent = (r: InstitutionRecord): Content => ({
  key: copyText(r.key),
  keyed: false,
  middle: '',
  identifier: null,
  rest: [
    '',
    copyText(r.code),
    r.section,
    copyText(r.name),
    copyText(r.nameKey),
    flag(r.nameDamaged),
    r.ownership,
    r.legalClass ?? NULL,
    flag(r.quasiPublic),
    copyText(r.district),
    copyText(r.address),
    copyText(r.phone),
    copyText(r.principal),
    copyText(r.parentSchoolCode),
    r.status,
  ].join('\t'),
});

function staffContent(r: StaffRecord): Content {
  const { key, identifier } = r;
  const keyed = isKeyedByIdentifier(r);
  return {
    key: copyText(keyed ? key.slice(0, -PSEUDONYM_HEX) : key),
    keyed,
    middle: `\t${copyText(r.institutionCode)}\t${r.institutionSection ?? NULL}\t`,
    identifier,
    rest: [
      '',
      flag(identifier?.strong ?? false),
      copyText(r.name),
      copyText(r.nameKey),
      r.sex ?? NULL,
      r.birthDate ?? NULL,
      copyText(r.title),
      r.titleCode ?? NULL,
      copyTextArray(r.subjects),
      flag(r.primary),
      r.startOn ?? NULL,
      r.endOn ?? NULL,
      r.endReason ?? NULL,
      flag(r.onLeave),
      r.leaveChangedOn ?? NULL,
      copyText(r.email),
      copyText(r.phone),
      copyText(r.certificateNo),
    ].join('\t'),
  };
}

const accountContent = (r: AccountRecord): Content => ({
  key: copyText(r.key),
  keyed: false,
  middle: `\t${[copyText(r.institutionCode), r.institutionSection ?? NULL, copyText(r.accountName), copyText(r.accountKind), ''].join('\t')}`,
  identifier: r.identifier,
  rest: ['', copyText(r.holderName), r.state, r.enabledOn ?? NULL, r.lastLoginAt ?? NULL].join('\t'),
});

const contentOf = (record: SourceRecord): Content =>
  record.kind === 'staff'
    ? staffContent(record)
    : record.kind === 'account'
      ? accountContent(record)
      : institutionContent(record);

/** Adds a line to a block. @returns 0, or the bytes that it may need when the block has not so much room: nothing is written then */
export function encodeRow(
  block: LineBlock,
  source: string,
  record: SourceRecord,
  objectId: number,
  rowNo: number,
): number {
  const { key, keyed, middle, identifier, rest } = contentOf(record);
  const review = record.kind === 'account' ? '核定' : record.review;
  const reviewing = record.kind === 'staff' ? copyText(record.reviewing) : NULL;
  const plain = identifier === null ? '' : (identifier.plain ?? identifier.digest);
  // Plain identifiers are ASCII by their shape, but nothing here relies on it.
  const plainBytes = Buffer.byteLength(plain);
  const sealedHex = 2 * (SEALED_EXTRA_BYTES + plainBytes);
  const decides =
    record.kind === 'institution'
      ? `\t${review}\t${reviewing}`
      : `\t${review}\t${reviewing}\t${identifier?.kind ?? NULL}\t`;
  const origin = `\t${record.registeredBy}\t${objectId}\t${rowNo}\n`;
  const units = source.length + key.length + middle.length + rest.length + decides.length + origin.length + 64;
  const need = units * UTF8_BYTES_PER_UNIT + KEY_HEX + PSEUDONYM_HEX + sealedHex + HASH_HEX;
  if (!block.hasRoom(need)) return need;

  block.text(`${source}\t`);
  block.mark(MARK.saidStart);
  block.text(key);
  if (keyed) block.blank(MARK.key, KEY_HEX);
  if (record.kind === 'institution') block.text(rest);
  else if (identifier === null) block.text(`${middle}${NULL}${rest}`);
  else {
    block.text(`${middle}${HEX}`);
    block.blank(MARK.pseudonym, PSEUDONYM_HEX, identifier.digest);
    block.text(rest);
  }
  if (record.registeredBy === 'source') {
    block.text(`\t${record.registeredAt}`);
    block.mark(MARK.saidEnd);
  } else {
    block.mark(MARK.saidEnd);
    block.text(`\t${record.registeredAt}`);
  }
  if (record.kind === 'institution') block.text(`${decides}\t${HEX}`);
  else if (identifier === null) block.text(`${decides}${NULL}\t${HEX}`);
  else {
    block.text(`${decides}${HEX}`);
    block.mark(MARK.plainBytes, plainBytes);
    block.plainBlank(MARK.sealed, sealedHex, plain);
    block.text(`\t${HEX}`);
  }
  block.blank(MARK.hash, HASH_HEX);
  block.text(origin);
  block.endRow();
  return 0;
}
