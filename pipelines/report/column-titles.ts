/** What the columns of the warehouse are called by those who read a report. */
export const COLUMN_TITLES: Readonly<Record<string, string>> = {
  name: '姓名',
  sex: '性別',
  birth_date: '生日',
  email: '電子郵件',
  phone: '電話',
  certificate_no: '教師證號',
  section: '學制',
  ownership: '公私立別',
  legal_class: '法定類別',
  quasi_public: '準公共',
  district: '行政區',
  address: '地址',
  principal: '負責人',
  parent_school_code: '所屬學校',
  status: '營運狀態',
  account_kind: '帳號類別',
  holder_name: '持有人',
  state: '狀態',
  enabled_on: '啟用日',
  last_login_at: '最後登入',
  applied_by: '申請人',
  enabled_by: '開通人',
};

/** Canonical columns of a source row (schemas/columns.ts), as a school's clerk knows them. */
const SOURCE_COLUMNS: Readonly<Record<string, string>> = {
  code: '代碼',
  institutionCode: '學校代碼',
  section: '學制',
  name: '姓名',
  sex: '性別',
  birthDate: '生日',
  nationalId: '身分證字號',
  idDigest: '身分證編碼',
  staffId: '人員編號',
  title: '職稱',
  titleKind: '職別',
  subjects: '任教科目',
  primary: '主聘',
  change: '異動別',
  changeDate: '異動日期',
  startOn: '到職日',
  endOn: '離職日',
  endReason: '離職原因',
  serviceState: '在職狀況',
  registeredAt: '登錄時間',
  email: '電子郵件',
  phone: '電話',
  certificateNo: '教師證號',
  review: '審核狀態',
  reviewing: '待審事項',
  accountName: '帳號',
  accountKind: '帳號類別',
  holderName: '持有人',
  state: '狀態',
  enabledOn: '啟用日',
  lastLoginAt: '最後登入',
  appliedBy: '申請人',
  enabledBy: '開通人',
  courseCode: '課程代碼',
  courseName: '課程名稱',
  endsOn: '結束日期',
  ownership: '公私立別',
  legalClass: '法定類別',
  quasiPublic: '準公共',
  district: '行政區',
  address: '地址',
  principal: '負責人',
  parentSchoolCode: '所屬學校代碼',
  status: '營運狀態',
  county: '縣市',
  correction: '更正說明',
};
export const columnTitle = (column: string): string => SOURCE_COLUMNS[column] ?? column;

/** Titles of what differs between two sets of values, in the order given; values that only serve matching (name_key) are left out. */
export function differingTitles(
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
): string[] {
  return Object.keys(COLUMN_TITLES)
    .filter((c) => JSON.stringify(before?.[c] ?? null) !== JSON.stringify(after?.[c] ?? null))
    .map((c) => COLUMN_TITLES[c] as string);
}

/** A title as it is said of an entity: an institution has a 名稱, people have a 姓名. */
export const titleFor = (entity: string, title: string): string =>
  entity === 'institution' && title === COLUMN_TITLES.name ? '名稱' : title;
