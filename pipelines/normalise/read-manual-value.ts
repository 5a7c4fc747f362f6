/** A value that somebody types, read as a cell of a source is; but what a source's cell would only be doubted for is refused here: whoever typed it is there to be asked. Pure. */
import type { ManualEntity, ManualField } from '../../schemas/manual-values.ts';
import { MANUAL_FIELDS } from '../../schemas/manual-values.ts';
import type { Issue } from '../../schemas/records.ts';
import { cleanCell, cleanWords, saysNothing } from './clean-text.ts';
import { readCoded, SEX } from './coded-values.ts';
import { readParent } from './institution.ts';
import { isDamagedName } from './institution-name.ts';
import { nameKey, readPersonName } from './person-name.ts';
import { readEmail, readPhone } from './read-contact.ts';
import { makeDayReader, readDay } from './read-day.ts';
import { readDistrict } from './read-district.ts';
import { parseSubjects } from './read-subjects.ts';
import { parseTitle } from './read-title.ts';
import { RowIssues } from './row-issues.ts';
import { textOrNull } from './staff.ts';

export interface ManualContext {
  /** The unit is a kindergarten: its titles are others. */
  kindergarten: boolean;
  /** ISO moment: what days are plausible. */
  at: string;
}

type Columns = Record<string, unknown>;
type Reader = (raw: string, issues: RowIssues, context: ManualContext, entity: ManualEntity) => Columns;

const day = (raw: string, column: string, issues: RowIssues, { at }: ManualContext): string | null =>
  readDay(raw, column, makeDayReader(at), issues);

function readName(raw: string, issues: RowIssues, entity: ManualEntity): Columns {
  if (entity === 'person') {
    const name = readPersonName(raw, 'name', issues, 'reject');
    return { name, name_key: nameKey(name) };
  }
  const name = cleanCell(raw, 'name', issues);
  if (isDamagedName(name)) issues.warn('institution-name-damaged', 'name', name);
  return { name };
}

function readTitle(raw: string, issues: RowIssues, kindergarten: boolean): Columns {
  const title = cleanWords(raw, 'title', issues);
  const { code, known } = parseTitle(title, kindergarten);
  if (!known && !saysNothing(title)) issues.warn('title-unknown', 'title', title);
  return { title: saysNothing(title) ? null : title, titleCode: code };
}

const READERS: Readonly<Record<ManualField['column'], Reader>> = {
  name: (raw, issues, _, entity) => readName(raw, issues, entity),
  sex: (raw, issues) => {
    const sex = readCoded(raw, 'sex', SEX, issues);
    if (sex === null) issues.warn('sex-unreadable', 'sex', raw);
    return { sex: sex ?? null };
  },
  birthDate: (raw, issues, context) => ({ birth_date: day(raw, 'birthDate', issues, context) }),
  email: (raw, issues) => ({ email: readEmail(raw, issues) }),
  phone: (raw, issues) => ({ phone: readPhone(raw, issues) }),
  certificateNo: (raw, issues) => ({ certificate_no: textOrNull(raw, 'certificateNo', issues) }),
  title: (raw, issues, { kindergarten }) => readTitle(raw, issues, kindergarten),
  subjects: (raw, issues) => ({ subjects: [...parseSubjects(cleanWords(raw, 'subjects', issues))] }),
  holderName: (raw, issues) => ({ holder_name: readPersonName(raw, 'holderName', issues) || null }),
  enabledOn: (raw, issues, context) => ({ enabled_on: day(raw, 'enabledOn', issues, context) }),
  address: (raw, issues) => ({ address: textOrNull(raw, 'address', issues) }),
  principal: (raw, issues) => ({ principal: readPersonName(raw, 'principal', issues) || null }),
  district: (raw, issues) => ({ district: readDistrict(raw, null, issues) }),
  parentSchoolCode: (raw, issues) => ({ parent_school_code: readParent(raw, issues) }),
};

/** A number of a phone that Excel took a zero from is no doubt about what was typed. */
const REPAIRED: ReadonlySet<string> = new Set(['text-hidden-removed', 'phone-zero-restored', 'code-zero-restored']);

const saysNone = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

export type ManualReading = { columns: Columns } | { refused: Issue } | { none: true };

/** @param field one of `MANUAL_FIELDS[entity]`. @returns its columns, why it cannot be read, or that there has to be one */
export function readManualValue(
  entity: ManualEntity,
  field: string,
  raw: string,
  context: ManualContext,
): ManualReading {
  const spec = MANUAL_FIELDS[entity][field];
  if (spec === undefined) throw new Error(`${entity} has no field ${field} that may be set by hand`);
  const issues = new RowIssues(entity === 'person' ? 'staff' : entity);
  const columns = READERS[spec.column](raw, issues, context, entity);
  const refused = [...issues.errors, ...issues.warnings].find(({ code }) => !REPAIRED.has(code));
  if (refused) return { refused };
  if (!spec.mayBeNone && saysNone(Object.values(columns)[0])) return { none: true };
  return { columns };
}
