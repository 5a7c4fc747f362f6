import type { RawRow } from '../../schemas/columns.ts';
import type { InstitutionRecord, Ownership, Section } from '../../schemas/records.ts';
import { cleanCell, codeText, saysNothing } from './clean-text.ts';
import {
  codedText,
  INSTITUTION_STATUS,
  LEGAL_CLASS,
  OWNERSHIP,
  QUASI_PUBLIC_TEXTS,
  readCoded,
  YES_NO,
} from './coded-values.ts';
import type { NormaliseContext } from './context.ts';
import { isSchoolCode, readInstitutionCode } from './institution-code.ts';
import { isDamagedName, makeInstitutionNameKey } from './institution-name.ts';
import { readPersonName } from './person-name.ts';
import { readPhone } from './read-contact.ts';
import { readDistrict } from './read-district.ts';
import { readRegistration } from './read-registration.ts';
import { readSection } from './read-section.ts';
import { institutionKey } from './record-key.ts';
import type { RowIssues } from './row-issues.ts';
import { readReview, textOrNull } from './staff.ts';

const KINDERGARTEN_CODE = /^\d{3}[KXY]|^\d{10}|-\d{2}$/;
const MAP_STATUS = /^[(（](公立|私立|非營利|準公共)[)）]/;
const NAMED_OWNERSHIP: readonly (readonly [RegExp, Ownership])[] = [
  [/非營利幼兒園/, '非營利'],
  [/^國立|附設國立/, '國立'],
  [/私立/, '私立'],
  [/[市縣區鄉鎮]立|(?:國民[中小]學|[國高]中|國小)附設幼兒園/, '公立'],
];

/** Reads one institution. The key is '' when none can be made; the record stands only if `issues` holds no error. */
export function makeInstitutionReader(
  context: NormaliseContext,
): (values: RawRow['values'], issues: RowIssues) => InstitutionRecord {
  const nameKey = makeInstitutionNameKey(context.city ?? '臺中市');
  return (values, issues) => {
    const code = readInstitutionCode(values.code, 'code', context.path, issues) ?? '';
    const name = cleanCell(values.name, 'name', issues);
    if (saysNothing(name)) issues.reject('institution-name-missing', 'name', null);
    const nameDamaged = isDamagedName(name);
    if (nameDamaged) issues.warn('institution-name-damaged', 'name', name);
    const section = readInstitutionSection(values.section, code, name, context, issues);
    const ownership = readOwnership(values.ownership, name, issues);
    const legalClass = readCoded(values.legalClass, 'legalClass', LEGAL_CLASS, issues);
    if (legalClass === null) issues.warn('legal-class-unknown', 'legalClass', values.legalClass ?? '');
    const status = readCoded(values.status, 'status', INSTITUTION_STATUS, issues);
    if (status === null) issues.reject('institution-status-unknown', 'status', values.status ?? '');
    const address = textOrNull(values.address, 'address', issues);
    const registration = readRegistration(values.registeredAt, context, issues);
    return {
      kind: 'institution',
      key: code === '' || section === null ? '' : institutionKey(code, section),
      code,
      section: section ?? '幼兒園',
      name,
      nameKey: nameKey(name),
      nameDamaged,
      ownership: ownership ?? '公立',
      legalClass: legalClass ?? null,
      quasiPublic: readQuasiPublic(values, name, issues),
      district: readDistrict(values.district, address, issues),
      address,
      phone: readPhone(values.phone, issues),
      principal: readPersonName(values.principal, 'principal', issues) || null,
      parentSchoolCode: readParent(values.parentSchoolCode, issues),
      status: status ?? '營業中',
      review: readReview(values.review, issues),
      ...registration,
    };
  };
}

/** The column; else what the care system and the kindergarten list imply. Nothing is derived from the kind digit of a school code: one code may cover two sections. */
function readInstitutionSection(
  raw: string | undefined,
  code: string,
  name: string,
  context: NormaliseContext,
  issues: RowIssues,
): Section | null {
  if (context.path === 'kindergarten') return '幼兒園';
  const given = readSection(raw, issues);
  if (given !== null) return given;
  if (code !== '' && (KINDERGARTEN_CODE.test(code) || name.includes('幼兒園'))) return '幼兒園';
  if (code !== '') issues.reject('section-missing', 'section', null);
  return null;
}

function readOwnership(raw: string | undefined, name: string, issues: RowIssues): Ownership | null {
  const given = readCoded(raw, 'ownership', OWNERSHIP, issues);
  if (given !== null && given !== undefined) return given;
  const status = MAP_STATUS.exec(name)?.[1];
  const told = status === undefined ? undefined : OWNERSHIP.get(status);
  if (told !== undefined) return told;
  const named = NAMED_OWNERSHIP.find(([pattern]) => pattern.test(name))?.[1];
  if (named) issues.warn('ownership-inferred', 'ownership', raw ?? null, { ownership: named });
  else issues.reject('ownership-unknown', 'ownership', raw ?? null);
  return named ?? null;
}

/** 準公共 as a column of its own, as an ownership, or before the name as the map has it. A value such as `113-115` (years) says yes, 無 says no. */
function readQuasiPublic(values: RawRow['values'], name: string, issues: RowIssues): boolean {
  const own = readCoded(values.quasiPublic, 'quasiPublic', YES_NO, issues);
  if (own === true || own === false) return own;
  if (own === null) {
    const text = codedText(values.quasiPublic ?? '');
    if (QUASI_PUBLIC_TEXTS.has(text) || /^\d{3}(?:-\d{3})?$/.test(text)) return true;
    issues.warn('quasi-public-unreadable', 'quasiPublic', text);
  }
  return QUASI_PUBLIC_TEXTS.has(codedText(values.ownership ?? '')) || MAP_STATUS.exec(name)?.[1] === '準公共';
}

export function readParent(raw: string | undefined, issues: RowIssues): string | null {
  const text = textOrNull(raw, 'parentSchoolCode', issues);
  if (text === null) return null;
  const code = codeText(text);
  if (isSchoolCode(code)) return code;
  if (isSchoolCode(`0${code}`)) {
    issues.warn('code-zero-restored', 'parentSchoolCode', text, { code: issues.show('parentSchoolCode', `0${code}`) });
    return `0${code}`;
  }
  issues.warn('parent-code-unreadable', 'parentSchoolCode', text);
  return null;
}
