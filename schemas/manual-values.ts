/**
 * What may be set by hand, as data: of each entity the fields, and whether "none" is a value. Not in the table, on purpose: the unit of anybody (a new
 * school registers them, R08; of a kindergarten's staff the care system alone says it, R11), identifiers (another identifier may be another person), what an
 * institution is (R11, R14), and how an account stands (R18, R20, R22).
 */
export const MANUAL_ENTITIES = ['person', 'institution', 'account'] as const;
export type ManualEntity = (typeof MANUAL_ENTITIES)[number];

export interface ManualField {
  /** As a clerk knows it; accepted in its place. */
  title: string;
  /** Column of a source row whose normaliser reads it (`schemas/columns.ts`). */
  column:
    | 'name'
    | 'sex'
    | 'birthDate'
    | 'email'
    | 'phone'
    | 'certificateNo'
    | 'title'
    | 'subjects'
    | 'holderName'
    | 'enabledOn'
    | 'address'
    | 'principal'
    | 'district'
    | 'parentSchoolCode';
  /** An empty value says that there is none. */
  mayBeNone: boolean;
  /** It belongs to a person at one unit. */
  atUnit?: true;
}

export const MANUAL_FIELDS: Readonly<Record<ManualEntity, Readonly<Record<string, ManualField>>>> = {
  person: {
    name: { title: '姓名', column: 'name', mayBeNone: false },
    sex: { title: '性別', column: 'sex', mayBeNone: true },
    birth_date: { title: '生日', column: 'birthDate', mayBeNone: true },
    email: { title: '電子郵件', column: 'email', mayBeNone: true },
    phone: { title: '電話', column: 'phone', mayBeNone: true },
    certificate_no: { title: '教師證號', column: 'certificateNo', mayBeNone: true },
    title: { title: '職稱', column: 'title', mayBeNone: false, atUnit: true },
    subjects: { title: '任教科目', column: 'subjects', mayBeNone: true, atUnit: true },
  },
  institution: {
    name: { title: '名稱', column: 'name', mayBeNone: false },
    district: { title: '行政區', column: 'district', mayBeNone: true },
    address: { title: '地址', column: 'address', mayBeNone: true },
    phone: { title: '電話', column: 'phone', mayBeNone: true },
    principal: { title: '負責人', column: 'principal', mayBeNone: true },
    parent_school_code: { title: '所屬學校', column: 'parentSchoolCode', mayBeNone: true },
  },
  account: {
    holder_name: { title: '持有人', column: 'holderName', mayBeNone: true },
    enabled_on: { title: '啟用日', column: 'enabledOn', mayBeNone: true },
  },
};

/** The name of a field by itself or by its title; null where it is none that may be set. */
export const manualFieldOf = (entity: ManualEntity, asked: string): string | null =>
  Object.entries(MANUAL_FIELDS[entity]).find(([field, { title }]) => asked === field || asked === title)?.[0] ?? null;
