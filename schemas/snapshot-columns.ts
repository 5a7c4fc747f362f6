/** Columns that the file of a plan may hold, by their headers and in the order of the file; which of them it holds is data of the campaign (R30). */
export const SNAPSHOT_COLUMNS = {
  'school-plan': [
    '學校代碼',
    '教育部代碼',
    '學制',
    '機構名稱',
    '公私立',
    '行政區',
    '教師人數',
    '總負責人帳號',
    '總負責人姓名',
  ],
  'teacher-plan': ['身分證編碼', '姓名', '學校代碼', '教育部代碼', '學制', '機構名稱', '職稱', '職別', '任教科目'],
} as const;

/** Without these a row cannot be told to be of an institution. */
export const KEY_COLUMNS = ['學校代碼', '學制'] as const;
