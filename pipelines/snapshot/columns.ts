/** The columns of each snapshot file: what the consumer needs and no more (R30). The header is Traditional Chinese; programs find an English name beside it. */
import type { Campaign, PlanKind } from '../../schemas/campaign.ts';
import type { SchoolRow } from '../../warehouse/views/snapshot-rows.ts';
import { type Fields, leadsOf, type PeopleOf, teachersOf } from './oneroster/people.ts';

export interface Column<Row> {
  /** Header of the column. */
  name: string;
  english: string;
  type: 'string' | 'integer';
  description: string;
  required?: boolean;
  categories?: readonly { value: number; label: string }[];
  value(row: Row): string | number | null;
  /** Of several values in one cell: the values, for files that have lists. */
  items?(row: Row): readonly string[];
}

/** 職別 as used by a real school system. */
const TITLE_KINDS =
  '校長,教師兼主任,主任,教師兼組長,組長,導師,專任教師,實習教師,試用教師,代理/代課教師,兼任教師,職員,護士,警衛,工友'
    .split(',')
    .map((label, i) => ({ value: i + 1, label }));

/** Several values in one cell. */
const LIST_SEPARATOR = ';';

const institutionColumns = <Row extends { code: string; section: string; moe_code: string | null }>(
  nameOf: (row: Row) => string,
): Column<Row>[] => [
  {
    name: '學校代碼',
    english: 'institution_code',
    type: 'string',
    required: true,
    description: 'Code of the school; of a kindergarten the sid of the care system. Text: keep leading zeros.',
    value: (row) => row.code,
  },
  {
    name: '教育部代碼',
    english: 'moe_kindergarten_code',
    type: 'string',
    description: 'Code in the MOE list of kindergartens, where it is known; empty for schools.',
    value: (row) => row.moe_code,
  },
  {
    name: '學制',
    english: 'section',
    type: 'string',
    required: true,
    description: 'One code may cover several sections: the key is code and section.',
    value: (row) => row.section,
  },
  {
    name: '機構名稱',
    english: 'institution_name',
    type: 'string',
    required: true,
    description: 'As the source writes it.',
    value: nameOf,
  },
];

/** A teacher at the primary unit. */
export interface DigestedTeacher {
  /** Our number of the person: kept beside the files, and in none of them. */
  entity: number;
  /** '' where no reliable identifier is known. */
  digest: string;
  name: string;
  code: string;
  section: string;
  moe_code: string | null;
  institution: string;
  title: string | null;
  title_code: number | null;
  subjects: readonly string[];
}

export const TEACHER_COLUMNS: readonly Column<DigestedTeacher>[] = [
  {
    name: '身分證編碼',
    english: 'id_digest',
    type: 'string',
    description: 'Lower-case hex SHA-256 of the upper-case identifier; empty where no reliable identifier is known.',
    value: (row) => row.digest,
  },
  {
    name: '姓名',
    english: 'name',
    type: 'string',
    required: true,
    description: 'Legal name exactly as given.',
    value: (row) => row.name,
  },
  ...institutionColumns<DigestedTeacher>((row) => row.institution),
  {
    name: '職稱',
    english: 'title',
    type: 'string',
    description: 'As the institution writes it.',
    value: (row) => row.title,
  },
  {
    name: '職別',
    english: 'title_kind',
    type: 'integer',
    description: 'Kind of post; empty in kindergartens.',
    categories: TITLE_KINDS,
    value: (row) => row.title_code,
  },
  {
    name: '任教科目',
    english: 'subjects',
    type: 'string',
    description: 'Subjects taught, separated by a semicolon.',
    value: (row) => row.subjects.join(LIST_SEPARATOR),
    items: (row) => row.subjects,
  },
];

export const SCHOOL_COLUMNS: readonly Column<SchoolRow>[] = [
  ...institutionColumns<SchoolRow>((row) => row.name),
  {
    name: '公私立',
    english: 'ownership',
    type: 'string',
    required: true,
    description: '公立, 私立, 非營利 or 國立.',
    value: (row) => row.ownership,
  },
  {
    name: '行政區',
    english: 'district',
    type: 'string',
    description: 'District of the city.',
    value: (row) => row.district,
  },
  {
    name: '教師人數',
    english: 'teachers',
    type: 'integer',
    required: true,
    description: 'People whose primary unit it is: its rows in the teacher plan.',
    value: (row) => row.teachers,
  },
  {
    name: '總負責人帳號',
    english: 'lead_accounts',
    type: 'string',
    description:
      'Active accounts of the 總負責人, separated by a semicolon; without those whose holder has left the school, and empty where none is left (R16).',
    value: (row) => row.accounts.join(LIST_SEPARATOR),
    items: (row) => row.accounts,
  },
  {
    name: '總負責人姓名',
    english: 'lead_names',
    type: 'string',
    description: 'Their holders, in the order of the accounts.',
    value: (row) => row.holders.join(LIST_SEPARATOR),
    items: (row) => row.holders,
  },
];

export interface PlanSpec<Row> {
  /** Files are named after it. */
  name: PlanKind;
  title: string;
  columns: readonly Column<Row>[];
  /** Names of columns. */
  primaryKey: readonly string[] | null;
  /** Whom a OneRoster bundle names. */
  peopleOf(fields: Fields): PeopleOf<Row>;
}

export const SCHOOL_PLAN: PlanSpec<SchoolRow> = {
  name: 'school-plan',
  title: '學校本位進修規劃：機構',
  columns: SCHOOL_COLUMNS,
  primaryKey: ['學校代碼', '學制'],
  peopleOf: leadsOf,
};

export const TEACHER_PLAN: PlanSpec<DigestedTeacher> = {
  name: 'teacher-plan',
  title: '教師自我進修規劃：教師',
  columns: TEACHER_COLUMNS,
  primaryKey: null,
  peopleOf: teachersOf,
};

/** A plan with those of its columns that its consumers get, in their order (R30): all consumers name the same ones (`schemas/campaign-checks.ts`). */
export function handedOut<Row>(spec: PlanSpec<Row>, campaign: Campaign): PlanSpec<Row> {
  const wanted = new Set<string>(campaign.plans[spec.name].consumers.flatMap((consumer) => consumer.columns));
  return { ...spec, columns: spec.columns.filter(({ name }) => wanted.has(name)) };
}
