/**
 * What each kind of source is agreed to hand over, as one schema each, published as JSON Schema. Feeds are described as they come. Files come under
 * many titles and spellings: their rows are described by our names of the columns, with the values that spellings stand for.
 */
import { z } from 'zod';
import { careInstitution, careStaff } from './care-system.ts';
import { cloudStaff, cloudUnit, semesterData } from './cloudschool.ts';
import { ACCOUNT_COLUMNS, COURSE_COLUMNS, type Column, INSTITUTION_COLUMNS, STAFF_COLUMNS } from './columns.ts';
import type { SourceConfig } from './config.ts';
import { mapItem } from './kindergarten-map.ts';
import { oneRosterDemographics, oneRosterOrg, oneRosterUser } from './oneroster.ts';
import { ONEROSTER_VERSIONS, oneRosterBundle } from './oneroster-tables.ts';
import { END_REASONS, LEGAL_CLASSES, OWNERSHIPS, REVIEW_STATES, type RecordKind, SECTIONS } from './records.ts';

const COLUMNS: Readonly<Record<RecordKind, readonly Column[]>> = {
  institution: INSTITUTION_COLUMNS,
  staff: STAFF_COLUMNS,
  account: ACCOUNT_COLUMNS,
  course: COURSE_COLUMNS,
};

/** Columns without which nothing can be made of a row of a file. The school's code is not here: folder or file name may give it. */
export const REQUIRED_COLUMNS: Readonly<Record<RecordKind, readonly Column[]>> = {
  staff: ['name'],
  account: ['accountName', 'accountKind', 'state'],
  course: ['courseCode', 'accountName', 'state'],
  institution: ['code', 'name'],
};

/** Values of columns that have few; any spelling that the normaliser knows stands for one of them. */
export const CONTRACT_VALUES: Readonly<Record<RecordKind, Partial<Record<Column, readonly string[]>>>> = {
  institution: {
    section: SECTIONS,
    ownership: OWNERSHIPS,
    legalClass: LEGAL_CLASSES,
    quasiPublic: ['是', '否'],
    status: ['營業中', '停辦'],
    review: REVIEW_STATES,
  },
  staff: {
    section: SECTIONS,
    sex: ['男', '女'],
    primary: ['是', '否'],
    change: ['在職', '新進', ...END_REASONS, '留職停薪', '復職'],
    endReason: END_REASONS,
    serviceState: ['在職', ...END_REASONS],
    review: REVIEW_STATES,
  },
  account: { section: SECTIONS, state: ['申請中', '啟用', '停用', '刪除'] },
  // The states of courses are configured; the normaliser warns of another one.
  course: { section: SECTIONS },
};

function rowOf(kind: RecordKind): z.ZodType {
  const shape = Object.fromEntries(
    COLUMNS[kind]
      .filter((column) => column !== 'correction')
      .map((column) => {
        const values = CONTRACT_VALUES[kind][column];
        const text = values
          ? z.string().meta({ description: `a spelling of one of ${values.join(', ')}`, examples: [...values] })
          : z.string();
        return [column, REQUIRED_COLUMNS[kind].includes(column) ? text : text.optional()];
      }),
  );
  return z.array(z.looseObject(shape));
}

export const CONTRACTS: Readonly<Record<SourceConfig['type'], z.ZodType>> = {
  'institution-list': rowOf('institution'),
  'care-system': z.looseObject({ institutions: z.array(careInstitution), staff: z.array(careStaff) }),
  'kindergarten-map': z.array(mapItem),
  'roster-files': rowOf('staff'),
  'account-files': rowOf('account'),
  'course-files': rowOf('course'),
  cloudschool: semesterData.extend({ 單位資料: z.array(cloudUnit).nullish(), 學期教職員: z.array(cloudStaff) }),
  'oneroster-files': z.union(ONEROSTER_VERSIONS.map(oneRosterBundle)),
  'oneroster-api': z.looseObject({
    orgs: z.array(oneRosterOrg),
    users: z.array(oneRosterUser),
    demographics: z.array(oneRosterDemographics).optional(),
  }),
};
