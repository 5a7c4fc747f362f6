/**
 * A normalised record becomes one line of COPY. Here the plain identifier ends: from this line on there is only its pseudonym (HMAC)
 * and its sealed value. The row's hash covers what the source said, not where or when we read it.
 */
import { hash } from 'node:crypto';
import type { AccountRecord, Identifier, InstitutionRecord, SourceRecord, StaffRecord } from '../../schemas/records.ts';
import { copyBytes, copyText, copyTextArray } from '../../warehouse/copy.ts';
import type { Keyring } from '../../warehouse/keyring.ts';

const NULL = '\\N';
const PLAIN_DIGEST = /[0-9a-f]{64}$/;
/** 160 bits of the pseudonym name a record: no two people of a country meet. */
const KEY_HEX = 40;

interface SealedIdentifier {
  hex: string;
  field: string;
  kind: string;
  sealed: string;
}
const NONE: SealedIdentifier = { hex: '', field: NULL, kind: NULL, sealed: NULL };

/** Place that a sealed identifier is bound to. */
export const identifierPlace = (hmacHex: string): string => `landing.identifier.sealed:${hmacHex}`;

function sealIdentifier(keyring: Keyring, identifier: Identifier | null): SealedIdentifier {
  if (identifier === null) return NONE;
  const hex = keyring.pseudonym(identifier.digest).toString('hex');
  const plain = Buffer.from(identifier.plain ?? identifier.digest, 'utf8');
  return {
    hex,
    field: `\\\\x${hex}`,
    kind: identifier.kind,
    sealed: copyBytes(keyring.seal(identifierPlace(hex), plain)),
  };
}

/** Keys made of an unkeyed digest could be enumerated: the pseudonym takes the digest's place. */
export function sealKey(keyring: Keyring, key: string): string {
  const digest = PLAIN_DIGEST.exec(key)?.[0];
  if (digest === undefined) return key;
  return key.slice(0, -digest.length) + keyring.pseudonym(digest).toString('hex').slice(0, KEY_HEX);
}

const flag = (value: boolean): string => (value ? 't' : 'f');

function institutionContent(r: InstitutionRecord): string {
  return [
    copyText(r.key),
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
  ].join('\t');
}

function staffContent(r: StaffRecord, key: string, id: SealedIdentifier): string {
  return [
    copyText(key),
    copyText(r.institutionCode),
    r.institutionSection ?? NULL,
    id.field,
    flag(r.identifier?.strong ?? false),
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
    copyText(r.email),
    copyText(r.phone),
    copyText(r.certificateNo),
  ].join('\t');
}

function accountContent(r: AccountRecord, id: SealedIdentifier): string {
  return [
    copyText(r.key),
    copyText(r.institutionCode),
    r.institutionSection ?? NULL,
    copyText(r.accountName),
    copyText(r.accountKind),
    id.field,
    copyText(r.holderName),
    r.state,
    r.enabledOn ?? NULL,
    r.lastLoginAt ?? NULL,
  ].join('\t');
}

/** Encodes records for the staging table of their kind, in the order of `stageColumns`. */
export function makeSealer(keyring: Keyring): (record: SourceRecord, objectId: number, row: number) => string {
  return (record, objectId, row) => {
    let content: string;
    let decides: string;
    if (record.kind === 'staff') {
      const id = sealIdentifier(keyring, record.identifier);
      const key =
        id.hex !== '' && record.key.endsWith(record.identifier?.digest ?? '')
          ? record.key.slice(0, -64) + id.hex.slice(0, KEY_HEX)
          : record.key;
      content = staffContent(record, key, id);
      decides = `${record.review}\t${copyText(record.reviewing)}\t${id.kind}\t${id.sealed}`;
    } else if (record.kind === 'account') {
      const id = sealIdentifier(keyring, record.identifier);
      content = accountContent(record, id);
      decides = `核定\t${NULL}\t${id.kind}\t${id.sealed}`;
    } else {
      content = institutionContent(record);
      decides = `${record.review}\t${NULL}`;
    }
    const said = record.registeredBy === 'source' ? `${content}\t${record.registeredAt}` : content;
    const contentHash = hash('sha256', said, 'hex').slice(0, 32);
    return `${content}\t${decides}\t\\\\x${contentHash}\t${record.registeredAt}\t${record.registeredBy}\t${objectId}\t${row}\n`;
  };
}
