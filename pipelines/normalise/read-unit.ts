import type { RawRow } from '../../schemas/columns.ts';
import type { Section } from '../../schemas/records.ts';
import { cleanText, saysNothing } from './clean-text.ts';
import type { NormaliseContext } from './context.ts';
import { readInstitutionCode } from './institution-code.ts';
import { readSection } from './read-section.ts';
import type { RowIssues } from './row-issues.ts';

/** The unit that a row of people speaks of. `code` is '' when it cannot be told: the row is rejected and has no key. */
export interface Unit {
  code: string;
  section: Section | null;
}

/**
 * A school's file speaks for that school alone, of people as of accounts (R17): another code rejects the row, a missing one is the file's. The key of a
 * rejected row is made with the file's own school, whose last good version it keeps in force (I12).
 */
export function readUnit(values: RawRow['values'], context: NormaliseContext, issues: RowIssues): Unit {
  const section = readSection(values.section, issues);
  const { partCode } = context;
  const raw = values.institutionCode;
  if (partCode === null)
    return { code: readInstitutionCode(raw, 'institutionCode', context.path, issues) ?? '', section };
  if (raw !== undefined && raw !== partCode && !saysNothing(cleanText(raw))) {
    const found = readInstitutionCode(raw, 'institutionCode', context.path, issues);
    if (found !== null && found !== partCode) {
      const shown = issues.show('institutionCode', found);
      issues.reject('row-of-another-school', 'institutionCode', found, { expected: partCode, found: shown });
    }
  }
  return { code: partCode, section };
}
