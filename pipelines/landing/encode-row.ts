/**
 * A normalised record becomes one line of COPY, in the order of `stageColumns`, with blanks for what needs a key or a hash (`fillBlanks`). One
 * string and one write per row: a dozen small writes into the block cost more than all its characters.
 */
import type {
  AccountRecord,
  CourseRecord,
  Identifier,
  InstitutionRecord,
  SourceRecord,
  StaffRecord,
} from '../../schemas/records.ts';
import { copyText, copyTextArray } from '../../warehouse/copy.ts';
import { SEALED_EXTRA_BYTES } from '../../warehouse/keyring.ts';
import { BLANK, HASH_HEX, KEY_HEX, PSEUDONYM_HEX } from './fill-blanks.ts';

const NULL = '\\N';
const HEX = '\\\\x';
const KEY_END = BLANK.repeat(KEY_HEX);
const SEALED_EXTRA = BLANK.repeat(2 * SEALED_EXTRA_BYTES);
const HASH = HEX + BLANK.repeat(HASH_HEX);

/** Whether the key ends with the digest of the row's own identifier, as of people told by it: then `fillBlanks` seals it with the identifier. */
export const isKeyedByIdentifier = (record: SourceRecord): boolean =>
  record.kind === 'staff' && record.identifier !== null && record.key.endsWith(record.identifier.digest);

const flag = (value: boolean): string => (value ? 't' : 'f');

/** Where a key ends with the identifier's digest, its pseudonym will stand. */
const staffKeyField = (r: StaffRecord): string =>
  isKeyedByIdentifier(r) ? copyText(r.key.slice(0, -PSEUDONYM_HEX)) + KEY_END : copyText(r.key);

/** The digest, where its pseudonym will stand. */
const pseudonymField = (identifier: Identifier | null): string =>
  identifier === null ? NULL : HEX + identifier.digest;

/**
 * The plain value and room for its sealed form in hexadecimal. It stands there twice: that takes two bytes for each of its own. Identifiers are letters
 * and digits by their shape; a tab in one would leave a blank unfilled, which the database refuses.
 */
function sealedField(identifier: Identifier | null): string {
  if (identifier === null) return NULL;
  const plain = identifier.plain ?? identifier.digest;
  return HEX + plain + SEALED_EXTRA + plain;
}

const institutionFields = (r: InstitutionRecord): string[] => [
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
  r.registeredAt,
  r.review,
  NULL,
];

const staffFields = (r: StaffRecord): string[] => [
  staffKeyField(r),
  copyText(r.institutionCode),
  r.institutionSection ?? NULL,
  pseudonymField(r.identifier),
  flag(r.identifier?.strong ?? false),
  copyText(r.name),
  copyText(r.nameKey),
  r.sex ?? NULL,
  r.birthDate ?? NULL,
  copyText(r.title),
  r.titleCode === null ? NULL : String(r.titleCode),
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
  r.registeredAt,
  r.review,
  copyText(r.reviewing),
  r.identifier?.kind ?? NULL,
  sealedField(r.identifier),
];

const accountFields = (r: AccountRecord): string[] => [
  copyText(r.key),
  copyText(r.institutionCode),
  r.institutionSection ?? NULL,
  copyText(r.accountName),
  copyText(r.accountKind),
  pseudonymField(r.identifier),
  copyText(r.holderName),
  r.state,
  r.enabledOn ?? NULL,
  r.lastLoginAt ?? NULL,
  copyText(r.appliedBy),
  copyText(r.enabledBy),
  r.registeredAt,
  '核定',
  NULL,
  r.identifier?.kind ?? NULL,
  sealedField(r.identifier),
];

const courseFields = (r: CourseRecord): string[] => [
  copyText(r.key),
  copyText(r.institutionCode),
  r.institutionSection ?? NULL,
  copyText(r.courseCode),
  copyText(r.courseName),
  copyText(r.accountKey),
  copyText(r.accountName),
  copyText(r.state),
  r.endsOn ?? NULL,
  r.registeredAt,
  '核定',
  NULL,
];

function fieldsOf(record: SourceRecord): string[] {
  switch (record.kind) {
    case 'staff':
      return staffFields(record);
    case 'account':
      return accountFields(record);
    case 'course':
      return courseFields(record);
    case 'institution':
      return institutionFields(record);
  }
}

/** @param source as it stands in the table; @param objectId of the raw object */
export const encodeRow = (source: string, record: SourceRecord, objectId: number, rowNo: number): string =>
  `${source}\t${fieldsOf(record).join('\t')}\t${HASH}\t${record.registeredBy}\t${objectId}\t${rowNo}\n`;
