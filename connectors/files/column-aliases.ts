/**
 * The one table of titles under which a column may come: what schools write, what their systems export, English. The first of a list
 * is the canonical title (contracts/files.md); where a file has several titles of one column, the earlier in the list wins.
 * Titles are compared after `titleKey`: width, case, spaces, line ends, punctuation and a remark in brackets do not matter.
 */
import type { AccountColumn, Column, InstitutionColumn, StaffColumn } from '../../schemas/columns.ts';
import type { RecordKind } from '../../schemas/records.ts';

const SCHOOL_CODE = [
  '學校代碼',
  '學校代號',
  '機關代碼',
  '單位代碼',
  '校代碼',
  '教育部學校代碼',
  '機構代碼',
  '代碼',
  'school code',
  'institution code',
  'org code',
  'inst',
] as const;
const SECTION = ['學制', '教育階段', '學校類別', '部別', 'section', 'level'] as const;
const NATIONAL_ID = [
  '身分證字號',
  '身份證字號',
  '身分證號碼',
  '身份證號碼',
  '身分證號',
  '身份證號',
  '身分證統一編號',
  '身份證統一編號',
  '國民身分證統一編號',
  '統一證號',
  '身分證統一編號或居留證號',
  '身分證',
  '身份證',
  '證件號碼',
  '居留證號碼',
  'id number',
  'national id',
  'identifier',
  'nid',
  'pid',
] as const;
const ID_DIGEST = [
  '身分證編碼',
  '身份證編碼',
  '身分證雜湊',
  '教育體系編碼',
  'edu key',
  'id digest',
  'id hash',
] as const;
const NAME = [
  '姓名',
  '教師姓名',
  '教職員姓名',
  '人員姓名',
  '中文姓名',
  '名字',
  'name',
  'full name',
  'teacher name',
] as const;
const REGISTERED_AT = [
  '登錄時間',
  '登錄日期時間',
  '登錄日期',
  '建檔時間',
  '資料登錄時間',
  '更新時間',
  '最後更新時間',
  'registered at',
  'updated at',
  'date last modified',
] as const;

/** What a correction file says beside each row (schemas/correction.ts): of its text only the number of the row is read. */
const CORRECTION = ['更正說明', '說明', 'correction'] as const;

const STAFF: Partial<Record<StaffColumn, readonly string[]>> = {
  institutionCode: SCHOOL_CODE,
  section: SECTION,
  nationalId: NATIONAL_ID,
  idDigest: ID_DIGEST,
  name: NAME,
  sex: ['性別', '姓別', 'sex', 'gender'],
  birthDate: [
    '出生日期',
    '生日',
    '出生年月日',
    '出生年月',
    '民國出生日期',
    '出生',
    'birth date',
    'birthday',
    'date of birth',
    'dob',
    'birth raw',
    'birth',
  ],
  title: ['職稱', '職務', '職務名稱', '單位職稱', '現職', '職稱名稱', '現職職稱', 'title', 'job title', 'position'],
  titleKind: ['職別', '職務別', '職別代碼', '職務類別', '教師類別', '聘任類別', 'title kind', 'staff type'],
  subjects: [
    '任教科目',
    '實際任教科目',
    '任教領域',
    '任教科目領域',
    '任教領域科目',
    '科目',
    '專長科目',
    '教學科目',
    'subjects',
    'subject',
  ],
  primary: ['主聘', '是否主聘', '主聘學校', '主要服務單位', 'primary'],
  change: ['異動別', '異動類別', '異動原因', '異動', '異動情形', 'change', 'change type'],
  changeDate: ['異動日期', '異動生效日期', '生效日期', '異動生效日', 'change date', 'effective date'],
  startOn: ['到職日期', '到職日', '到校日期', '到校日', '起聘日期', '起聘日', '聘期起日', 'start date', 'hired on'],
  endOn: ['離職日期', '離職日', '離校日期', '離校日', '迄聘日期', '聘期迄日', 'end date', 'left on'],
  endReason: ['離職原因', '離校原因', 'end reason', 'leave reason'],
  registeredAt: REGISTERED_AT,
  email: ['電子郵件', '電子郵件信箱', '電子信箱', '公務信箱', '信箱', 'e-mail', 'email', 'mail'],
  phone: [
    '聯絡電話',
    '電話',
    '連絡電話',
    '手機',
    '手機號碼',
    '行動電話',
    '公務電話',
    '家中電話',
    'phone',
    'telephone',
    'mobile',
  ],
  certificateNo: [
    '教師證字號',
    '教師證號',
    '教師證號碼',
    '教師證書字號',
    '合格教師證字號',
    '教師證',
    'certificate no',
    'teacher certificate',
  ],
  correction: CORRECTION,
};

const ACCOUNT: Partial<Record<AccountColumn, readonly string[]>> = {
  institutionCode: SCHOOL_CODE,
  section: SECTION,
  accountName: [
    '帳號',
    '業務帳號',
    '登入帳號',
    '帳號名稱',
    '使用者帳號',
    'account',
    'account name',
    'username',
    'login',
  ],
  accountKind: [
    '帳號類別',
    '帳號種類',
    '帳號類型',
    '業務別',
    '權限類別',
    '角色',
    'account kind',
    'account type',
    'role',
  ],
  nationalId: NATIONAL_ID,
  idDigest: ID_DIGEST,
  holderName: [
    '姓名',
    '使用人',
    '持有人',
    '帳號持有人',
    '承辦人',
    '承辦人姓名',
    '使用者姓名',
    '中文姓名',
    'holder name',
    'holder',
    'name',
    'full name',
  ],
  state: ['狀態', '帳號狀態', '使用狀態', 'state', 'status'],
  enabledOn: ['啟用日期', '啟用日', '啓用日期', '開通日期', 'enabled on', 'enabled date'],
  lastLoginAt: ['最後登入', '最後登入時間', '最近登入', '最近登入時間', '最後登入日期', 'last login', 'last login at'],
  registeredAt: REGISTERED_AT,
  correction: CORRECTION,
};

const INSTITUTION: Partial<Record<InstitutionColumn, readonly string[]>> = {
  code: ['學校代碼', '代碼', 'code', 'school code'],
  section: SECTION,
  name: ['學校名稱', '校名', '機構名稱', '名稱', 'name', 'school name'],
  ownership: ['公/私立', '公私立', '公私立別', '設立別', 'ownership'],
  legalClass: ['法定類別', 'legal class'],
  district: ['鄉鎮市區名稱', '鄉鎮市區', '行政區', 'district', 'town'],
  address: ['地址', '校址', 'address'],
  phone: ['電話', '聯絡電話', 'phone', 'telephone'],
  principal: ['校長', '園長', '負責人', 'principal'],
  parentSchoolCode: ['所屬學校代碼', 'parent school code'],
  status: ['營業狀態', '狀態', 'status'],
};

export const COLUMN_ALIASES: Readonly<Record<RecordKind, Partial<Record<Column, readonly string[]>>>> = {
  staff: STAFF,
  account: ACCOUNT,
  institution: INSTITUTION,
};

/** Never read, stored or logged, under whatever kind of file they come. */
export const DROPPED_TITLES = [
  '登入密碼',
  '密碼',
  '使用者密碼',
  '預設密碼',
  '初始密碼',
  'password',
  'passwd',
  'pwd',
] as const;
