/**
 * Every column title that the sample's files use, by canonical title. One table, so that the connector's
 * own alias table can be checked against it. A title stands for one canonical column only.
 */
export const ROSTER_ALIASES = {
  學校代碼: ['學校代碼', '代碼', '校代碼', '機構代碼', '單位代碼'],
  學制: ['學制', '教育階段', '部別'],
  身分證字號: ['身分證字號', '身份證號碼', '身分證統一編號', '身份證字號', '國民身分證統一編號', '身分證號'],
  身分證編碼: ['身分證編碼', '身份證編碼', 'edu_key'],
  姓名: ['姓名', '教師姓名', '中文姓名', '教職員姓名'],
  性別: ['性別', '姓別'],
  出生日期: ['出生日期', '生日', '出生年月日', '出生年月日(民國)'],
  職稱: ['職稱', '職務', '職稱名稱', '現職職稱'],
  職別: ['職別', '職務類別', '職別代碼'],
  任教科目: ['任教科目', '教學科目', '科目', '實際任教科目'],
  主聘: ['主聘', '是否主聘', '主要服務單位'],
  異動別: ['異動別', '異動類別', '異動原因'],
  異動日期: ['異動日期', '生效日期', '異動生效日'],
  登錄時間: ['登錄時間', '資料登錄時間', '登錄日期時間'],
  電子郵件: ['電子郵件', '電子信箱', 'E-mail', 'Email'],
  聯絡電話: ['聯絡電話', '電話', '手機號碼', '行動電話'],
  教師證字號: ['教師證字號', '教師證號', '教師證書字號'],
} as const;

export const ACCOUNT_ALIASES = {
  學校代碼: ROSTER_ALIASES.學校代碼,
  帳號: ['帳號', '業務帳號', '登入帳號'],
  帳號類別: ['帳號類別', '帳號種類', '權限類別'],
  身分證字號: ROSTER_ALIASES.身分證字號,
  身分證編碼: ROSTER_ALIASES.身分證編碼,
  姓名: ['姓名', '使用者姓名', '持有人'],
  狀態: ['狀態', '帳號狀態', '使用狀態'],
  啟用日期: ['啟用日期', '啟用日', '開通日期'],
  最後登入: ['最後登入', '最後登入時間', '最近登入'],
} as const;

/** Columns that some schools add and that mean nothing to the roster: to be ignored by name. */
export const EXTRA_COLUMNS = ['序號', '備註', '學校名稱'] as const;

export type RosterColumn = keyof typeof ROSTER_ALIASES;
export type AccountColumn = keyof typeof ACCOUNT_ALIASES;
export type ExtraColumn = (typeof EXTRA_COLUMNS)[number];
